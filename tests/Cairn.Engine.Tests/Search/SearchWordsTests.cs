using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests.Search;

/// <summary>Which words find which text.</summary>
public sealed class SearchWordsTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Theory]
    [InlineData("The upstream drops the first request", "upstream", true)]
    [InlineData("The upstream drops the first request", "UPSTREAM", true)]
    [InlineData("The upstream drops the first request", "request dropped", true)]
    [InlineData("We retry twice", "retries", true)]
    [InlineData("We retry twice", "retr", true)]
    [InlineData("We retry twice", "retr thing", false)]
    [InlineData("We retry twice", "why do we retry", true)]
    [InlineData("To be or not to be", "to be", true)]
    [InlineData("Plain text", "nothing of it", false)]
    [InlineData("See src/Storage/Database.cs for it", "src/Storage/Database.cs", true)]
    [InlineData("See src/Storage/Database.cs for it", "Database.cs", true)]
    [InlineData("Uses Microsoft.Data.Sqlite", "Microsoft.Data.Sqlite", true)]
    [InlineData("Uses Microsoft.Data.Sqlite", "sqlite", true)]
    [InlineData("MAX_BUSY_TIMEOUT is 10 s", "busy_timeout", true)]
    [InlineData("error E0502 and CS8602", "CS8602", true)]
    [InlineData("port 8080", "8080", true)]
    [InlineData("the naïve café", "naive cafe", true)]
    [InlineData("the naive cafe", "naïve café", true)]
    [InlineData("e\u0301te\u0301", "été", true)]
    [InlineData("Größe und Straße", "grosse", false)]
    [InlineData("Größe und Straße", "große größe", true)]
    [InlineData("решение о хранилище", "хранилище", true)]
    [InlineData("решение о хранилище", "ХРАНИЛИЩЕ", true)]
    [InlineData("απόφαση για βάση", "ΑΠΌΦΑΣΗ", true)]
    [InlineData("日本語の全文検索を使う", "検索", true)]
    [InlineData("日本語の全文検索を使う", "全文", true)]
    [InlineData("日本語の全文検索を使う", "語の", true)]
    [InlineData("日本語の全文検索を使う", "全文検索", true)]
    [InlineData("日本語の全文検索を使う", "検", true)]
    [InlineData("日本語の全文検索を使う", "う", true)]
    [InlineData("日本語の全文検索を使う", "猫", false)]
    [InlineData("日本語の全文検索を使う", "検文", false)]
    [InlineData("SQLiteの検索modeを使う", "検索", true)]
    [InlineData("SQLiteの検索modeを使う", "sqlite", true)]
    [InlineData("SQLiteの検索modeを使う", "mode", true)]
    [InlineData("SQLiteの検索modeを使う", "SQLiteの検索", true)]
    [InlineData("데이터베이스를 사용한다", "데이터", true)]
    [InlineData("使用数据库存储记忆", "数据库", true)]
    [InlineData("ใช้ฐานข้อมูลในเครื่อง", "ข้อมูล", true)]
    [InlineData("ใช้ฐานข้อมูลในเครื่อง", "ฐานข้อมูล", true)]
    [InlineData("นี่คือบ้าน", "คือ", true)]
    [InlineData("यह हिन्दी में है", "हिन्दी", true)]
    [InlineData("𠮷野家で食べる", "𠮷野家", true)]
    [InlineData("ship it 🚀", "ship", true)]
    public void Search_Text_IsFoundByTheQuery(string text, string query, bool found)
    {
        var id = _cairn.Save(text);

        Assert.Equal(found ? [id] : [], _cairn.Find(query));
    }

    [Theory]
    [InlineData("🚀")]
    [InlineData("!?")]
    [InlineData("\"\"")]
    [InlineData("( ) * ^ :")]
    public void Search_NothingSearchable_FindsNothing(string query)
    {
        _cairn.Save("ship it 🚀 !? \"\" ( ) * ^ :");

        var result = _cairn.Search(query);

        Assert.Empty(result.Items);
        Assert.Equal(0, result.Total);
    }

    [Theory]
    [InlineData("alpha NOT beta")]
    [InlineData("alpha AND gamma")]
    [InlineData("NEAR(alpha gamma, 1)")]
    [InlineData("body:alpha")]
    [InlineData("{title}:alpha")]
    [InlineData("-alpha")]
    [InlineData("^alpha")]
    [InlineData("\"alpha")]
    [InlineData("alpha) OR (1=1")]
    [InlineData("alpha'; DROP TABLE entries; --")]
    [InlineData("alpha\" OR \"beta")]
    [InlineData("alpha?1")]
    public void Search_SyntaxOfOthers_IsPlainWords(string query)
    {
        var id = _cairn.Save("alpha beta");

        Assert.Equal([id], _cairn.Find(query));
    }

    [Fact]
    public void Search_PhraseInQuotes_StandsAboveTheSameWordsApart()
    {
        var phrase = _cairn.Save("They chose a write ahead log for it, and were content");
        _cairn.Save("They looked ahead and did write it to the log of content");

        Assert.Equal(phrase, _cairn.Find("\"write ahead log\"")[0]);
    }

    [Fact]
    public void Search_PathWhole_StandsAboveItsPartsApart()
    {
        var exact = _cairn.Save("Look at docs/guide/setup.md there for more of the facts");
        _cairn.Save("The setup of the docs has a guide in md which is another fact");

        Assert.Equal(exact, _cairn.Find("docs/guide/setup.md")[0]);
    }

    [Fact]
    public void Search_WordInTheTitle_OutweighsTheBody()
    {
        var body = _cairn.Save(new NewEntry { Title = "Some other words here", Text = "The needle is in the text of it" });
        var title = _cairn.Save(new NewEntry { Title = "The needle of words here", Text = "Nothing of it is in the text" });

        Assert.Equal([title, body], _cairn.Find("needle"));
    }

    [Theory]
    [InlineData("storage-layer")]
    [InlineData("decision")]
    [InlineData("adr.md")]
    [InlineData("2026-02")]
    [InlineData("february")]
    [InlineData("検索")]
    public void Search_TypeTagSourceAndDate_AreWordsToo(string query)
    {
        var id = _cairn.Save(new NewEntry
        {
            Text = "Text",
            Type = "decision",
            Tags = ["storage-layer", "全文検索"],
            SourceRef = "docs/adr.md",
            OccurredAt = new DateTimeOffset(2026, 2, 3, 0, 0, 0, TimeSpan.Zero),
        });

        Assert.Equal([id], _cairn.Find(query));
    }

    [Fact]
    public void Search_AnyText_IsAnswered()
    {
        _cairn.Save("A text with words, 全文検索 and ไทย");

        Gen.String[1, 60].Sample(
            text =>
            {
                try
                {
                    return _cairn.Search(text).Items.Count <= 1;
                }
                catch (EngineException error)
                {
                    return error.Code == ErrorCode.InvalidArgument;
                }
            },
            iter: 500, threads: 1);
    }
}
