using System.Text;
using System.Text.Json;
using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests.Entries;

public sealed class EntryDraftTests
{
    [Theory]
    [InlineData("One line", "One line")]
    [InlineData("First line\nSecond line", "First line")]
    [InlineData("First line\r\nSecond line", "First line")]
    [InlineData("# Heading\n\ntext", "Heading")]
    [InlineData("### Heading ###", "Heading ###")]
    [InlineData("###\n\nAfter an empty heading", "After an empty heading")]
    [InlineData("  spaced   out\ttitle  ", "spaced out title")]
    [InlineData("colour \u001B[31mred\u001B[0m", "colour [31mred [0m")]
    [InlineData("###", "(untitled)")]
    [InlineData("日本語の題名", "日本語の題名")]
    public void From_NoTitle_TakesTheFirstLine(string text, string title) => Assert.Equal(title, Draft(text).Title);

    [Fact]
    public void From_FirstLineOfTheGreatestLength_IsTakenWhole()
    {
        var line = new string('x', 120);

        Assert.Equal(line, Draft(line).Title);
    }

    [Fact]
    public void From_LongFirstLine_IsCutBetweenWords()
    {
        var title = Draft(string.Join(' ', Enumerable.Repeat("word", 40))).Title;

        Assert.EndsWith("word…", title, StringComparison.Ordinal);
        Assert.InRange(title.Length, 100, 120);
    }

    [Fact]
    public void From_LongFirstLineWithoutSpaces_IsCutAtTheGreatestLength()
    {
        var title = Draft(new string('x', 500)).Title;

        Assert.Equal(new string('x', 119) + "…", title);
    }

