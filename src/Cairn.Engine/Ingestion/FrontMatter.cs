using System.Text;
using System.Text.Json;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// What stands between the lines --- at a Markdown file's head, as JSON: its top-level keys, each with a text or a list of
/// texts. It reads the plain part of YAML that front matter is written in, and keeps what is nested as the text that it is. Pure.
/// </summary>
internal static class FrontMatter
{
    private const int MaxBytes = 12 * 1024;

    /// <summary>The JSON object; null when there is nothing, or more than an entry's metadata can hold.</summary>
    public static JsonElement? Read(string yaml)
    {
        if (Encoding.UTF8.GetByteCount(yaml) > MaxBytes) return null;
        var lines = yaml.ReplaceLineEndings("\n").Split('\n');
        var keys = new HashSet<string>(StringComparer.Ordinal);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            for (var i = 0; i < lines.Length;)
            {
                var (key, value) = Split(lines[i++]);
                var nested = new List<string>();
                while (i < lines.Length && (lines[i].Length == 0 || lines[i][0] is ' ' or '\t' or '-')) nested.Add(lines[i++]);
                if (key is not null && keys.Add(key)) Write(writer, key, value, nested);
            }
            writer.WriteEndObject();
        }
        return keys.Count == 0 ? null : JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static (string? Key, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || line[0] is '#' or ' ' or '\t' or '-' || (colon + 1 < line.Length && line[colon + 1] is not (' ' or '\t'))) return (null, "");
        return (Scalar(line[..colon]), line[(colon + 1)..].Trim());
    }

    private static void Write(Utf8JsonWriter writer, string key, string value, List<string> nested)
    {
        var items = nested.Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#').ToList();
        if (value is ['[', .., ']']) List(writer, key, value[1..^1].Split(','));
        else if (value.Length == 0 && items.Count > 0 && items.TrueForAll(static item => item.StartsWith("- ", StringComparison.Ordinal))) List(writer, key, items.Select(static item => item[2..]));
        else if (nested.Count > 0 && items.Count > 0) writer.WriteString(key, string.Join('\n', value is "" or "|" or ">" or "|-" or ">-" ? items : [value, .. items]));
        else writer.WriteString(key, Scalar(value));
    }

    private static void List(Utf8JsonWriter writer, string key, IEnumerable<string> items)
    {
        writer.WriteStartArray(key);
        foreach (var item in items.Select(Scalar).Where(static item => item.Length > 0)) writer.WriteStringValue(item);
        writer.WriteEndArray();
    }

    private static string Scalar(string text)
    {
        var value = text.Trim();
        if (value is ['"', .., '"'] or ['\'', .., '\''] && value.Length >= 2) return value[1..^1];
        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment >= 0 ? value[..comment].TrimEnd() : value;
    }
}
