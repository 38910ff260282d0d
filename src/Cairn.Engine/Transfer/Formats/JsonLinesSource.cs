using System.Text.Json;
using System.Text.Unicode;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>A JSON Lines file of Cairn's own. A line that cannot be read is said and passed over; lines alone, without the header, are read too.</summary>
internal sealed class JsonLinesSource(string path) : IImportSource
{
    public string Format => ImportFormats.JsonLines;

    public IEnumerable<ImportItem> Read() => Lines(path).Select(static line => line.Fields is { } fields ? Item(fields, line.Where) : line.Problem!).OfType<ImportItem>();

    /// <summary>The JSON objects of a file, each with its line's number; what is none, with the reason.</summary>
    /// <exception cref="EngineException">The first line is no JSON object: the file is something else.</exception>
    public static IEnumerable<(string Where, JsonFields? Fields, ImportItem.Unreadable? Problem)> Lines(string path)
    {
        using var stream = SourceFile.Open(path);
        var reader = new LineReader(stream);
        var any = false;
        while (SourceFile.Try(path, reader.Next) is { } line)
        {
            if (!line.TooLong && line.Text.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            var where = $"line {line.Number}";
            var problem = line.TooLong ? $"is longer than {LineReader.MaxLength} bytes" : Utf8.IsValid(line.Text.Span) ? null : "is not UTF-8 text";
            JsonFields? fields = null;
            JsonDocument? document = null;
            try
            {
                if (problem is null)
                {
                    document = JsonFields.Parse(line.Text, where);
                    fields = new JsonFields(document.RootElement);
                }
            }
            catch (EngineException error)
            {
                problem = (string)error.Details["reason"];
            }
            if (!any && problem is not null) throw EngineException.Invalid(path, $"is not JSON Lines: {where} {problem}");
            any = true;
            yield return (where, fields, problem is null ? null : new ImportItem.Unreadable(where, problem));
            document?.Dispose();
        }
    }

    private static ImportItem? Item(JsonFields fields, string where)
    {
        if (CairnFormat.IsHeader(fields)) return null;
        try
        {
            return CairnFormat.Read(fields, where);
        }
        catch (EngineException error)
        {
            return new ImportItem.Unreadable(where, error.Message);
        }
    }
}
