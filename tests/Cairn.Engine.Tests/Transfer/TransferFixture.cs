using System.Text;
using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Transfer;

namespace Cairn.Engine.Tests.Transfer;

/// <summary>A database to export from, an empty one to import into, and a folder for what goes between them.</summary>
internal sealed class TransferFixture : IDisposable
{
    public EngineFixture From { get; } = new();

    public EngineFixture Into { get; } = new();

    public static IReadOnlyList<string> OwnFormats { get; } = [ImportFormats.JsonLines, ImportFormats.Markdown];

    /// <summary>A path beside the databases.</summary>
    public string PathOf(string name) => Path.Combine(From.Folder, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string File(string name, params IEnumerable<string> lines)
    {
        System.IO.File.WriteAllText(PathOf(name), string.Join('\n', lines));
        return PathOf(name);
    }

    /// <summary>Exports all of a database, and returns where to.</summary>
    public string Export(string format, EngineFixture? cairn = null)
    {
        var path = PathOf($"export-{Guid.NewGuid():N}");
        var export = (cairn ?? From).Engine.Export;
        var result = format == ImportFormats.Markdown ? export.ToFolder(path, null) : export.ToFile(path, null, replace: false);
        Assert.Equal((format, path), (result.Format, result.Path));
        return path;
    }

    /// <summary>Imports into the second database.</summary>
    public ImportResult Import(string path, string? format = null, string? project = null, bool dryRun = false) =>
        Into.Engine.Import.Import(new ImportRequest { Path = path, Format = format, Project = project, DryRun = dryRun }, Into.Context);

    /// <summary>All lines of a database's export but the first, which holds the time.</summary>
    public static IReadOnlyList<string> Lines(EngineFixture cairn)
    {
        using var output = new MemoryStream();
        cairn.Engine.Export.ToStream(output, null);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n')[1..];
    }

    /// <summary>The counts of a result, which must add up.</summary>
    public static (long Imported, long Duplicates, long Skipped) Counts(ImportResult result)
    {
        Assert.Equal(result.Read, result.Imported + result.Duplicates + result.SkippedCount);
        return (result.Imported, result.Duplicates, result.SkippedCount);
    }

    /// <summary>An entry's line with some members changed; null takes one away.</summary>
    public static string Entry(params ReadOnlySpan<(string Name, object? Value)> changes)
    {
        var members = new Dictionary<string, object?>
        {
            ["kind"] = "entry", ["id"] = "06BQ1Z7K3M9XWVTD", ["project"] = "cairn", ["entry_type"] = "note", ["title"] = "A title", ["body"] = "A body",
            ["origin"] = "user", ["state"] = "active", ["created_at"] = "2026-01-02T03:04:05.678Z", ["recorded_at"] = "2026-01-02T03:04:05.678Z",
            ["changed_at"] = "2026-01-02T03:04:05.678Z",
        };
        foreach (var (name, value) in changes) members[name] = value;
        return JsonSerializer.Serialize(members);
    }

    /// <summary>Entries in every state, with all that can hang on one.</summary>
    public void Fill()
    {
        var session = From.Context with { SessionId = "session 1", Client = "codex", Commit = "0123abc" };
        var first = From.Save(new NewEntry { Text = "First", Tags = ["a", "b c", "\u65e5\u672c"], SourceRef = "src/a.cs", Type = "decision" }, session);
        var second = From.Save(new NewEntry { Text = "Second", Metadata = Json("""{"n": 1e400, "m": -0.0, "k": 12345678901234567890.5, "d": [[[{"x": [null, true]}]]], "k": 2}""") });
        var third = From.Save(new NewEntry { Text = "Third", Metadata = Json("{\n  \"lines\": [\r\n 1 ]\n}"), OccurredAt = DateTimeOffset.UnixEpoch.AddDays(-400) }, session);
        From.Save("A title\n\nA body \u0001 \u001b[31m \u202e bidi \ufeff \u2028 \ud83d\ude00 \u6f22\u5b57 ---\n---\nkey: value\r\n\ttab");
        var elsewhere = From.Save("Elsewhere", From.In("another/project") with { SessionId = "session 1" });
        From.Save("Elsewhere", From.Context);
        From.Update(new EntryChange { Id = first, Action = EntryAction.Revise, Text = "First, again", Reason = "because" });
        From.Update(second, EntryAction.Pin);
        From.Update(new EntryChange { Id = third, Action = EntryAction.Forget, Reason = "old \u2019quoted\u2018" });
        From.Update(third, EntryAction.Reinstate);
        From.Update(third, EntryAction.Pin);
        From.Update(third, EntryAction.Forget);
        From.Update(elsewhere, EntryAction.Forget);
        From.Save(new NewEntry { Text = "Elsewhere" }, From.In("another/project"));
        var newer = From.Save(new NewEntry { Text = "Newest", Supersedes = [second] });
        var older = From.Save("Saved late, but older than what it is superseded by");
        From.Update(new EntryChange { Id = older, Action = EntryAction.Supersede, SupersededBy = newer });
        From.Engine.Purges.Purge([From.Save("To be purged")], "held a name");
        From.Engine.Projects.Rename("another/project", "con");
        From.Sql("INSERT INTO project_aliases SELECT 'origin', 'github.com/owner/cairn', key, 5 FROM projects WHERE name = 'cairn'");
        From.Sql("INSERT INTO project_aliases SELECT 'root', '/home/u/cairn  two', key, 6 FROM projects WHERE name = 'cairn'");
        From.Sql("""
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, source_ref, content_hash, title, search_text, body)
            SELECT '0000000000' || printf('%06d', n.value), 1, 7, 8, 9, 'document', 'document', 'docs/a.md#' || n.value, x'00', 'Same', 'x', 'The same text'
            FROM json_each('[1,2,3]') n
            """);
    }

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public void Dispose()
    {
        From.Dispose();
        Into.Dispose();
    }
}
