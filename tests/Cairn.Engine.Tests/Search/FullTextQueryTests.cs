using Cairn.Engine.Search;
using CsCheck;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Search;

public sealed class FullTextQueryTests
{
    [Theory]
    [InlineData("retry upstream", "\"retry\" OR \"upstream\"")]
    [InlineData("  retry\n\tupstream ", "\"retry\" OR \"upstream\"")]
    [InlineData("Retry retry RETRY upstream", "\"Retry\" OR \"upstream\"")]
    [InlineData("retry", "\"retry\" OR \"retry\"*")]
    [InlineData("how does the retry work", "\"retry\" OR \"work\"")]
    [InlineData("the retry", "\"retry\" OR \"retry\"*")]
    [InlineData("to be or not to be", "\"to\" OR \"be\" OR \"or\" OR \"not\"")]
    [InlineData("x y", "\"x\" OR \"y\"")]
    [InlineData("x retry", "\"retry\" OR \"retry\"*")]
    [InlineData("7 retries", "\"7\" OR \"retries\"")]
    [InlineData("\"exact phrase\" word", "\"exact\" OR \"phrase\" OR \"word\" OR \"exact phrase\"")]
    [InlineData("\"never closed phrase", "\"never\" OR \"closed\" OR \"phrase\"")]
    [InlineData("don't", "\"don\" OR \"t\"")]
    [InlineData("fixed in 9fceb02", "\"fixed\" OR \"9fceb02\" OR \"9fceb02\"*")]
    [InlineData("9fceb02d0ae5", "\"9fceb02d0ae5\" OR \"9fceb02d0ae5\"* OR \"9fceb02\" OR \"9fceb02d\" OR \"9fceb02d0\" OR \"9fceb02d0a\"")]
    [InlineData("全文検索", "\"全文\" OR \"文検\" OR \"検索\"")]
    [InlineData("字", "\"字\"*")]
    [InlineData("SQLite検索", "\"検索\" OR \"SQLite\"")]
    [InlineData("naïve", "\"naïve\" OR \"naïve\"*")]
    [InlineData("คือ", "\"คือ\"*")]
    public void Parse_Words_AreQuotedAndJoined(string text, string match) =>
        AssertTerms(match, FullTextQuery.Parse(text).Match);

    [Theory]
    [InlineData("src/Storage/Database.cs", "\"srcstoragedatabasecs\" OR \"databasecs\" OR \"storagedatabasecs\"", "\"Storage\" OR \"Database\" OR \"srcstoragedatabasecs\" OR \"databasecs\" OR \"storagedatabasecs\"")]
    [InlineData("src/main.cs", "\"srcmaincs\" OR \"maincs\"", "\"src\" OR \"main\" OR \"cs\" OR \"srcmaincs\" OR \"maincs\" OR \"src/main.cs\"")]
    [InlineData("why Cairn.Engine fails", "\"cairnengine\" OR \"fails\"", "\"Cairn\" OR \"Engine\" OR \"cairnengine\" OR \"fails\"")]
    [InlineData("snake_case,", "\"snakecase\" OR \"snakecase\"*", "\"snake\" OR \"case\" OR \"snakecase\"")]
    [InlineData("1.2.3", "\"v123\" OR \"v123\"*", "\"1\" OR \"2\" OR \"3\" OR \"v123\" OR \"1.2.3\"")]
    [InlineData("src/a.cs:42", "\"srcacs42\" OR \"srcacs\" OR \"acs42\" OR \"acs\"", "\"src\" OR \"cs\" OR \"42\" OR \"srcacs42\" OR \"srcacs\" OR \"acs42\" OR \"acs\" OR \"src/a.cs:42\"")]
    [InlineData("--no-restore", "\"restore\" OR \"norestore\"", "\"restore\" OR \"norestore\"")]
    [InlineData("well-known cause", "\"known\" OR \"wellknown\" OR \"well\" OR \"cause\"", "\"known\" OR \"wellknown\" OR \"well\" OR \"cause\"")]
    [InlineData("getUser fails", "\"getUser\" OR \"fails\"", "\"getUser\" OR \"fails\" OR \"get\" OR \"user\"")]
    [InlineData("plain words", "\"plain\" OR \"words\"", "\"plain\" OR \"words\"")]
    public void Parse_Names_AreAskedForAsOneWordAndInTheWideFormByTheirParts(string text, string match, string wide)
    {
        AssertTerms(match, FullTextQuery.Parse(text).Match);
        AssertTerms(wide, FullTextQuery.Parse(text).Wide);
    }

