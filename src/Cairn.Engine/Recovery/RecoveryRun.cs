using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Recovery;

/// <summary>
/// One pass from a damaged file to a new database. Entries are taken whatever is left of them; rows of other tables only
/// whole. What was purged is not brought back.
/// </summary>
internal sealed class RecoveryRun(DamagedDatabase source, string target, TimeProvider time, Action<string>? progress)
{
    private static readonly string[] First = ["projects", "policy_rule_sets", "sessions", "purged_entries", "entries"];

    private readonly Dictionary<string, RecoveredTable> _tables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _purged = new(StringComparer.Ordinal);

    /// <summary>What was found of the file's pages, in words.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>The tables, by name.</summary>
    public IReadOnlyList<RecoveredTable> Tables => [.. _tables.Values.OrderBy(static table => table.Table, StringComparer.Ordinal)];

    /// <summary>Ids of entries that the index names and that cannot be read, with their keys.</summary>
    public List<(string Id, long Key)> Lost { get; } = [];

    /// <summary>Ids of entries that are not as they were saved.</summary>
    public List<string> Damaged { get; } = [];

    /// <summary>Ids of entries that are active again.</summary>
    public List<string> Reinstated { get; private set; } = [];

    /// <summary>The checks of the new database.</summary>
    public IReadOnlyList<HealthCheck> Checks { get; private set; } = [];

    /// <summary>Reads all and writes the new database.</summary>
    /// <exception cref="EngineException">The file is another program's or of a newer Cairn, or holds nothing that can be read.</exception>
    public void Do()
    {
        progress?.Invoke("reading the pages");
        var (salvage, other) = Choose();
        Require(salvage);
        using var store = new RecoveredStore(target, salvage.SchemaVersion, time);
        progress?.Invoke("writing what can be read");
        foreach (var table in salvage.Tables.OrderBy(static table => Array.IndexOf(First, table.Name) is var place and >= 0 ? place : First.Length)) Copy(salvage, table, store);
        if (other is not null) CopyMissingEntries(other, store);
        if (_tables.Values.All(static table => table.Recovered == 0))
            throw new EngineException(ErrorCode.StorageFailure, "The file holds nothing that can be read as Cairn's: nothing was made. Keep it, and restore a backup (cairn backup list).");
        foreach (var (id, key) in salvage.IndexedIds())
            if (!_ids.Contains(id) && !_purged.Contains(id)) Lost.Add((id, key));
        Mend(salvage, store);
        progress?.Invoke("making the index, and checking");
        store.Finish(Math.Max(salvage.HighestKey(), Lost.Select(static entry => entry.Key).DefaultIfEmpty(0).Max()), time);
        Describe(salvage);
        Checks = IntegrityChecks.Run(store.Connection, quick: false, progress: null, backup: null);
    }

    // Of file and log together, or of the file alone where the log takes entries away: it is then another database's, or an old one.
    private (Salvage Main, Salvage? Other) Choose()
    {
        if (source.WithLog is not { } withLog) return (new Salvage(source.FileAlone), null);
        var (both, alone) = (new Salvage(withLog), new Salvage(source.FileAlone));
        var purged = both.Rows("purged_entries").Select(static row => row.Text("id")).ToHashSet();
        var (inBoth, inFile) = (Whole(both), Whole(alone));
        if (inFile.IsSubsetOf(inBoth.Concat(purged))) return (both, null);
        Findings.Add("the log does not belong to the file as it is: entries are in one of them alone, and both were read");
        return inFile.Count > inBoth.Count ? (alone, both) : (both, alone);

        static HashSet<string?> Whole(Salvage salvage) => [.. salvage.Rows("entries").Where(RecoveredEntry.IsWhole).Select(static row => row.Text("id"))];
    }

    private void Require(Salvage salvage)
    {
        if (source.FileAlone.Header.IsForeign && source.WithLog is null or { Header.IsForeign: true })
            throw new EngineException(ErrorCode.MigrationFailure, "This database was made by another program. Nothing was made: name another file with --db or MEMORY_DB_PATH.");
        if (salvage.SchemaVersion > Migrator.Latest)
            throw new EngineException(ErrorCode.MigrationFailure, string.Create(CultureInfo.InvariantCulture,
                $"This database has schema {salvage.SchemaVersion}; this cairn knows schemas up to {Migrator.Latest}. Nothing was made: update cairn."));
    }

