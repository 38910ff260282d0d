using System.Globalization;
using System.Security.Cryptography;
using Cairn.Engine.Entries;
using Cairn.Engine.Recovery;
using Cairn.Engine.Retention;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Recovery;

/// <summary>
/// A database with entries of every size and state, made once: its bytes, and what was saved in it. Enough of it that its
/// trees have several levels; with free pages, since some of it was purged.
/// </summary>
internal sealed class SavedDatabase
{
    private const int Entries = 500;

    private static readonly Lazy<SavedDatabase> Made = new(() => new SavedDatabase());

    private SavedDatabase()
    {
        using var cairn = new EngineFixture();
        var first = cairn.Save("The first of all");
        Fill(cairn);
        Change(cairn, first);
        Dump = Read(cairn.DatabasePath);
        cairn.Engine.Dispose();
        Bytes = File.ReadAllBytes(cairn.DatabasePath);
        Saved = ReadEntries(cairn.DatabasePath);
        Pages = Classify(cairn.DatabasePath);
    }

    public static SavedDatabase Instance => Made.Value;

    /// <summary>The file, without a log.</summary>
    public byte[] Bytes { get; }

    /// <summary>Each entry as a line, by id.</summary>
    public IReadOnlyDictionary<string, string> Saved { get; }

    /// <summary>All rows of all tables but the index's.</summary>
    public IReadOnlyList<string> Dump { get; }

    /// <summary>The pages of each kind, and on which pages each entry stands.</summary>
    public PageKinds Pages { get; }

    /// <summary>Each entry of a database as a line, by id: what a user sees of it.</summary>
    public static Dictionary<string, string> ReadEntries(string path)
    {
        using var connection = DatabaseConnection.Open(path, 1024);
        return connection.Query(
            """
            SELECT e.id, e.id || '|' || p.name || '|' || e.state || '|' || e.occurred_at || '|' || e.recorded_at || '|' || e.pinned || '|' || e.origin || '|' || e.entry_type || '|' ||
                   coalesce(e.source_ref, '-') || '|' || coalesce(e.tags, '-') || '|' || coalesce(e.metadata, '-') || '|' || e.title || '|' || e.search_text || '|' || e.body
            FROM entries e JOIN projects p ON p.key = e.project_key
            """, static row => (Id: row.GetString(0), Line: row.GetString(1))).ToDictionary(static row => row.Id, static row => row.Line);
    }

    /// <summary>All rows of all tables but the index's, sorted.</summary>
    public static List<string> Read(string path)
    {
        using var connection = DatabaseConnection.Open(path, 1024);
        var lines = new List<string>();
        foreach (var table in SchemaObjects.Tables(Migrator.Latest))
        {
            var columns = string.Join(" || '|' || ", table.Columns.Select(static column => $"quote(\"{column.Name}\")"));
            lines.AddRange(connection.Query($"SELECT {columns} FROM \"{table.Name}\" NOT INDEXED", row => $"{table.Name}: {row.GetString(0)}").Order(StringComparer.Ordinal));
        }
        return lines;
    }

    private static void Fill(EngineFixture cairn)
    {
        using var connection = DatabaseConnection.Open(cairn.DatabasePath, 4096);
        connection.ExecuteScript("BEGIN IMMEDIATE");
        var random = new Random(20261124);
        for (var i = 0; i < Entries; i++)
        {
            // Most on one page, some over several.
            var length = random.Next(10) switch { 0 => random.Next(5_000, 20_000), 1 => random.Next(2_000, 5_000), _ => random.Next(20, 600) };
            var words = new List<string> { $"entry{i}" };
            for (var size = 0; size < length; size += words[^1].Length + 1) words.Add(Word(random));
            var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(i);
            var draft = EntryDraft.From(new NewEntry { Text = string.Join(' ', words), Type = i % 7 == 0 ? "decision" : "note", Tags = i % 3 == 0 ? [$"tag{i % 5}", "größe"] : [], SourceRef = i % 4 == 0 ? $"src/file{i}.cs" : null });
            EntryStore.Insert(connection, EntryId.New(time), draft, new EntryProvenance(1, null, EntryOrigin.User, "main", null, 1), pinned: i % 50 == 0, time, time);
        }
        connection.ExecuteScript("COMMIT");
    }

