using System.Text.Json.Nodes;
using CsCheck;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 22: queries in the languages of FTS5, SQL and globs. They are words to look for, and never anything else.</summary>
public sealed class Row22QueryTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly string[] Pieces =
    [
        "\"", "\"\"", "*", "^", "-", "+", "(", ")", "{", "}", ":", ",", ".", "'", "';--", "%", "_", "?", "?1", "@y", "$z", "\\", "/", "[a]", "[^a]", "|", "~", "#",
        "AND", "OR", "NOT", "NEAR", "NEAR(a b, 2)", "title:", "{title body}:", "- title :", "rank", "rank MATCH 'x'", "entries_fts", "SELECT * FROM entries", "DROP TABLE entries",
        "UNION SELECT body FROM entries", "**/*.cs", "src\\a\\b.cs", "../../etc/passwd", "C:\\", "basalt", "granite", "a", "中文", "\U0001F642", "\u202e", "\u200b", "\u0301", "\u0001", "\n", " ", " ", " ",
    ];

    [Fact]
    public void Row22_QueryOfOperators_IsAnswered_AndFindsNothingButWords()
    {
        var server = fixture.Server;
        var id = ToolCalls.Save(server, "The basalt wall holds.");
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 1_000 : 400);

        foreach (var piece in Pieces) Answered(server, piece);
        Gen.Int[0, Pieces.Length - 1].Array[1, 8].Select(static which => string.Concat(which.Select(static i => Pieces[i]))).Sample(query => Answered(server, query), iter: rounds, threads: 1);

        // An operator makes nothing of a word: the entry is found by the words it holds, and by no trick without one.
        foreach (var query in new[] { "basalt*", "\"basalt", "basalt AND", "NOT basalt", "title:basalt", "-basalt", "(basalt", "NEAR(basalt", "basalt' OR 1=1 --", "^basalt" })
            Assert.Contains(id, ToolCalls.Search(server, query));
        foreach (var query in new[] { "*", "' OR 1=1 --", "zeolite OR 1", "title:*", "%", "_", "[a-z]", "zeolite NOT zeolite" })
            Assert.DoesNotContain(id, ToolCalls.Search(server, query));
        Assert.Equal(1, DatabaseFile.Count(fixture.Home.Database, "entries"));
        ToolCalls.AssertWorks(server, "afterallthequeries");
        FaultRun.Report(22, "FTS5 syntax, SQL and globs as queries", "a list, and random sequences of their pieces", Pieces.Length + rounds + 18,
            "each answered, none an error; operators act as words or not at all", "results for the words, or an empty list");
    }

    private static void Answered(McpProcess server, string query)
    {
        var found = server.CallTool("search", new JsonObject { ["query"] = query });
        // What holds nothing to look for may be refused as empty; nothing else is.
        if (found.IsError) Assert.True(found.ErrorCode == "INVALID_ARGUMENT" && string.IsNullOrWhiteSpace(query), $"{query}: {found.Text}");
    }
}
