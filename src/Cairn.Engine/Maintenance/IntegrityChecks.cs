using System.Globalization;
using Cairn.Engine.Retention;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Maintenance;

/// <summary>The checks of a database's content, each a line. Each stands alone: what one cannot read does not stop the next.</summary>
internal static class IntegrityChecks
{
    private const int Shown = 5;
    private const string IndexFix = "cairn index rebuild";

    /// <summary>All checks.</summary>
    /// <param name="connection">The database, of the latest schema.</param>
    /// <param name="quick">Without those that read every byte: texts against their hashes, indexes against their tables.</param>
    /// <param name="progress">Is told what begins.</param>
    /// <param name="backup">The name of the last good backup; null when there is none.</param>
    public static List<HealthCheck> Run(DatabaseConnection connection, bool quick, Action<string>? progress, string? backup)
    {
        var mend = backup is null ? "cairn freeze --reason damage; cairn recover" : $"cairn freeze --reason damage; cairn recover; or cairn restore {backup}";
        var checks = new List<HealthCheck>();
        Sqlite();
        Line("foreign_keys", "each row finds those that it refers to", "cairn recover", IntegrityStore.MissingParents);
        Schema();
        Line("index", "the full-text index has each entry, once", IndexFix, Index);
        progress?.Invoke("ranked index");
        checks.Add(Ranked(connection));
        Line("audit", "the record of retention is whole", "keep the file; cairn retention history shows where", Audit);
        Line("states", "states, links, ids and JSON are as they must be", mend, States);
        if (quick) return checks;
        Line("texts", "every text is the one that was saved", mend, Texts);
        return checks;

        // The check looks into the full-text index as well: what it finds there is mended otherwise.
        void Sqlite()
        {
            progress?.Invoke(quick ? "SQLite's quick check" : "SQLite's full check");
            var problems = Guarded(() => IntegrityStore.Problems(connection, quick));
            var (index, tables) = (problems.FindAll(IsIndex), problems.FindAll(static problem => !IsIndex(problem)));
            checks.Add(Check("sqlite", quick ? "quick check ok" : "full check ok", mend, tables));
            if (index.Count > 0) checks.Add(Check("full_text", "", IndexFix, index));
        }

        void Schema()
        {
            progress?.Invoke("schema");
            var differences = Guarded(() => SchemaObjects.Differences(connection));
            checks.Add(Check("schema", "tables, indexes and triggers are as the migrations make them", differences.TrueForAll(SchemaObjects.IsFullText) ? IndexFix : "cairn recover makes a database with all of them", differences));
        }

        void Line(string name, string passed, string fix, Func<DatabaseConnection, List<string>> look)
        {
            progress?.Invoke(name);
            checks.Add(Check(name, passed, fix, Guarded(() => look(connection))));
        }
    }

    /// <summary>A line: pass when there is no problem, else fail with the first of them.</summary>
    public static HealthCheck Check(string name, string passed, string fix, List<string> problems) => problems.Count == 0
        ? new HealthCheck { Name = name, Status = "pass", Detail = passed }
        : new HealthCheck { Name = name, Status = "fail", Detail = Words(problems), Fix = fix };

    /// <summary>What a look finds; a failure of SQLite's is a finding, too.</summary>
    public static List<string> Guarded(Func<List<string>> look)
    {
        try
        {
            return look();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_ERROR or raw.SQLITE_NOTADB or raw.SQLITE_IOERR or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"it cannot be read to its end (SQLite error {error.SqliteExtendedErrorCode})")];
        }
        catch (Exception error) when (error is InvalidCastException or InvalidOperationException or ArgumentOutOfRangeException or FormatException)
        {
            return ["a value in it is of another kind than it must be"];
        }
    }

    /// <summary>The ranked index: its triggers, the checksums of its pages, and whether its segments hold the entries of their keys.</summary>
    public static HealthCheck Ranked(DatabaseConnection connection) =>
        Check("ranked_index", "the ranked index is what was written, and has the entries that there are", IndexFix, Guarded(() => RankedIndexService.Problems(connection)));

    /// <summary>The full-text index: its triggers, its structure, and whether it lists what the table holds.</summary>
    public static List<string> Index(DatabaseConnection connection)
    {
        if (!FullTextSchema.IsAttached(connection)) return ["the full-text index or one of its triggers is missing"];
        if (IntegrityStore.IndexDamage(connection) is { } damage) return [damage];
        var (missing, extra) = IntegrityStore.OutOfStep(connection);
        var problems = new List<string>();
        if (missing > 0) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{missing} entries are not in it"));
        if (extra > 0) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{extra} entries that are gone are still in it"));
        return problems;
    }

    private static bool IsIndex(string problem) => problem.Contains("FTS5", StringComparison.OrdinalIgnoreCase);

    private static List<string> Audit(DatabaseConnection connection) => RetentionStore.Verify(connection) is { Verified: false } broken
        ? [$"at run {broken.BrokenAt} {broken.Reason}"]
        : [];

    private static List<string> States(DatabaseConnection connection)
    {
        var problems = new List<string>();
        Add("superseded, and nothing took their place", IntegrityStore.SupersededWithoutSuccessor(connection));
        Add("archived without a reason, or with one and not archived", IntegrityStore.ReasonsAmiss(connection));
        Add("in a circle of entries that supersede each other (keys)", Circle(IntegrityStore.Supersedes(connection)).ConvertAll(Key));
        Add("active twice", IntegrityStore.ActiveTwins(connection));
        Add("with tags or metadata that are no JSON", IntegrityStore.JsonAmiss(connection));
        Add("with a time that is none", IntegrityStore.TimesAmiss(connection));
        Add("with an id that is none (keys)", IntegrityStore.IdsAmiss(connection).ConvertAll(Key));
        return problems;

        void Add(string what, List<string> ids)
        {
            if (ids.Count > 0) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{ids.Count} {what}: {string.Join(", ", ids.Take(Shown))}"));
        }
    }

    private static List<string> Texts(DatabaseConnection connection)
    {
        var problems = IntegrityStore.NotText(connection).ConvertAll(static table => $"texts that are not UTF-8 in {table}");
        var changed = IntegrityStore.TextsAmiss(connection);
        if (changed.Count > 0) problems.Add(string.Create(CultureInfo.InvariantCulture, $"{changed.Count} entries with a text that is not the one that was saved (keys {string.Join(", ", changed.Take(Shown))})"));
        return problems;
    }

    // What is left when all that nothing supersedes, and then what only these did, is taken away.
    private static List<long> Circle(List<(long From, long To)> links)
    {
        var superseders = links.GroupBy(static link => link.To).ToDictionary(static group => group.Key, static group => group.Count());
        var byFrom = links.ToLookup(static link => link.From, static link => link.To);
        var free = new Queue<long>(links.Select(static link => link.From).Distinct().Where(key => !superseders.ContainsKey(key)));
        while (free.TryDequeue(out var key))
            foreach (var next in byFrom[key])
                if (--superseders[next] == 0) free.Enqueue(next);
        return [.. superseders.Where(static left => left.Value > 0).Select(static left => left.Key).Order()];
    }

    private static string Key(long key) => key.ToString(CultureInfo.InvariantCulture);

    private static string Words(List<string> problems) => problems.Count <= Shown
        ? string.Join("; ", problems)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", problems.Take(Shown))}; and {problems.Count - Shown} more");
}
