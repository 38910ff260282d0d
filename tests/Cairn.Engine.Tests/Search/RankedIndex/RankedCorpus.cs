using System.Globalization;
using Cairn.Engine.Search;
using Cairn.Engine.Search.RankedIndex;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Search.RankedIndex;

/// <summary>A database of random entries that change at random, with an engine whose segments are small.</summary>
internal sealed class RankedCorpus : IDisposable
{
    /// <summary>Segments of 64, 256 and 1,024 keys, however few entries there are.</summary>
    private static readonly (int, int, int) Layout = (64, 4, 0);

    // What folding, stemming and bigrams make equal, and what they do not.
    private static readonly string[] Words =
    [
        "the", "cache", "caches", "caching", "user", "users", "retry", "retries", "café", "cafe", "naïve", "straße", "zażółć", "記憶", "憶検", "index",
        "indexes", "indexing", "a", "b", "x1", "NU1603", "getuser", "srcabcs", "lock", "locks", "locked", "wal", "page", "pages", "błąd", "Ωmega",
    ];

    private readonly Random _random;
    private int _saved;

    public RankedCorpus(int seed)
    {
        _random = new Random(seed);
        Cairn = new EngineFixture(static options => options with { RankedLayout = Layout });
        Cairn.Save("the first entry makes a project");
        Cairn.Save("and another", Cairn.In("another"));
    }

    public EngineFixture Cairn { get; }

    public RankedReader Reader => Cairn.Engine.Ranking.Reader!;

    public void Dispose() => Cairn.Dispose();

    /// <summary>Adds entries, in one transaction.</summary>
    public void Add(int count)
    {
        var sql = Enumerable.Range(0, count).Select(_ => string.Create(CultureInfo.InvariantCulture,
            $"""
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            VALUES ('{_saved:D16}', {_random.Next(1, 3)}, {1_700_000_000_000 + (_random.Next(5) * 1000)}, 1, 1, 'user', '{(_random.Next(2) == 0 ? "note" : "Decision")}', x'{_saved++:X8}', '{Text(4)}', '{Text(3)}', '{Text(30)}');
            """));
        Cairn.Sql($"BEGIN; {string.Concat(sql)} COMMIT");
    }

    /// <summary>Changes some entries: their text, their state, their project; or removes them.</summary>
    public void Change(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var key = _random.Next(3, _saved + 3);
            Cairn.Sql(_random.Next(5) switch
            {
                0 => $"UPDATE entries SET title = '{Text(4)}', body = '{Text(20)}' WHERE key = {key}",
                1 => $"DELETE FROM entries WHERE key = {key}",
                2 => $"UPDATE entries SET state = 'superseded', state_reason = NULL WHERE key = {key}",
                3 => $"UPDATE entries SET state = 'archived', state_reason = 'forgotten' WHERE key = {key}",
                _ => $"UPDATE entries SET project_key = {_random.Next(1, 3)} WHERE key = {key}",
            });
        }
    }

    /// <summary>Compares both indexes on a number of random queries; those that the ranked index left to the other.</summary>
    public List<string> Compare(int queries)
    {
        using var connection = View();
        var left = new List<string>();
        for (var i = 0; i < queries; i++)
        {
            var match = string.Join(" OR ", Enumerable.Range(0, _random.Next(1, 7)).Select(_ => $"\"{Word()}\"{(_random.Next(8) == 0 ? "*" : "")}").Distinct());
            var filter = Filter();
            if (!Compare(connection, match, filter, _random.Next(2) == 0 ? 20 : 150)) left.Add($"{match} {filter}");
        }
        return left;
    }

    /// <summary>A connection of its own, in a transaction; the newest entries are in the reader's memory.</summary>
    public DatabaseConnection View()
    {
        Reader.ReadNew();
        var connection = DatabaseConnection.Open(Cairn.DatabasePath, 4096);
        connection.ExecuteScript("BEGIN");
        return connection;
    }

    /// <summary>Whether the ranked index answers a query; then it must answer as FTS5 does.</summary>
    public bool Compare(DatabaseConnection connection, string match, SearchFilter filter, int count)
    {
        if (Reader.Best(connection, match, filter, count) is null) return false;
        var (expected, found) = (FullTextIndex.Best(connection, match, filter, count), FullTextIndex.Best(connection, match, filter, count, Reader));
        Assert.Equal(expected.Select(static candidate => Math.Round(candidate.FullText, 9)), found.Select(static candidate => Math.Round(candidate.FullText, 9)));
        // Which of equal ones come in last is not said.
        var last = expected.Count == count ? expected[^1].FullText + 1e-9 : double.NegativeInfinity;
        Assert.Equal(Above(expected), Above(found));
        var terms = match.Split(" OR ");
        var held = Reader.Holding(connection, match);
        Assert.Equal(terms.Select(term => FullTextIndex.Holding(connection, term)), held);
        return true;

        IEnumerable<Candidate> Above(List<Candidate> candidates) => candidates.Where(candidate => candidate.FullText > last).Select(static candidate => candidate with { FullText = Math.Round(candidate.FullText, 9) });
    }

    private SearchFilter Filter() => _random.Next(6) switch
    {
        0 => new SearchFilter { ProjectKey = 1 },
        1 => new SearchFilter { ProjectKey = 2, IncludeSuperseded = true },
        2 => new SearchFilter { Type = "decision" },
        3 => new SearchFilter { After = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_001_000), Before = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_003_000) },
        _ => new SearchFilter(),
    };

    private string Text(int words) => string.Join(' ', Enumerable.Range(0, _random.Next(1, words + 1)).Select(_ => Word()));

    // The first words are the common ones.
    private string Word() => Words[(int)(Math.Pow(_random.NextDouble(), 3) * Words.Length)];
}
