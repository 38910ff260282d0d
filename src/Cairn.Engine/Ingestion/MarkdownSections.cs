using System.Text;
using System.Text.Json;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// The sections of a Markdown text: what stands under each heading, up to the next one. Pure. Markdig finds the blocks; it
/// takes quadratic time for some texts (many link definitions, deep nesting), so a long file is handed to it in pieces, and
/// inline text is parsed in headings alone.
/// </summary>
internal sealed class MarkdownSections
{
    private const int PieceLength = 32 * 1024;
    private const int MaxHeading = 1000;

    private static readonly MarkdownPipeline Blocks = BlocksOnly(new MarkdownPipelineBuilder());
    private static readonly MarkdownPipeline BlocksWithFrontMatter = BlocksOnly(new MarkdownPipelineBuilder().UseYamlFrontMatter());
    private static readonly MarkdownPipeline Whole = new MarkdownPipelineBuilder().Build();

    private readonly string _path;
    private readonly string _text;
    private readonly Anchors _anchors;
    private readonly List<Section> _sections = [];
    private readonly List<(int Level, string Text)> _headings = [];
    private string? _anchor;
    private int _start;
    private JsonElement? _frontMatter;

    private MarkdownSections(string path, string text, Anchors anchors) => (_path, _text, _anchors) = (path, text, anchors);

    /// <summary>
    /// The sections in order; what stands before the first heading is one without an anchor. A heading with nothing under
    /// it is its own text, unless others are below it: then it lives on in their titles.
    /// </summary>
    public static IReadOnlyList<Section> Of(string path, string text, Anchors anchors)
    {
        var reader = new MarkdownSections(path, text, anchors);
        foreach (var (start, length) in Pieces(text)) reader.Read(start, length);
        reader.End(text.Length, nextLevel: 0);
        return reader._sections;
    }

    private void Read(int start, int length)
    {
        var piece = _text.Substring(start, length);
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(piece, start == 0 ? BlocksWithFrontMatter : Blocks);
        }
        catch (ArgumentException)
        {
            return; // Markdig's answer to thousands of nested quotes: such a piece has no headings.
        }
        if (document is [YamlFrontMatterBlock front, ..] && FrontMatter.Read(front.Lines.ToString()) is { } values)
        {
            _frontMatter = values;
            _start = front.Span.End + 1;
        }
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            var words = PlainText(heading);
            var anchor = _anchors.Next(words);
            if (heading.Parent is MarkdownDocument) Begin(heading, start, words, anchor);
        }
    }

    private void Begin(HeadingBlock heading, int pieceStart, string words, string anchor)
    {
        End(pieceStart + heading.Span.Start, heading.Level);
        _headings.RemoveAll(outer => outer.Level >= heading.Level);
        _headings.Add((heading.Level, words.Length == 0 ? "(untitled)" : words));
        _anchor = anchor;
        _start = Math.Min(_text.Length, pieceStart + heading.Span.End + 1);
    }

    private void End(int end, int nextLevel)
    {
        var text = _text[_start..Math.Max(_start, end)];
        if (_headings.Count > 0 && string.IsNullOrWhiteSpace(text) && nextLevel <= _headings[^1].Level) text = _headings[^1].Text;
        _sections.Add(new Section(Title(), _anchor, text, _frontMatter));
    }

    // The title of the front matter takes the place of a first-level heading where there is none.
    private string Title()
    {
        var named = _frontMatter is { } front && front.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String && title.GetString() is { Length: > 0 } text ? text : null;
        var headings = _headings.Select(static heading => heading.Text);
        if (_headings.Count == 0) return named ?? _path;
        return string.Join(" > ", named is null || _headings[0].Level == 1 ? headings : headings.Prepend(named));
    }

    private static string PlainText(HeadingBlock heading)
    {
        var source = new StringBuilder();
        foreach (var inline in heading.Inline ?? []) source.Append(inline);
        var line = string.Join(' ', source.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length > MaxHeading) return line;
        var text = new StringBuilder();
        if (Markdown.Parse($"# {line}", Whole) is [HeadingBlock { Inline: { } inlines }]) Append(text, inlines);
        return text.ToString().Trim();
    }

    private static void Append(StringBuilder text, ContainerInline container)
    {
        foreach (var inline in container)
        {
            _ = inline switch
            {
                LiteralInline literal => text.Append(literal.Content.AsSpan()),
                CodeInline code => text.Append(code.Content),
                HtmlEntityInline entity => text.Append(entity.Transcoded.AsSpan()),
                AutolinkInline link => text.Append(link.Url),
                _ => text,
            };
            if (inline is ContainerInline inner) Append(text, inner);
        }
    }

    // Cut before a heading that follows a blank line outside a fence, else at a blank line, else at a line's end.
    private static IEnumerable<(int Start, int Length)> Pieces(string text)
    {
        var start = 0;
        var (heading, blank, line) = (0, 0, 0);
        var fenced = false;
        var afterBlank = false;
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var found ? found + 1 : text.Length;
            var content = text.AsSpan(at, end - at);
            if (content.TrimStart(' ') is var trimmed && (trimmed.StartsWith("```") || trimmed.StartsWith("~~~"))) fenced = !fenced;
            if (at > start)
            {
                line = at;
                if (afterBlank) blank = at;
                if (afterBlank && !fenced && content[0] == '#') heading = at;
            }
            afterBlank = content.IsWhiteSpace();
            at = end;
            if (end - start <= PieceLength) continue;
            var cut = heading > start ? heading : blank > start ? blank : line > start ? line : end;
            yield return (start, cut - start);
            start = cut;
            if (at > cut) (at, fenced, afterBlank) = (cut, fenced && cut != heading, false);
        }
        if (start < text.Length || text.Length == 0) yield return (start, text.Length - start);
    }

    private static MarkdownPipeline BlocksOnly(MarkdownPipelineBuilder builder)
    {
        builder.InlineParsers.Clear();
        return builder.Build();
    }
}