    [Fact]
    public void From_SurrogatePairAtTheCut_IsNotBroken() => Gen.Int[0, 130].Sample(lead =>
    {
        var title = Draft(new string('x', lead) + string.Concat(Enumerable.Repeat("😀", 100))).Title;
        return title.Length <= 120 && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(title)) == title;
    });

    [Fact]
    public void From_AnyStorableText_GivesATitleOfOneLine() => Gen.String.Sample(text =>
    {
        try
        {
            var title = Draft(text).Title;
            return title.Length is > 0 and <= 120 && !title.Any(char.IsControl) && title == title.Trim();
        }
        catch (EngineException error)
        {
            return error.Code == ErrorCode.InvalidArgument;
        }
    });

    [Fact]
    public void From_NothingButText_HasTheDefaults()
    {
        var draft = Draft("  text \n");

        Assert.Equal("text", draft.Body);
        Assert.Equal("note", draft.EntryType);
        Assert.Null(draft.SourceRef);
        Assert.Empty(draft.Tags);
        Assert.Null(draft.TagsJson);
        Assert.Null(draft.Metadata);
    }

    [Fact]
    public void From_WhiteSpaceAround_IsTrimmed()
    {
        var draft = EntryDraft.From(new NewEntry { Text = "x", Title = " A\n title ", Type = " decision ", SourceRef = "\tsrc/a.cs ", Tags = [" one ", "one", "two  words", "One"] });

        Assert.Equal("A title", draft.Title);
        Assert.Equal("decision", draft.EntryType);
        Assert.Equal("src/a.cs", draft.SourceRef);
        Assert.Equal(["one", "two words", "One"], draft.Tags);
    }

    public static TheoryData<string, int, Func<int, NewEntry>> Limits => new()
    {
        { "text", 256 * 1024, size => new NewEntry { Text = new string('x', size) } },
        { "title", 300, size => new NewEntry { Text = "x", Title = new string('x', size) } },
        { "type", 200, size => new NewEntry { Text = "x", Type = new string('x', size) } },
        { "source_ref", 200, size => new NewEntry { Text = "x", SourceRef = new string('x', size) } },
        { "tags[1]", 64, size => new NewEntry { Text = "x", Tags = ["a", new string('x', size)] } },
        { "tags", 50, size => new NewEntry { Text = "x", Tags = [.. Enumerable.Range(0, size).Select(i => $"tag{i}")] } },
        { "metadata", 32, depth => new NewEntry { Text = "x", Metadata = Json(string.Concat(Enumerable.Repeat("""{"a":[""", depth / 2)) + (depth % 2 == 1 ? "{}" : "") + string.Concat(Enumerable.Repeat("]}", depth / 2))) } },
        { "metadata", 16 * 1024, size => new NewEntry { Text = "x", Metadata = Json($$"""{"a":"{{new string('x', size - 8)}}"}""") } },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Limits))]
    public void From_AtTheLimit_IsTaken(string field, int limit, Func<int, NewEntry> entry)
    {
        Assert.NotNull(EntryDraft.From(entry(limit)));
        Assert.NotEmpty(field);
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Limits))]
    public void From_OneOverTheLimit_SaysFieldLimitAndSize(string field, int limit, Func<int, NewEntry> entry)
    {
        var error = Assert.Throws<EngineException>(() => EntryDraft.From(entry(limit + 1)));

        TextRulesTests.AssertTooLong(error, field, limit, limit + 1);
    }

    [Fact]
    public void From_TextLimit_CountsBytesOfUtf8()
    {
        Assert.NotNull(Draft(new string('é', 128 * 1024)));
        TextRulesTests.AssertTooLong(Assert.Throws<EngineException>(() => Draft(new string('é', 128 * 1024) + "x")), "text", 256 * 1024, 256 * 1024 + 1);
    }

    public static TheoryData<string, Func<string, NewEntry>> Fields => new()
    {
        { "text", text => new NewEntry { Text = text } },
        { "title", text => new NewEntry { Text = "x", Title = text } },
        { "type", text => new NewEntry { Text = "x", Type = text } },
        { "source_ref", text => new NewEntry { Text = "x", SourceRef = text } },
        { "tags[0]", text => new NewEntry { Text = "x", Tags = [text] } },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Fields))]
    public void From_NulOrLoneSurrogate_SaysFieldAndPosition(string field, Func<string, NewEntry> entry)
    {
        foreach (var bad in new[] { "ab\0", "ab\uD800", "ab\uDC00x" })
        {
            var error = Assert.Throws<EngineException>(() => EntryDraft.From(entry(bad)));
            Assert.Equal(field, error.Details["field"]);
            Assert.Equal(2, error.Details["position"]);
        }
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Fields))]
    public void From_Empty_IsRefused(string field, Func<string, NewEntry> entry) =>
        Assert.Equal(field, Assert.Throws<EngineException>(() => EntryDraft.From(entry(" \n "))).Details["field"]);

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("1")]
    [InlineData("null")]
    public void From_MetadataThatIsNoObject_IsRefused(string json) =>
        Assert.Equal("metadata", Assert.Throws<EngineException>(() => EntryDraft.From(new NewEntry { Text = "x", Metadata = Json(json) })).Details["field"]);

    [Theory]
    [InlineData("""{"a":{"b":["c\u0000"]}}""", "metadata.a.b[0]")]
    [InlineData("""{"a":{"b":["c\ud800"]}}""", "metadata.a.b[0]")]
    [InlineData("""{"a":{"b\u0000":1}}""", "metadata.a (key 1)")]
    [InlineData("""{"a":{"b\udc00":1}}""", "metadata.a")]
    public void From_MetadataThatCannotBeStored_SaysWhere(string json, string field) =>
        Assert.Equal(field, Assert.Throws<EngineException>(() => EntryDraft.From(new NewEntry { Text = "x", Metadata = Json(json) })).Details["field"]);

    [Fact]
    public void From_EmptyMetadata_IsNone() => Assert.Null(EntryDraft.From(new NewEntry { Text = "x", Metadata = Json(" { } ") }).Metadata);

    [Fact]
    public void Strings_KeyThatMayBeASecret_IsNotInThePath()
    {
        var strings = EntryDraft.Strings(Json("""{"plain_word":"v1","Not Plain":{"x":"v2"},"abc123":["v3"]}"""), "metadata").ToList();

        Assert.Equal(
            [
                new("metadata (key 1)", "plain_word", null), new("metadata.plain_word", "v1", "plain_word"),
                new("metadata (key 2)", "Not Plain", null), new("metadata[2] (key 1)", "x", null), new("metadata[2].x", "v2", "x"),
                new("metadata (key 3)", "abc123", null), new("metadata[3][0]", "v3", "abc123"),
            ],
            strings);
    }

    [Fact]
    public void ContentHash_SameTypeTitleAndBody_IsTheSame()
    {
        var draft = EntryDraft.From(new NewEntry { Text = "body", Title = "title", Type = "decision", Tags = ["a"], SourceRef = "s" });

        Assert.Equal(draft.ContentHash, EntryDraft.From(new NewEntry { Text = " body ", Title = "title", Type = "decision" }).ContentHash);
        Assert.NotEqual(draft.ContentHash, (draft with { Body = "Body" }).ContentHash);
        Assert.NotEqual(draft.ContentHash, (draft with { Title = "Title" }).ContentHash);
        Assert.NotEqual(draft.ContentHash, (draft with { EntryType = "note" }).ContentHash);
    }

    private static EntryDraft Draft(string text) => EntryDraft.From(new NewEntry { Text = text });

    private static JsonElement Json(string json) => JsonElement.Parse(json);
}
