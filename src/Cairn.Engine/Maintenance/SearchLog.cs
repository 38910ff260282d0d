using System.Text.Json;

namespace Cairn.Engine.Maintenance;

/// <summary>A search as the event log has it: how many words, by which fields it was narrowed, what it found. No word of it.</summary>
internal sealed record LoggedSearch(DateTimeOffset Time, int Terms, string Filters, double Milliseconds, int Hits);

/// <summary>
/// The searches in the event log: lines of JSON in logs/*.jsonl beside the database. A line that is none, or of another
/// event or database, is passed over.
/// </summary>
internal sealed class SearchLog(string database)
{
    /// <summary>The log's folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetDirectoryName(database)!, "logs");

    /// <summary>The searches since a time, in the order of the files.</summary>
    public IEnumerable<LoggedSearch> Since(DateTimeOffset since)
    {
        if (!Directory.Exists(Folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            // Others append to it meanwhile.
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (reader.ReadLine() is { } line)
                if (Read(line) is { } search && search.Time >= since) yield return search;
        }
    }

    private LoggedSearch? Read(string line)
    {
        if (!line.Contains("\"search\"", StringComparison.Ordinal)) return null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "tool") != "search" || (Text(root, "database") is { } name && name != Path.GetFileName(database))) return null;
            if (!DateTimeOffset.TryParse(Text(root, "time"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)) return null;
            if (Number(root, "terms") is not { } terms || Number(root, "milliseconds") is not { } milliseconds || Number(root, "hits") is not { } hits) return null;
            var filters = root.TryGetProperty("filters", out var list) && list.ValueKind == JsonValueKind.Array
                ? string.Join(", ", list.EnumerateArray().Where(static filter => filter.ValueKind == JsonValueKind.String).Select(static filter => filter.GetString()))
                : "";
            return new LoggedSearch(time, (int)terms, filters, milliseconds, (int)hits);
        }
        catch (JsonException)
        {
            return null; // half a line that a full disk left
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
