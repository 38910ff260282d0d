using System.Text;
using System.Text.Json;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Entries;

/// <summary>
/// For what is brought in by a program rather than saved by hand (documents, imports): a span that looks like a secret is
/// replaced by its rule's name, and the rest is kept. Pure.
/// </summary>
internal sealed class Redaction(SecretScanner scanner)
{
    /// <summary>How many spans have been replaced so far.</summary>
    public int Count { get; private set; }

    /// <summary>The entry with every field clean.</summary>
    public NewEntry Clean(NewEntry entry) => entry with
    {
        Text = Clean(entry.Text),
        Title = entry.Title is { } title ? Clean(title) : null,
        Type = entry.Type is { } type ? Clean(type) : null,
        SourceRef = entry.SourceRef is { } source ? Clean(source) : null,
        Tags = [.. entry.Tags.Select(Clean)],
        Metadata = entry.Metadata is { } metadata ? Clean(metadata) : null,
    };

    /// <summary>The text with each finding replaced by [REDACTED:rule].</summary>
    public string Clean(string text)
    {
        var findings = scanner.Scan(text);
        if (findings.Count == 0) return text;
        var clean = new StringBuilder(text.Length);
        var end = 0;
        foreach (var finding in findings)
        {
            clean.Append(text, end, finding.Start - end).Append("[REDACTED:").Append(finding.RuleId).Append(']');
            end = finding.Start + finding.Length;
            Count++;
        }
        return clean.Append(text, end, text.Length - end).ToString();
    }

    private JsonElement Clean(JsonElement value)
    {
        var before = Count;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, value);
        return Count == before ? value : JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(Clean(property.Name));
                    Write(writer, property.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Clean(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
