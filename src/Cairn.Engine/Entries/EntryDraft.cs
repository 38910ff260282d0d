using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>A new entry after the rules: trimmed, within its limits, with its title, hash and searchable text. Pure.</summary>
internal sealed record EntryDraft(
    string Title, string Body, string EntryType, string? SourceRef, IReadOnlyList<string> Tags, string? Metadata)
{
    /// <summary>The longest body, in bytes of UTF-8.</summary>
    public const int MaxBodyBytes = 256 * 1024;

    /// <summary>The longest metadata, in bytes of UTF-8.</summary>
    public const int MaxMetadataBytes = 16 * 1024;

    /// <summary>The longest title, in UTF-16 characters.</summary>
    public const int MaxTitle = 300;

    /// <summary>The longest type or source, in UTF-16 characters.</summary>
    public const int MaxName = 200;

    /// <summary>How many tags there may be.</summary>
    public const int MaxTags = 50;

    /// <summary>The longest tag, in UTF-16 characters.</summary>
    public const int MaxTag = 64;

    // Readers of JSON stop at 64 levels, and an answer sets some of its own around the metadata.
    private const int MaxMetadataDepth = 32;
    private const int MaxDerivedTitle = 120;

    /// <summary>The tags as they are stored.</summary>
    public string? TagsJson => Tags.Count == 0 ? null : JsonStrings.Write(Tags);

    /// <summary>SHA-256 of type, title and body: what makes two entries of a project one.</summary>
    public byte[] ContentHash => SHA256.HashData(Encoding.UTF8.GetBytes($"{EntryType}\0{Title}\0{Body}"));

    /// <summary>Applies the rules, or refuses with the field and the reason.</summary>
    public static EntryDraft From(NewEntry entry)
    {
        var body = TextRules.Body("text", entry.Text, MaxBodyBytes);
        return new EntryDraft(
            entry.Title is { } title ? TextRules.Line("title", title, MaxTitle) : FirstLine(body),
            body,
            entry.Type is { } type ? TextRules.Line("type", type, MaxName) : Entries.EntryType.Default,
            entry.SourceRef is { } source ? WithoutDot(TextRules.Line("source_ref", source, MaxName)) : null,
            CheckTags(entry.Tags),
            entry.Metadata is { } metadata ? CheckMetadata(metadata) : null);
    }

    /// <summary>What is searched beside title and body.</summary>
    public string SearchText(DateTimeOffset occurredAt) => Engine.SearchText.Of(EntryType, Tags, SourceRef, occurredAt, Metadata, Title, Body);

    /// <summary>The title of a text that has none of its own: its first line, cut to a fair length.</summary>
    public static string FirstLine(string body)
    {
        foreach (var candidate in body.Split('\n'))
        {
            // A space, not nothing: what a control character keeps apart must not become one word behind the policy's back.
            var printable = string.Concat(candidate.Select(static c => char.IsControl(c) ? ' ' : c));
            var line = string.Join(' ', printable.TrimStart('#').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (line.Length > 0) return Shorten(line);
        }
        return "(untitled)";
    }

    private static string Shorten(string line)
    {
        if (line.Length <= MaxDerivedTitle) return line;
        var end = line.LastIndexOf(' ', MaxDerivedTitle - 1);
        if (end < MaxDerivedTitle / 2) end = MaxDerivedTitle - 1;
        if (char.IsHighSurrogate(line[end - 1])) end--;
        return $"{line[..end]}…";
    }

    // ./src/a.cs and src/a.cs are one file.
    private static string WithoutDot(string source) => source.StartsWith("./", StringComparison.Ordinal) && source.Length > 2 ? source[2..] : source;

    private static List<string> CheckTags(IReadOnlyList<string> tags)
    {
        if (tags.Count > MaxTags) throw TextRules.TooLong("tags", "tags", MaxTags, tags.Count);
        return [.. tags.Select((tag, i) => TextRules.Line($"tags[{i}]", tag, MaxTag)).Distinct(StringComparer.Ordinal)];
    }

    private static string? CheckMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object) throw EngineException.Invalid("metadata", "is not a JSON object");
        foreach (var (path, text, _) in Strings(metadata, "metadata")) TextRules.RequireStorable(path, text);
        var json = metadata.GetRawText();
        var size = Encoding.UTF8.GetByteCount(json);
        if (size > MaxMetadataBytes) throw TextRules.TooLong("metadata", "bytes", MaxMetadataBytes, size);
        var depth = Depth(metadata);
        if (depth > MaxMetadataDepth) throw TextRules.TooLong("metadata", "levels", MaxMetadataDepth, depth);
        return metadata.EnumerateObject().Any() ? json : null;
    }

    private static int Depth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(static member => Depth(member.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };

    /// <summary>Every key and every text of a JSON value, each with its path.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">What the value itself is called.</param>
    /// <param name="name">The name of the member that it is, or is an item of; null when it is of none.</param>
    public static IEnumerable<MetadataText> Strings(JsonElement value, string path, string? name = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                yield return new MetadataText(path, Decode(value, path), name);
                break;
            case JsonValueKind.Object:
                var index = 0;
                foreach (var property in value.EnumerateObject())
                {
                    var key = Key(property, path);
                    yield return new MetadataText($"{path} (key {++index})", key, null);
                    var member = IsPlainWord(key) ? $"{path}.{key}" : $"{path}[{index}]";
                    foreach (var inner in Strings(property.Value, member, key)) yield return inner;
                }
                break;
            case JsonValueKind.Array:
                var item = 0;
                foreach (var element in value.EnumerateArray())
                    foreach (var inner in Strings(element, $"{path}[{item++}]", name)) yield return inner;
                break;
        }
    }

    // A path is shown to the caller and kept in logs, so it names a key only when that cannot be a secret itself.
    private static bool IsPlainWord(string key) => key.Length is > 0 and <= 32 && key.All(c => c is (>= 'a' and <= 'z') or '_');

    // JSON can spell a lone surrogate ("\ud800") that no string of UTF-8 can hold: reading it throws.
    private static string Decode(JsonElement value, string path)
    {
        try { return value.GetString()!; }
        catch (InvalidOperationException) { throw EngineException.Invalid(path, "holds half a surrogate pair"); }
    }

    private static string Key(JsonProperty property, string path)
    {
        try { return property.Name; }
        catch (InvalidOperationException) { throw EngineException.Invalid(path, "holds half a surrogate pair in a key"); }
    }
}

/// <summary>A key or a text of metadata.</summary>
/// <param name="Path">What it is called: never with a key that may be a secret itself.</param>
/// <param name="Text">The key or the text.</param>
/// <param name="Name">The name that a text stands under, which may tell what it is; null for a key.</param>
internal readonly record struct MetadataText(string Path, string Text, string? Name);
