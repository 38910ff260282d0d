using System.Text;
using System.Text.Json;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Entries;

/// <summary>
/// Replaces each span that looks like a secret by its rule's name, and keeps the rest: for what a program brings in
/// (documents, imports), and for saves where the user wants it so.
/// </summary>
/// <param name="find">What is to be replaced in a text, by position; where it stands under a name, that is given as well.</param>
/// <param name="ruleSet">What names the rules that it cleans by.</param>
internal sealed class Redaction(Func<string, string?, IReadOnlyList<Found>> find, string ruleSet)
{
    private readonly List<PolicyViolation> _violations = [];

    /// <summary>What has been replaced so far, with its place before.</summary>
    public IReadOnlyList<PolicyViolation> Violations => _violations;

    /// <summary>How many spans have been replaced so far.</summary>
    public int Count => _violations.Count;

    /// <summary>What names the rules that it cleans by.</summary>
    public string RuleSet => ruleSet;

    /// <summary>The entry with every field clean.</summary>
    public NewEntry Clean(NewEntry entry)
    {
        var text = Clean(entry.Text, "text");
        // A title that was made of the text's first line may end inside a secret, where no rule knows it any more.
        var title = text != entry.Text && entry.Title == EntryDraft.FirstLine(entry.Text) ? EntryDraft.FirstLine(text) : Clean(entry.Title, "title");
        return entry with
        {
            Text = text,
            Title = title,
            Type = Clean(entry.Type, "type"),
            SourceRef = Clean(entry.SourceRef, "source_ref"),
            Tags = [.. entry.Tags.Select((tag, i) => Clean(tag, $"tags[{i}]"))],
            Metadata = Clean(entry.Metadata),
        };
    }

    /// <summary>The change with every field clean.</summary>
    public EntryChange Clean(EntryChange change) => change with
    {
        Text = Clean(change.Text, "text"),
        Title = Clean(change.Title, "title"),
        Type = Clean(change.Type, "type"),
        SourceRef = Clean(change.SourceRef, "source_ref"),
        Tags = change.Tags?.Select((tag, i) => Clean(tag, $"tags[{i}]")).ToList(),
        Metadata = Clean(change.Metadata),
        Reason = Clean(change.Reason, "reason"),
    };

    /// <summary>The text with each finding replaced by [REDACTED:rule].</summary>
    /// <param name="text">The text, or null, which stays null.</param>
    /// <param name="field">What the text is called in <see cref="Violations"/>.</param>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public string? Clean(string? text, string field) => text is null ? null : Clean(new TextVariant(text), text, field, null);

    /// <summary>The text as <see cref="Clean(string?, string)"/> leaves it, and without private spans.</summary>
    /// <param name="sent">The text as it comes in: places are told in this.</param>
    /// <param name="field">What the text is called in <see cref="Violations"/>.</param>
    public string CleanSent(string sent, string field) => Clean(PrivateSpans.Without(sent), sent, field, null);

    private string Clean(TextVariant kept, string sent, string field, string? name)
    {
        var text = kept.Text;
        if (find(text, name) is not { Count: > 0 } found) return text;
        _violations.AddRange(Found.Violations([.. found.Select(one => one.In(kept))], field, sent));
        var clean = new StringBuilder(text.Length);
        var end = 0;
        foreach (var (finding, _) in found)
        {
            clean.Append(text, end, finding.Start - end).Append("[REDACTED:").Append(finding.RuleId).Append(']');
            end = finding.End;
        }
        return clean.Append(text, end, text.Length - end).ToString();
    }

    private JsonElement? Clean(JsonElement? value)
    {
        if (value is not { } metadata) return null;
        var before = Count;
        var fields = EntryDraft.Strings(metadata, "metadata").GetEnumerator();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, metadata, fields);
        return Count == before ? value : JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    // Keys and texts come from the same walk as the policy's, in the same order, each with its path.
    private void Write(Utf8JsonWriter writer, JsonElement value, IEnumerator<MetadataText> fields)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(CleanNext(fields));
                    Write(writer, property.Value, fields);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, fields);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(CleanNext(fields));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private string CleanNext(IEnumerator<MetadataText> fields)
    {
        fields.MoveNext();
        var (path, text, name) = fields.Current;
        return Clean(new TextVariant(text), text, path, name);
    }
}
