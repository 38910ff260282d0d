using System.Text;
using System.Text.Json;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// The block between two lines of "---" at the head of a Markdown file. Cairn writes each value as JSON, which is YAML as
/// well. Of other people's YAML it reads what notes use: plain and quoted texts, numbers, and lists of them in either
/// style; what is nested deeper stays a text.
/// </summary>
internal static class FrontMatter
{
    private const string Fence = "---";

    /// <summary>A file's text with its front matter: the members of a JSON object, one a line, and the body as it is.</summary>
    public static byte[] Write(byte[] members, string body)
    {
        using var document = JsonDocument.Parse(members, new JsonDocumentOptions { MaxDepth = 128 });
        var text = new StringBuilder(Fence).Append('\n');
        foreach (var member in document.RootElement.EnumerateObject()) text.Append(member.Name).Append(": ").Append(member.Value.GetRawText()).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append(Fence).Append("\n\n").Append(body).Append('\n').ToString());
    }

    /// <summary>The front matter as a JSON object's text, or null when there is none; and what comes after it.</summary>
    public static (string? Json, string Body) Split(string text)
    {
        var lines = new Lines(text);
        if (lines.Next() is not { } first || first.TrimEnd() != Fence) return (null, text);
        var block = new List<string>();
        while (lines.Next() is { } line)
        {
            if (line.TrimEnd() is Fence or "...") return (Json(block), text[lines.Position..]);
            block.Add(line);
        }
        return (null, text); // a line across the page, not a front matter
    }

    private static string Json(List<string> lines)
    {
        var members = new List<string>();
        for (var i = 0; i < lines.Count;)
        {
            var line = lines[i++];
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[0] is ' ' or '\t' or '#' or '-' || (colon + 1 < line.Length && line[colon + 1] is not (' ' or '\t'))) continue;
            var below = i;
            while (i < lines.Count && (lines[i].Length == 0 || lines[i][0] is ' ' or '\t' or '-')) i++;
            members.Add($"{Quote(line[..colon].Trim().Trim('"', '\''))}:{Value(line[(colon + 1)..].Trim(), lines[below..i])}");
        }
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Value(string value, List<string> below)
    {
        if (value.Length == 0 || value is "|" or ">" or "|-" or ">-" or "|+" or ">+") return Below(value, below);
        if (IsJson(value)) return value;
        if (value is ['[', .., ']']) return List(value[1..^1].Split(',').Select(static item => item.Trim()).Where(static item => item.Length > 0));
        return Quote(Plain(value));
    }

    private static string Below(string value, List<string> below)
    {
        var items = below.Select(static line => line.Trim()).Where(static line => line.Length > 0).ToList();
        if (items.Count == 0) return "null";
        return value.Length == 0 && items.TrueForAll(static item => item is "-" || item.StartsWith("- ", StringComparison.Ordinal))
            ? List(items.Select(static item => item[1..].Trim()))
            : Quote(string.Join('\n', items));
    }

    private static string List(IEnumerable<string> items) => $"[{string.Join(',', items.Select(static item => Quote(Plain(item))))}]";

    private static string Plain(string value)
    {
        if (value is ['\'', .., '\''] && value.Length > 1) return value[1..^1].Replace("''", "'", StringComparison.Ordinal);
        if (value is not ['"', ..] || !IsJson(value)) return value;
        using var document = JsonDocument.Parse(value);
        return document.RootElement.GetString()!;
    }

    private static bool IsJson(string value)
    {
        if (value[0] is not ('"' or '{' or '[' or '-' or (>= '0' and <= '9') or 't' or 'f' or 'n')) return false;
        try
        {
            using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = 128 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>The lines of a text, and where the next one begins.</summary>
    private sealed class Lines(string text)
    {
        public int Position { get; private set; }

        public string? Next()
        {
            if (Position >= text.Length) return null;
            var end = text.IndexOf('\n', Position);
            var line = end < 0 ? text[Position..] : text[Position..end];
            Position = end < 0 ? text.Length : end + 1;
            return line.TrimEnd('\r');
        }
    }
}