    private static void Change(EngineFixture cairn, string first)
    {
        cairn.Save("In another project", cairn.In("other"));
        cairn.Update(new EntryChange { Id = first, Action = EntryAction.Revise, Text = "The first of all, revised" });
        cairn.Update(cairn.Save(new NewEntry { Text = "With a session", Title = "A title", Tags = ["one"], Type = "handoff" }, cairn.Context with { SessionId = "session-1", Client = "test" }), EntryAction.Forget);
        // As purges do, but for the last step, after which no page would be free.
        cairn.Sql("INSERT INTO purged_entries (id, purged_at) SELECT id, 1800000000000 FROM entries WHERE key BETWEEN 100 AND 160; DELETE FROM entries WHERE key BETWEEN 100 AND 160");
        cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });
        cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 10 });
    }

    private static string Word(Random random)
    {
        Span<char> word = stackalloc char[random.Next(3, 10)];
        foreach (ref var c in word) c = random.Next(40) == 0 ? 'é' : (char)('a' + random.Next(26));
        return new string(word);
    }

    private static PageKinds Classify(string path)
    {
        List<(string Name, int Root)> roots;
        using (var connection = DatabaseConnection.Open(path, 1024))
            roots = connection.Query("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0", static row => (row.GetString(0), row.GetInt32(1)));
        using var file = DamagedDatabase.At(path);
        var pages = new PageKinds();
        Walk("schema", 1);
        foreach (var (name, root) in roots) Walk(name is "entries" ? "entries" : name.StartsWith("entries_fts", StringComparison.Ordinal) ? "full-text" : "other", root);
        var trunk = file.FileAlone.Header.FirstFree;
        for (var page = 2; page <= file.FileAlone.PageCount; page++)
            if (!pages.Of.Values.Any(known => known.Contains(page))) pages.Add("free", page);
        Assert.True(trunk > 0);
        return pages;

        void Walk(string name, int number)
        {
            var page = BTreePage.Read(file.FileAlone, number)!;
            var kind = (name, page.HasKeys, page.IsInterior) switch
            {
                ("schema", _, _) => "schema",
                ("full-text", _, _) => "full-text",
                ("entries", _, true) => "interior",
                ("entries", _, false) => "leaf",
                (_, false, _) => "index",
                _ => "other",
            };
            pages.Add(kind, number);
            foreach (var row in page.Rows().OfType<PageRow>())
            {
                foreach (var overflow in row.OverflowPages) pages.Add(kind == "leaf" ? "overflow" : kind, overflow);
                if (kind == "leaf") pages.Entries[(string)row.Record.Values[1]!] = [number, .. row.OverflowPages];
            }
            foreach (var child in page.Children()) Walk(name, child);
        }
    }
}

/// <summary>The numbers of a database's pages, by what they hold.</summary>
internal sealed class PageKinds
{
    public Dictionary<string, List<int>> Of { get; } = [];

    /// <summary>The pages on which an entry stands, by its id.</summary>
    public Dictionary<string, int[]> Entries { get; } = [];

    public void Add(string kind, int page)
    {
        if (!Of.TryGetValue(kind, out var pages)) Of[kind] = pages = [];
        pages.Add(page);
    }
}

/// <summary>A copy of the saved database in a folder of its own, to be damaged.</summary>
internal sealed class DamagedCopy : IDisposable
{
    public const int PageSize = 4096;

    public DamagedCopy()
    {
        Folder = Directory.CreateTempSubdirectory("cairn-test-").FullName;
        Path = System.IO.Path.Combine(Folder, "memory.db");
        Bytes = [.. SavedDatabase.Instance.Bytes];
    }

    public string Folder { get; }

    public string Path { get; }

    /// <summary>The file as it is to be; <see cref="Open"/> writes it.</summary>
    public byte[] Bytes { get; set; }

    /// <summary>The pages that were damaged.</summary>
    public HashSet<int> Damaged { get; } = [];

    /// <summary>Overwrites 200 bytes somewhere on a page.</summary>
    public void Overwrite(int page, Random random)
    {
        Damaged.Add(page);
        random.NextBytes(Bytes.AsSpan((page - 1) * PageSize + random.Next(PageSize - 200), 200));
    }

    /// <summary>Overwrites a whole page with zeros.</summary>
    public void Clear(int page)
    {
        Damaged.Add(page);
        Bytes.AsSpan((page - 1) * PageSize, PageSize).Clear();
    }

    /// <summary>Writes the file, and an engine over it.</summary>
    public CairnEngine Open()
    {
        File.WriteAllBytes(Path, Bytes);
        return new CairnEngine(new EngineOptions { DatabasePath = Path, HomeDirectory = Folder });
    }

    /// <summary>Whether no page of an entry was damaged.</summary>
    public bool IsUntouched(string id) => !SavedDatabase.Instance.Pages.Entries[id].Any(Damaged.Contains);

    /// <summary>The hash of every file in the folder, by name.</summary>
    public Dictionary<string, string> Hashes() => Directory.EnumerateFiles(Folder).ToDictionary(static file => System.IO.Path.GetFileName(file), static file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"pages {string.Join(", ", Damaged.Order())} damaged");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
