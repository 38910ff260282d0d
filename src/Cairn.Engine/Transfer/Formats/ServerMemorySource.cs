namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// The JSON Lines file of @modelcontextprotocol/server-memory: entities with observations, and relations. An observation
/// is one fact there, and becomes one entry under the entity's name; so does a relation. That graph has no times: the
/// file's is taken, and the ids follow from the texts alone, so that a graph that has grown can be imported again.
/// </summary>
internal sealed class ServerMemorySource(string path) : IImportSource
{
    public string Format => ImportFormats.ServerMemory;

    public IEnumerable<ImportItem> Read()
    {
        var written = SourceFile.Try(path, () => new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
        foreach (var (where, fields, problem) in JsonLinesSource.Lines(path))
        {
            if (fields is not { } line) yield return problem!;
            else
                foreach (var item in Items(line, where, written)) yield return item;
        }
    }

    private static List<ImportItem> Items(JsonFields line, string where, DateTimeOffset written)
    {
        try
        {
            return line.Text("type") switch
            {
                "entity" => Entity(line, where, written),
                "relation" => [Relation(line, where, written)],
                _ => [new ImportItem.Unreadable(where, "type: is neither entity nor relation")],
            };
        }
        catch (EngineException error)
        {
            return [new ImportItem.Unreadable(where, error.Message)];
        }
    }

    private static List<ImportItem> Entity(JsonFields line, string where, DateTimeOffset written)
    {
        var (name, type) = (line.RequireText("name"), line.Text("entityType"));
        var observations = line.Texts("observations");
        if (observations.Count == 0) observations.Add(name);
        return [.. observations.Select(observation => new ForeignEntry
        {
            System = ImportFormats.ServerMemory,
            Id = $"entity {name}: {Hash(observation)}",
            Title = name,
            Body = observation,
            Type = type,
            Latest = written,
        }.ToItem(where))];
    }

    private static ImportItem Relation(JsonFields line, string where, DateTimeOffset written)
    {
        var (from, to, type) = (line.RequireText("from"), line.RequireText("to"), line.RequireText("relationType"));
        return new ForeignEntry
        {
            System = ImportFormats.ServerMemory,
            Id = $"relation {from} {type} {to}",
            Title = $"{from} {type} {to}",
            Body = $"{from} {type} {to}",
            Type = "relation",
            Latest = written,
        }.ToItem(where);
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
