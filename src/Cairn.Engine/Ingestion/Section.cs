using System.Globalization;
using System.Text.Json;

namespace Cairn.Engine.Ingestion;

/// <summary>A part of a document that becomes one entry.</summary>
/// <param name="Title">Its headings from the outermost on, or the file's path.</param>
/// <param name="Anchor">What leads to it within the file; null for the file's beginning.</param>
/// <param name="Text">Its text, without its heading.</param>
/// <param name="Metadata">The file's front matter.</param>
internal sealed record Section(string Title, string? Anchor, string Text, JsonElement? Metadata = null)
{
    /// <summary>
    /// The longest text of one entry, in bytes of UTF-8. It leaves room for redactions, which can be longer than what
    /// they replace.
    /// </summary>
    public const int MaxBytes = 240 * 1024;

    /// <summary>The sections of a file's text, in order.</summary>
    public static IEnumerable<Section> Of(string path, string text)
    {
        var anchors = new Anchors(Entries.EntryDraft.MaxName - DocumentNames.SourceRef(path, "").Length);
        var sections = DocumentNames.IsMarkdown(path) ? MarkdownSections.Of(path, text, anchors) : [new Section(path, null, text)];
        return sections.Where(static section => !string.IsNullOrWhiteSpace(section.Text)).SelectMany(section => section.Parts(anchors));
    }

    private IEnumerable<Section> Parts(Anchors anchors)
    {
        var number = 0;
        foreach (var part in TextChunks.Cut(Text, MaxBytes))
        {
            number++;
            if (string.IsNullOrWhiteSpace(part)) continue;
            if (number == 1)
            {
                yield return this with { Text = part };
                continue;
            }
            var chunk = string.Create(CultureInfo.InvariantCulture, $"chunk-{number}");
            yield return this with
            {
                Text = part,
                Title = string.Create(CultureInfo.InvariantCulture, $"{Title} (part {number})"),
                Anchor = anchors.Unique(Anchor is null ? chunk : $"{Anchor}-{chunk}"),
            };
        }
    }
}