    [Theory]
    [InlineData("src/a/b.cs:42", true)]
    [InlineData("NU1603", true)]
    [InlineData("EntryService.Save", true)]
    [InlineData("the getUser", true)]
    [InlineData("MEMORY_DB_PATH NU1603", true)]
    [InlineData("NU1603 on restore", false)]
    [InlineData("why does EntryService.Save wait", false)]
    [InlineData("Save", false)]
    [InlineData("READ", false)]
    [InlineData("2026", false)]
    public void Parse_NamesOfCodeAlone_AreNames(string text, bool names) => Assert.Equal(names, FullTextQuery.Parse(text).IsNames);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("🚀 🎉")]
    [InlineData("!?() -- \"\" '' * ^ : {} ~")]
    [InlineData("\"\"\"")]
    public void Parse_NothingToSearch_IsNull(string text) => Assert.Null(FullTextQuery.Parse(text).Match);

    [Theory]
    [InlineData("AND OR NOT NEAR")]
    [InlineData("NEAR(a b, 5)")]
    [InlineData("title: body:secret {title body}: x")]
    [InlineData("-title:x + y ^z w*")]
    [InlineData("'; DROP TABLE entries; --")]
    [InlineData("(((unbalanced \"quotes")]
    [InlineData("a\"\"b \"c")]
    [InlineData("rowid:1 rank:2")]
    public void Parse_OperatorsAndQuotes_AreAcceptedByFts5(string text)
    {
        using var index = new Index();

        Assert.True(index.Accepts(FullTextQuery.Parse(text)));
    }

    [Fact]
    public void Parse_AnyText_IsAcceptedByFts5()
    {
        using var index = new Index();
        var pieces = Gen.OneOf<string>(
            "\"", "'", "(", ")", "*", "^", ":", "-", "+", "{", "}", ",", ".", "/", "\\", "_", "%", "?", ";", "\n", "\t", " ", " ", " ", "OR", "AND", "NOT", "NEAR", "NEAR/2",
            "title", "the", "a", "x", "word", "wörd", "ﬁ", "İ", "ß", "検", "検索", "한국", "ไทย", "คือ", "e\u0301", "\u0301", "👩‍👩‍👧", "𠮷", "𝒳", "\u200D", "\uFEFF", "\u202E", "٣", "Ⅷ", "½", "\uE000");
        var texts = Gen.OneOf(pieces.List[0, 12].Select(string.Concat), Gen.String[0, 40]);

        texts.Sample(text => Storable(text) is not { } storable || index.Accepts(FullTextQuery.Parse(storable)), threads: 1, iter: 20_000);
    }

    [Fact]
    public void Parse_LongestQueries_AreAcceptedByFts5()
    {
        using var index = new Index();

        foreach (var unit in new[] { "a ", "ab ", "\"a b\" ", "検", "検 ", "a.b ", "\"", "คือ " })
            Assert.True(index.Accepts(FullTextQuery.Parse(string.Concat(Enumerable.Repeat(unit, FullTextQuery.MaxLength / unit.Length)))), unit);
        Assert.True(index.Accepts(FullTextQuery.Parse(string.Join(' ', Enumerable.Range(0, 900).Select(i => i.ToString("x3", null))))));
    }

    [Fact]
    public void Words_OfAQuery_AreWhatASnippetLooksFor() =>
        Assert.Equal(["exact phrase", "検索", "exact", "phrase", "word"], FullTextQuery.Parse("\"exact phrase\" the word 検索").Words);

    private static void AssertTerms(string expected, string? match) =>
        Assert.Equal(expected.Split(" OR ").Order(StringComparer.Ordinal), match?.Split(" OR ").Order(StringComparer.Ordinal));

    private static string? Storable(string text)
    {
        try
        {
            TextRules.RequireStorable("query", text);
            return text;
        }
        catch (EngineException)
        {
            return null;
        }
    }

    /// <summary>An FTS5 table like the one of the schema.</summary>
    private sealed class Index : IDisposable
    {
        private readonly SqliteConnection _connection = new("Data Source=:memory:");
        private readonly SqliteCommand _query;

        public Index()
        {
            _connection.Open();
            using var create = _connection.CreateCommand();
            create.CommandText = """
                CREATE VIRTUAL TABLE f USING fts5 (title, body, search_text, tokenize = 'porter unicode61 remove_diacritics 2');
                INSERT INTO f VALUES ('title', 'the word is x', 'note');
                """;
            create.ExecuteNonQuery();
            _query = _connection.CreateCommand();
            _query.CommandText = "SELECT count(*) FROM f WHERE f MATCH $query";
            _query.Parameters.AddWithValue("$query", "");
        }

        public bool Accepts(FullTextQuery query)
        {
            foreach (var match in new[] { query.Match, query.Wide }.OfType<string>())
            {
                _query.Parameters[0].Value = match;
                using var reader = _query.ExecuteReader();
                if (!reader.Read()) return false;
            }
            return (query.Match is null) == (query.Wide is null);
        }

        public void Dispose()
        {
            _query.Dispose();
            _connection.Dispose();
        }
    }
}
