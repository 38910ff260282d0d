using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Recovery;

/// <summary>A row of a table, by column. Of a damaged one the columns after the damage are missing.</summary>
internal sealed record SalvagedRow(PageRow Source, IReadOnlyDictionary<string, object?> Values)
{
    public RowDamage Damage => Source.Record.Damage;

    public long? Number(string column) => Values.GetValueOrDefault(column) as long?;

    public string? Text(string column) => Values.GetValueOrDefault(column) as string;
}

/// <summary>
/// Which pages of an image belong to which table, and the rows on them. The trees are walked from the schema's roots. What
/// hangs on a page that cannot be read is not reached so: of all pages that no tree reaches and that are not free, those
/// whose rows are as a table's rows must be are taken for that table's.
/// </summary>
internal sealed class Salvage
{
    private const string Schema = "sqlite_schema";
    private const string IdIndex = "sqlite_autoindex_entries_1";
    private static readonly string[] Kinds = ["table", "index", "trigger", "view"];

    private readonly PageImage _image;
    private readonly List<TableShape> _tables;
    private readonly Dictionary<string, List<int>> _pages = new(StringComparer.Ordinal);
    private readonly HashSet<int> _reached = [];
    private readonly Dictionary<string, int> _roots;

    /// <summary>Finds the pages of an image's tables.</summary>
    /// <param name="image">The pages.</param>
    /// <param name="schema">The schema's version; null when the header does not say and the rows are to tell.</param>
    public Salvage(PageImage image, int? schema = null)
    {
        _image = image;
        _roots = Roots();
        SchemaVersion = schema ?? (image.Header.Schema > 0 ? image.Header.Schema : RecordedVersion());
        _tables = SchemaVersion > Migrator.Latest ? [] : SchemaObjects.Tables(SchemaVersion);
        foreach (var table in _tables) _pages[table.Name] = _roots.TryGetValue(table.Name, out var root) ? Walk(root, table.Name, table.HasKeys, table) : [];
        foreach (var (name, root) in _roots.Where(root => !_pages.ContainsKey(root.Key))) Walk(root, name, hasKeys: null);
        var free = FreePages();
        FindOrphans(free);
    }

    /// <summary>The version of the schema.</summary>
    public int SchemaVersion { get; }

    /// <summary>The tables that can be read.</summary>
    public IReadOnlyList<TableShape> Tables => _tables;

    /// <summary>The pages that a tree names and that cannot be read as one of its own, with the tree's name.</summary>
    public List<(string Tree, int Page)> UnreadablePages { get; } = [];

    /// <summary>How many pages no tree reached that were told by their rows.</summary>
    public int OrphanPages { get; private set; }

    /// <summary>How many cells of each table's pages hold no row that can be read, once its rows were read.</summary>
    public Dictionary<string, int> UnreadableRows { get; } = new(StringComparer.Ordinal);

    /// <summary>The rows of a table: first those that its tree reaches, in its order.</summary>
    public IEnumerable<SalvagedRow> Rows(string name)
    {
        if (_tables.Find(table => table.Name == name) is not { } table) yield break;
        UnreadableRows[name] = 0;
        foreach (var page in _pages[name])
            foreach (var row in BTreePage.Read(_image, page)?.Rows() ?? [])
            {
                if (row is not null && Fit(row, table) is { } salvaged) yield return salvaged;
                else UnreadableRows[name]++;
            }
    }

    /// <summary>The ids and keys of entries that their index still holds, of lost ones too.</summary>
    public IEnumerable<(string Id, long Key)> IndexedIds()
    {
        if (!_roots.TryGetValue(IdIndex, out var root)) yield break;
        var pages = new Stack<int>([root]);
        var seen = new HashSet<int>();
        while (pages.TryPop(out var number))
        {
            if (!seen.Add(number) || BTreePage.Read(_image, number) is not { HasKeys: false } page) continue;
            foreach (var child in page.Children()) pages.Push(child);
            foreach (var row in page.Rows())
                if (row?.Record is { Damage: RowDamage.None, Values: [string id, long key] } && EntryId.Parse(id) == id) yield return (id, key);
        }
    }

    /// <summary>The highest key that an entry was ever given, as the file says it; 0 when it does not.</summary>
    public long HighestKey() => !_roots.TryGetValue("sqlite_sequence", out var root) ? 0 : BTreePage.Read(_image, root)?.Rows()
        .Where(static row => row?.Record.Values is ["entries", long]).Select(static row => (long)row!.Record.Values[1]!).FirstOrDefault() ?? 0;

    // name -> root, from the schema's tree; where that is damaged, from every page that holds rows like its own.
    private Dictionary<string, int> Roots()
    {
        var roots = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var page in Walk(1, Schema, hasKeys: true)) Add(page);
        if (UnreadablePages.Count == 0 && roots.ContainsKey("entries")) return roots;
        for (var page = 2; page <= _image.PageCount; page++)
            if (Add(page)) _reached.Add(page);
        return roots;

