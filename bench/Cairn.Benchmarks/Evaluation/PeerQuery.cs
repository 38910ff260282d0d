using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// The way that other memories of this kind ask: each word between spaces quoted and joined with OR, over a plain FTS5
/// table of title and text with the default tokenizer, ordered by bm25 with equal weights. No stop words, no stemming,
/// nothing known of what has been replaced. In process.
/// </summary>
internal sealed class PeerQuery : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _search;

    public PeerQuery(string path)
    {
        Batteries_V2.Init();
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        using (var create = Command("CREATE VIRTUAL TABLE memories USING fts5 (title, body, project UNINDEXED, name UNINDEXED)")) create.ExecuteNonQuery();
        _search = Command("SELECT name FROM memories WHERE memories MATCH ?1 AND project = ?2 ORDER BY bm25(memories, 1.0, 1.0) LIMIT ?3");
    }

    /// <summary>Saves entries, in their order.</summary>
    public void Add(IEnumerable<Document> documents)
    {
        using var transaction = _connection.BeginTransaction();
        using var insert = Command("INSERT INTO memories (title, body, project, name) VALUES (?1, ?2, ?3, ?4)");
        insert.Transaction = transaction;
        foreach (var document in documents)
        {
            var values = new[] { document.Title, document.Text, document.Project, document.Name };
            insert.Parameters.Clear();
            for (var i = 0; i < values.Length; i++) insert.Parameters.Add(new SqliteParameter($"?{i + 1}", values[i]));
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    /// <summary>The names of the best documents, best first, and the milliseconds to the last of them.</summary>
    public (IReadOnlyList<string> Names, double Milliseconds) Search(Question question, int limit)
    {
        var started = Stopwatch.GetTimestamp();
        var words = question.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _search.Parameters.Clear();
        _search.Parameters.Add(new SqliteParameter("?1", string.Join(" OR ", words.Select(static word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
        _search.Parameters.Add(new SqliteParameter("?2", question.Project));
        _search.Parameters.Add(new SqliteParameter("?3", limit));
        var names = new List<string>(limit);
        using (var rows = _search.ExecuteReader())
        {
            while (rows.Read()) names.Add(rows.GetString(0));
        }
        return (names, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    public void Dispose()
    {
        _search.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
