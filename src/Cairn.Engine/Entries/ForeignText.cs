using System.Text;
using System.Text.Json;

namespace Cairn.Engine.Entries;

/// <summary>
/// Makes another system's fields fit ours: its titles may be longer, its lines may hold control characters. What is
/// lost is noted. The body is never cut. Pure; for use after the redaction, since half a secret is not found any more.
/// </summary>
internal static class ForeignText
{
    /// <summary>The entry with every line within its limit.</summary>
    public static NewEntry Fit(NewEntry entry, List<string> notes) => entry with
    {
        Title = Line(entry.Title, EntryDraft.MaxTitle, "title", notes),
        Type = Line(entry.Type, EntryDraft.MaxName, "type", notes),
        SourceRef = Line(entry.SourceRef, EntryDraft.MaxName, "source_ref", notes),
        Tags = Tags(entry.Tags, notes),
        Metadata = entry.Metadata is { } metadata ? Metadata(metadata, notes) : null,
    };

    /// <summary>One line of at most <paramref name="maxLength"/> characters, without control characters; null when nothing is left.</summary>
    public static string? Line(string? text, int maxLength, string field, List<string> notes)
    {
        if (text is null) return null;
        var printable = new StringBuilder(text.Length);
        foreach (var c in text) printable.Append(char.IsControl(c) ? ' ' : c);
        var line = string.Join(' ', printable.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length == 0) return null;
        if (line.Length <= maxLength) return line;
        notes.Add($"{field} shortened from {line.Length} to {maxLength} characters");
        var end = maxLength - 1;
        if (char.IsHighSurrogate(line[end - 1])) end--;
        return $"{line[..end].TrimEnd()}…";
    }

    private static List<string> Tags(IReadOnlyList<string> tags, List<string> notes)
    {
        var lines = tags.Select(tag => Line(tag, EntryDraft.MaxTag, "tag", notes)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (lines.Count <= EntryDraft.MaxTags) return lines;
        notes.Add($"{lines.Count - EntryDraft.MaxTags} tags beyond the {EntryDraft.MaxTags}th left out");
        return lines[..EntryDraft.MaxTags];
    }

    /// <summary>Members are taken while they fit; a source puts what matters most first.</summary>
    private static JsonElement Metadata(JsonElement metadata, List<string> notes)
    {
        if (Encoding.UTF8.GetByteCount(metadata.GetRawText()) <= EntryDraft.MaxMetadataBytes) return metadata;
        var members = new StringBuilder("{");
        var size = 2;
        var dropped = 0;
        foreach (var property in metadata.EnumerateObject())
        {
            var member = $"{(members.Length > 1 ? "," : "")}\"{JsonEncodedText.Encode(property.Name)}\":{property.Value.GetRawText()}";
            var bytes = Encoding.UTF8.GetByteCount(member);
            if (size + bytes > EntryDraft.MaxMetadataBytes)
            {
                dropped++;
                continue;
            }
            members.Append(member);
            size += bytes;
        }
        notes.Add($"{dropped} members of metadata left out: it had more than {EntryDraft.MaxMetadataBytes} bytes");
        return JsonElement.Parse(members.Append('}').ToString());
    }
}