        bool Add(int number)
        {
            var found = false;
            foreach (var row in BTreePage.Read(_image, number) is { HasKeys: true } page ? page.Rows() : [])
            {
                if (row?.Record.Values is not [string kind, string name, string, long root, null or string] || !Kinds.Contains(kind)) continue;
                found = true;
                if (root > 1 && root <= _image.PageCount) roots.TryAdd(name, (int)root);
            }
            return found;
        }
    }

    private int RecordedVersion()
    {
        if (!_roots.TryGetValue("schema_migrations", out var root) || BTreePage.Read(_image, root) is not { } page) return Migrator.Latest;
        var versions = page.Rows().Where(static row => row?.Record is { Damage: RowDamage.None, Values: [null, string, string, long] }).Select(static row => row!.Key).Where(static version => version is >= 1 and <= 10_000);
        return (int)versions.DefaultIfEmpty(Migrator.Latest).Max();
    }

    private List<int> Walk(int root, string name, bool? hasKeys, TableShape? table = null)
    {
        var rows = new List<int>();
        var next = new Stack<int>([root]);
        while (next.TryPop(out var number))
        {
            if (_reached.Contains(number)) continue;
            var page = BTreePage.Read(_image, number);
            if (page is null || page.HasKeys != (hasKeys ?? page.HasKeys) || !MayBeOf(page, table))
            {
                UnreadablePages.Add((name, number));
                continue;
            }
            hasKeys ??= page.HasKeys;
            _reached.Add(number);
            if (page.HasRows) rows.Add(number);
            foreach (var child in page.Children().Reverse()) next.Push(child);
        }
        return rows;
    }

    // A damaged page may name one of another table: that one is left to its own tree.
    private static bool MayBeOf(BTreePage page, TableShape? table)
    {
        if (table is null || !page.HasRows) return true;
        var rows = page.Rows().OfType<PageRow>().ToList();
        return rows.Count == 0 || rows.Exists(row => Fit(row, table) is not null);
    }

    // The list of free pages: its trunks hold the numbers of the others. What is free still holds former rows.
    private HashSet<int> FreePages()
    {
        var free = new HashSet<int>();
        var trunk = _image.Header.FirstFree;
        while (trunk > 1 && free.Add(trunk) && _image.Read(trunk) is { } bytes)
        {
            var count = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4));
            if (count < 0 || count > _image.Usable / 4 - 2) break;
            for (var i = 0; i < count; i++) free.Add(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8 + i * 4)));
            trunk = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes);
        }
        return free;
    }

    private void FindOrphans(HashSet<int> free)
    {
        for (var number = 2; number <= _image.PageCount; number++)
        {
            if (_reached.Contains(number) || free.Contains(number) || BTreePage.Read(_image, number) is not { HasRows: true } page) continue;
            var rows = page.Rows().OfType<PageRow>().ToList();
            // The table that most of the rows fit; of several, the one that asks most of them.
            var best = _tables.Where(table => table.HasKeys == page.HasKeys)
                .Select(table => (table.Name, Fits: rows.Count(row => Fit(row, table) is { } fit && fit.Values.All(value => RowTests.Pass(table.Name, value.Key, value.Value))), Asks: RowTests.Count(table.Name)))
                .Where(static match => match.Fits > 0).OrderByDescending(static match => match.Fits).ThenByDescending(static match => match.Asks).FirstOrDefault();
            if (best.Name is null) continue;
            _pages[best.Name].Add(number);
            OrphanPages++;
        }
    }

    // A row that is as the table's columns say; null when it is another table's, or damaged beyond use.
    private static SalvagedRow? Fit(PageRow row, TableShape table)
    {
        var stored = row.Record.Values;
        if (stored.Length > table.Columns.Count) return null;
        var values = new Dictionary<string, object?>(table.Columns.Count, StringComparer.Ordinal);
        for (var i = 0; i < stored.Length; i++)
        {
            var column = table.Columns[i];
            if (!IsOf(column, stored[i])) return null;
            values[column.Name] = column.IsKey ? row.Key : stored[i];
        }
        // Columns that a later migration added are not in rows from before; in a row that is cut, others are missing too.
        if ((row.Record.Damage & RowDamage.Cut) == 0 && table.Columns.Skip(stored.Length).Any(static column => column.Required)) return null;
        return new SalvagedRow(row, values);
    }

    private static bool IsOf(ColumnShape column, object? value) => value switch
    {
        null => column.IsKey || !column.Required,
        _ when column.IsKey => false,
        long => column.Type is "INTEGER" or "REAL",
        double => column.Type == "REAL",
        string => column.Type == "TEXT",
        _ => column.Type == "BLOB",
    };
}
