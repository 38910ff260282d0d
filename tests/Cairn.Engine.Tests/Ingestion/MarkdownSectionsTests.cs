using System.Globalization;
using System.Text;
using Cairn.Engine.Ingestion;

namespace Cairn.Engine.Tests.Ingestion;

public sealed class MarkdownSectionsTests
{
    [Fact]
    public void Of_Headings_AreSectionsWithTheirPath()
    {
        var sections = Read("""
            Before all.

            # A

            Text of A.

            ## B `code` [link](x.md) *c*

            Text of B.

            # Last

            Text.
            """);

        Assert.Equal(
            [("docs/x.md", null, "Before all."), ("A", "a", "Text of A."), ("A > B code link c", "b-code-link-c", "Text of B."), ("Last", "last", "Text.")],
            sections.Select(section => (section.Title, section.Anchor, section.Text.Trim())));
    }

    [Fact]
    public void Of_UnderlinedHeading_IsOne()
    {
        var section = Assert.Single(Read("Two\nlines\n===\n\nText"));

        Assert.Equal(("Two lines", "two-lines", "Text"), (section.Title, section.Anchor, section.Text.Trim()));
    }

    [Fact]
    public void Of_HashesInCodeQuotesAndLists_AreNoSections()
    {
        var section = Assert.Single(Read("# A\n\n```sh\n# comment\n```\n\n    # indented\n\n> # quoted\n\n- # listed\n\n- item\n---\n\n<!--\n# hidden\n-->\n"));

        Assert.Equal("A", section.Title);
    }

    [Fact]
    public void Of_QuotedHeading_TakesItsAnchorAsOnGitHub() =>
        Assert.Equal(["a-1"], Read("> # A\n\n# A\n\nText").Where(section => section.Anchor is not null).Select(section => section.Anchor));

    [Fact]
    public void Of_HeadingWithNothingBelow_IsItsOwnText()
    {
        var sections = Read("# A\n\n## B\n\n## C\n\n### D\n");

        Assert.Equal([("A > B", "B"), ("A > C > D", "D")], sections.Select(section => (section.Title, section.Text)));
    }

    [Fact]
    public void Of_FrontMatter_IsMetadataAndTitle()
    {
        var sections = Read("---\ntitle: \"The title\"\ntags: [a, b]\nowners:\n  - x\n  - 'y'\ndate: 2026-01-02 # when\n---\n\nBefore.\n\n## B\n\nText\n");

        Assert.Equal(["The title", "The title > B"], sections.Select(section => section.Title));
        Assert.Equal("Before.", sections[0].Text.Trim());
        Assert.All(sections, section => Assert.Equal("""{"title":"The title","tags":["a","b"],"owners":["x","y"],"date":"2026-01-02"}""", section.Metadata?.GetRawText()));
    }

    [Fact]
    public void Of_FrontMatterTooLongForMetadata_StaysText()
    {
        var section = Assert.Single(Read($"---\nkey: {new string('x', 20_000)}\n---\n"));

        Assert.Null(section.Metadata);
        Assert.Contains("key: xxx", section.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LongFile_IsReadInPiecesWithTheSameSections()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++) text.Append(CultureInfo.InvariantCulture, $"# Part {i}\n\n```\n# no heading {i}\n\n# nor this\n```\n\n## Below\n\n{new string('w', 100)}\n\n");

        var sections = Read(text.ToString());

        Assert.Equal(6000, sections.Count);
        Assert.Equal("Part 2999 > Below", sections[^1].Title);
        Assert.Equal("below-2999", sections[^1].Anchor);
        Assert.All(sections.Where((_, i) => i % 2 == 0), section => Assert.EndsWith("# nor this\n```", section.Text.Trim(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(">")]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("1) ")]
    [InlineData("[a]: b\n")]
    [InlineData("[a]:\nb\n")]
    [InlineData("[")]
    [InlineData("`")]
    [InlineData("# *a_")]
    [InlineData("a\n=\n")]
    public void Of_HostileText_IsReadToItsEnd(string part)
    {
        // In one piece some of these would take Markdig minutes.
        var text = string.Concat(Enumerable.Repeat(part, 512 * 1024 / part.Length)) + "\n\n# After\n\nText";

        Assert.Equal("Text", Read(text)[^1].Text.Trim()[^4..]);
    }

    [Fact]
    public void Of_SectionBeyondAnEntrysLimit_ComesInParts()
    {
        var line = new string('x', 99) + "\n\n";

        var sections = Read("# A\n\n" + string.Concat(Enumerable.Repeat(line, 5000)));

        Assert.Equal([("A", "a"), ("A (part 2)", "a-chunk-2"), ("A (part 3)", "a-chunk-3")], sections.Select(section => (section.Title, section.Anchor)));
        Assert.All(sections, section => Assert.InRange(Encoding.UTF8.GetByteCount(section.Text), 1, Section.MaxBytes));
    }

    private static List<Section> Read(string text) => [.. Section.Of("docs/x.md", text)];
}