    private void Copy(Salvage salvage, TableShape table, RecoveredStore store)
    {
        var (recovered, refused) = (0, 0);
        foreach (var row in salvage.Rows(table.Name))
        {
            if (table.Name == "entries" ? AddEntry(row, table, store, row.Values) : row.Damage == RowDamage.None && store.Insert(table, row.Values)) recovered++;
            else if (table.Name != "entries" || !IsKnown(row)) refused++;
            if (table.Name == "purged_entries" && row.Text("id") is { } purged) _purged.Add(purged);
        }
        _tables[table.Name] = new RecoveredTable(table.Name, recovered, 0, refused + salvage.UnreadableRows.GetValueOrDefault(table.Name));
    }

    private bool IsKnown(SalvagedRow row) => row.Text("id") is { } id && (_ids.Contains(id) || _purged.Contains(id));

    private bool AddEntry(SalvagedRow row, TableShape table, RecoveredStore store, IReadOnlyDictionary<string, object?> values)
    {
        if (row.Text("id") is not { } id || EntryId.Parse(id) != id || IsKnown(row)) return false;
        var whole = RecoveredEntry.IsWhole(row);
        var written = whole ? new Dictionary<string, object?>(values) { ["search_text"] = RecoveredEntry.SearchText(row) } : RecoveredEntry.Mended(row);
        if (!whole) foreach (var name in new[] { "key", "project_key", "session_key" }) written[name] = values.GetValueOrDefault(name);
        if (written["key"] is long key && store.HasKey(key)) written["key"] = null; // two entries claim it: the second gets a new one
        if (!store.Insert(table, written)) return false;
        _ids.Add(id);
        if (!whole) Damaged.Add(id);
        return true;
    }

    // Without what hangs on their keys there: links, revisions, sessions.
    private void CopyMissingEntries(Salvage other, RecoveredStore store)
    {
        if (other.SchemaVersion > Migrator.Latest || other.Tables.FirstOrDefault(static table => table.Name == "entries") is not { } table) return;
        var projects = other.Rows("projects").Where(static row => row.Text("name") is not null).GroupBy(static row => row.Number("key")).ToDictionary(static rows => rows.Key ?? 0, static rows => rows.First());
        var (added, refused) = (0, 0);
        foreach (var row in other.Rows("entries").Where(RecoveredEntry.IsWhole))
        {
            if (IsKnown(row) || row.Number("project_key") is not { } project) continue;
            var (name, createdAt) = projects.TryGetValue(project, out var known) ? (known.Text("name")!, known.Number("created_at") ?? 0) : (string.Create(CultureInfo.InvariantCulture, $"recovered-{project}"), 0);
            var values = new Dictionary<string, object?>(row.Values) { ["project_key"] = store.Project(name, createdAt), ["session_key"] = null, ["rule_set_key"] = null };
            if (AddEntry(row, table, store, values)) added++;
            else refused++;
        }
        _tables["entries"] = _tables["entries"] with { Recovered = _tables["entries"].Recovered + added };
        Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{added} entries are from the part that the other does not have, without their links and history"));
        if (refused > 0) Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{refused} more entries of that part break a rule of the tables, and were left out"));
    }

    private void Mend(Salvage salvage, RecoveredStore store)
    {
        if (store.ReplaceProjects(salvage.Tables) is > 0 and var projects) Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{projects} projects lost their row; they are named recovered-KEY (cairn project rename)"));
        if (store.CutReferences(salvage.Tables) is > 0 and var cut) Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{cut} links, revisions and sessions led to a row that is lost, and were taken off"));
        Reinstated = store.Reinstate(static connection => IntegrityStore.SupersededWithoutSuccessor(connection));
        _tables["entries"] = _tables["entries"] with { Damaged = Damaged.Count, Lost = Math.Max(_tables["entries"].Lost, Lost.Count) };
    }

    private void Describe(Salvage salvage)
    {
        if (!source.FileAlone.Header.IsWhole) Findings.Insert(0, string.Create(CultureInfo.InvariantCulture, $"the file's header is ruined; pages of {source.FileAlone.PageSize} bytes were taken for it"));
        foreach (var tree in salvage.UnreadablePages.GroupBy(static page => page.Tree).OrderBy(static tree => tree.Key, StringComparer.Ordinal))
            Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{tree.Key}: {tree.Count()} pages cannot be read ({string.Join(", ", tree.Select(static page => page.Page).Order().Take(20))})"));
        if (salvage.OrphanPages > 0) Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{salvage.OrphanPages} pages that nothing leads to any more were known by their rows"));
        if (source.Log is { DamagedFrames: > 0 and var frames }) Findings.Add(string.Create(CultureInfo.InvariantCulture, $"{frames} pages of the log are damaged, and were passed over"));
        if (source.LogBytes > 0 && source.WithLog is null) Findings.Add("the log beside the file holds nothing that can be used");
    }
}
