using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The ranked index is made by a server that is killed again and again: what is left is valid, and the next goes on.</summary>
[Collection(typeof(Alone))]
public sealed class Row13RankedIndexTests : IDisposable
{
    private const int Entries = 66_000;

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row13_RankedIndex_ServerKilledWhileItIsMade_AnswersStayTheSameAndTheNextGoesOn()
    {
        CliProcess.Save(_home, "The first entry makes the database", "--db", _home.Database);
        Fill();
        var expected = Search("MEMORY_RANKED_INDEX", "off");
        Assert.NotEmpty(expected);
        var (rounds, killed) = (FaultRun.Rounds(6), 0);
        using var connection = DatabaseFile.Open(_home.Database);
        for (var round = 0; round < rounds; round++)
        {
            using var server = McpProcess.StartInitialized(_home);
            ToolCalls.Search(server, "stone moss");
            // Each round a little later: in the making of a segment, between two, in a merge, in the removal of what was merged.
            var (before, more) = (Changes(connection), round % 3);
            if (SpinWait.SpinUntil(() => Changes(connection) != before || IsDone(connection), ChildProcess.Limit) && !IsDone(connection))
            {
                for (before = Changes(connection); more > 0 && SpinWait.SpinUntil(() => Changes(connection) != before, TimeSpan.FromSeconds(2)); more--) before = Changes(connection);
                killed++;
            }
            server.Kill();
            Assert.Equal(expected, Search("MEMORY_RANKED_INDEX", "on"));
        }
        using (var last = McpProcess.StartInitialized(_home))
        {
            ToolCalls.Search(last, "stone moss");
            Assert.True(SpinWait.SpinUntil(() => IsDone(connection), ChildProcess.Limit));
            ToolCalls.Search(last, "stone moss"); // reads what is in no segment
            Assert.Equal(expected, last.CallTool("search", Query()).Structured.Array("items").Select(static item => item!.AsObject().String("id")));
            last.CloseInput();
            Assert.Equal(0, last.WaitForExit());
        }
        Assert.Equal("0", DatabaseFile.Column(connection, "SELECT count(*) FROM ranked_pages WHERE key >> 20 NOT IN (SELECT key FROM ranked_segments)")[0]);
        CliProcess.Run(_home, ["index", "check", "--db", _home.Database]).ShouldExitWith(0);
        DatabaseFile.AssertIntact(_home.Database);
        FaultRun.Report(13, "ranked index half made", "SIGKILL of the server that makes it", killed, "the answers are those without it; what a killed server left is removed, and the next makes the rest", "nothing");
    }

    private void Fill() => DatabaseFile.Execute(_home.Database, string.Create(CultureInfo.InvariantCulture, $"""
        WITH RECURSIVE number (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < {Entries})
        INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
        SELECT printf('%016d', n), 1, n, n, n, 'user', 'note', randomblob(32), 'Entry ' || n, '',
               iif(n % 3 = 0, 'stone wall ', 'river ') || iif(n % 7 = 0, 'moss ', '') || iif(n % 11 = 0, 'stones and mosses ', '') || iif(n % 997 = 0, 'quartz vein', 'end ' || n % 50) FROM number
        """));

    private static JsonObject Query() => new() { ["query"] = "stone moss quartz", ["limit"] = 50, ["project"] = "*" };

    private string[] Search(string variable, string value)
    {
        _home.Environment[variable] = value;
        var found = CliProcess.Json(_home, ["search", "stone moss quartz", "--limit", "50", "--project", "*", "--db", _home.Database]);
        _home.Environment.Remove(variable);
        return [.. found.Array("items").Select(static item => item!.AsObject().String("id"))];
    }

    private static string Changes(Microsoft.Data.Sqlite.SqliteConnection connection) =>
        DatabaseFile.Column(connection, "SELECT ifnull((SELECT group_concat(key || state) FROM ranked_segments), '') || ' ' || (SELECT ifnull(max(key), 0) FROM ranked_pages)")[0];

    private static bool IsDone(Microsoft.Data.Sqlite.SqliteConnection connection) =>
        DatabaseFile.Column(connection, $"SELECT total(entries) >= {Entries - 1024} AND total(state <> 'whole') = 0 AND count(*) <= 9 FROM ranked_segments") is ["1"];
}
