using Cairn.Engine.Entries;
using Cairn.Engine.Transfer;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Transfer;

/// <summary>Other memories' files, made here by their published schemas.</summary>
public sealed class ForeignImportTests : IDisposable
{
    private const string CodexMemSchema = """
        CREATE TABLE projects (name TEXT PRIMARY KEY, created_at TEXT NOT NULL);
        CREATE TABLE sessions (id TEXT PRIMARY KEY, project TEXT NOT NULL, created_at TEXT NOT NULL);
        CREATE TABLE entries (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, entry_type TEXT NOT NULL, project TEXT NOT NULL, session_id TEXT,
            source_ref TEXT, metadata_json TEXT NOT NULL DEFAULT '{}', created_at TEXT NOT NULL, created_at_unix_ms INTEGER NOT NULL);
        INSERT INTO entries VALUES
            ('11111111-aaaa', 'A decision', 'We use SQLite.', 'decision', 'default', 's-1', 'docs/a.md', '{"tags":["db","x"],"n":1.50}', '2026-01-02T03:04:05.678Z', 1767323045678),
            ('22222222-bbbb', 'A note', 'Text', 'note', 'app', NULL, NULL, '{}', '2026-01-03T00:00:00.000Z', 1767398400000),
            ('33333333-cccc', 'Empty', ' ', 'note', 'app', NULL, NULL, 'no json', '2026-01-03T00:00:00.000Z', 1767398400000);
        """;

    private readonly TransferFixture _transfer = new();

    public void Dispose() => _transfer.Dispose();

    [Fact]
    public void CodexMem_ItsDatabase_ComesInWithTimesProjectsAndIds()
    {
        var path = Database(CodexMemSchema);

        var result = _transfer.Import(path);

        Assert.Equal(ImportFormats.CodexMem, result.Format);
        Assert.Equal((2, 0, 1), TransferFixture.Counts(result));
        Assert.Equal("entries 33333333-cccc", Assert.Single(result.Skipped!).Where);
        var entry = Assert.Single(All("default"));
        Assert.Equal(("A decision", "We use SQLite.", "decision", "s-1", "docs/a.md", "import"), (entry.Title, entry.Body, entry.EntryType, entry.SessionId, entry.SourceRef, entry.Origin));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1767323045678), entry.CreatedAt);
        Assert.Equal(["db", "x"], entry.Tags);
        Assert.Equal("""{"imported_from":{"system":"codex-mem","id":"11111111-aaaa"},"tags":["db","x"],"n":1.50}""", entry.Metadata!.Value.GetRawText());
        Assert.Equal(_transfer.Into.Time.GetUtcNow(), entry.RecordedAt);
        Assert.Equal((0, 2, 1), TransferFixture.Counts(_transfer.Import(path, ImportFormats.CodexMem)));
    }

    [Fact]
    public void CodexMem_OpenInItsProgram_IsReadWithWhatIsInItsLog()
    {
        var path = Database("PRAGMA journal_mode = WAL;" + CodexMemSchema);
        using var peer = Open(path);
        Run(peer, "INSERT INTO entries VALUES ('44444444-dddd', 'Late', 'In the log alone', 'note', 'late', NULL, NULL, '{}', '', 1767398400001)");
        var before = Files(path);

        var result = _transfer.Import(path);

        Assert.Equal(3, result.Imported);
        Assert.Equal("In the log alone", Assert.Single(All("late")).Body);
        Assert.Equal(before, Files(path));
        Run(peer, "DELETE FROM entries"); // it was not held up
    }

    [Theory]
    [InlineData("PRAGMA journal_mode = WAL;")]
    [InlineData("")]
    public void CodexMem_ClosedByItsProgram_IsLeftAsItWas(string mode)
    {
        var path = Database(mode + CodexMemSchema);
        var (before, bytes) = (Files(path), File.ReadAllBytes(path));

        _transfer.Import(path);

        Assert.Equal(before, Files(path));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void CodexMem_TooLongLines_AreShortenedAndSaid()
    {
        var path = Database(CodexMemSchema + "DELETE FROM entries;" + Row("5", $"'{new string('t', 400)}'", "'Body'") + Row("6", "'Title'", "printf('%.*c', 300000, 'b')")
            + Row("7", "'Title'", "printf('%.*c', 3000000, 'b')") + Row("8", "'a' || char(27) || 'b' || char(10) || 'c'", "'Body 8'") + Row("9", "'Nul'", "'x' || char(0)"));

        var result = _transfer.Import(path);

        Assert.Equal((2, 0, 3), TransferFixture.Counts(result));
        Assert.Equal("title shortened from 400 to 300 characters", Assert.Single(result.Notes!).Reason);
        Assert.Equal(["entries 6", "entries 7", "entries 9"], result.Skipped!.Select(remark => remark.Where).Order(StringComparer.Ordinal));
        Assert.Equal([300, 5], All("p").OrderBy(entry => entry.Title.Length).Select(entry => entry.Title.Length).Reverse());
    }

    [Fact]
    public void CodexMem_SecretAtTheEdgeOfAShortenedTitle_IsRedactedFirst()
    {
        var secret = string.Concat("AKIA", "QYLPMN5H", "FIQR7BXA");
        var path = Database(CodexMemSchema + "DELETE FROM entries;" + Row("5", $"'{new string('t', 285)} {secret} more'", "'Body'"));

        var result = _transfer.Import(path);

        Assert.Equal((1, 1), (result.Imported, result.Redactions));
        Assert.False(_transfer.Into.Holds(secret[..10]));
    }

    [Fact]
    public void CodexMem_LargeMetadata_KeepsWhatFits()
    {
        var path = Database(CodexMemSchema + "DELETE FROM entries;"
            + "INSERT INTO entries VALUES ('5', 'T', 'B', 'note', 'p', NULL, NULL, json_object('a', 1, 'big', printf('%.*c', 20000, 'b'), 'z', 2), '', 1767398400001);");

        var result = _transfer.Import(path);

        Assert.Contains("1 members of metadata left out", Assert.Single(result.Notes!).Reason, StringComparison.Ordinal);
        Assert.Equal("""{"imported_from":{"system":"codex-mem","id":"5"},"a":1,"z":2}""", Assert.Single(All("p")).Metadata!.Value.GetRawText());
    }

    [Fact]
    public void ClaudeMem_ItsDatabase_BringsObservationsSummariesAndDirectives()
    {
        var path = Database("""
            CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY, content_session_id TEXT, memory_session_id TEXT, project TEXT);
            CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL, project TEXT NOT NULL, text TEXT, type TEXT NOT NULL, title TEXT,
                subtitle TEXT, facts TEXT, narrative TEXT, concepts TEXT, files_read TEXT, files_modified TEXT, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
            CREATE TABLE session_summaries (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL, project TEXT NOT NULL, request TEXT, investigated TEXT, learned TEXT,
                completed TEXT, next_steps TEXT, files_read TEXT, files_edited TEXT, notes TEXT, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
            CREATE TABLE directives (id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT, content TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
            CREATE TABLE user_prompts (id INTEGER PRIMARY KEY, prompt_text TEXT);
            INSERT INTO observations VALUES (7, 'm-1', 'app', NULL, 'bugfix', 'Race fixed', 'In the writer', '["First fact","Second fact"]', 'An await was missing.',
                '["problem-solution","gotcha"]', '["src/b.cs"]', '["src/a.cs","src/b.cs"]', '2026-01-02T03:04:05.678Z', 1767323045678);
            INSERT INTO observations VALUES (8, 'm-1', 'app', 'Only a text', 'discovery', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-01-02T03:04:06.000Z', 1767323046000);
            INSERT INTO session_summaries VALUES (1, 'm-1', 'app', 'Fix the race', NULL, 'Locks matter', 'Fixed', 'Write a test', NULL, NULL, NULL, '2026-01-02T03:05:00.000Z', 1767323100000);
            INSERT INTO directives VALUES (1, 'app', 'Never force-push.', 'active', '', 1767323100001), (2, NULL, 'Old rule', 'retired', '', 1767323100002);
            INSERT INTO user_prompts VALUES (1, 'a prompt is no memory');
            """);

        var result = _transfer.Import(path);

        Assert.Equal(ImportFormats.ClaudeMem, result.Format);
        Assert.Equal((4, 0, 0), TransferFixture.Counts(result));
        var entries = All("app");
        Assert.Equal(["bugfix", "discovery", "handoff", "preference"], entries.Select(entry => entry.EntryType).Order(StringComparer.Ordinal));
        var bugfix = entries.Single(entry => entry.EntryType == "bugfix");
        Assert.Equal(("Race fixed", "In the writer\n\nAn await was missing.\n\n- First fact\n- Second fact", "m-1"), (bugfix.Title, bugfix.Body, bugfix.SessionId));
        Assert.Equal(["problem-solution", "gotcha"], bugfix.Tags);
        Assert.Equal("""["src/a.cs","src/b.cs"]""", bugfix.Metadata!.Value.GetProperty("paths").GetRawText());
        Assert.Equal("Request: Fix the race\n\nLearned: Locks matter\n\nCompleted: Fixed\n\nNext steps: Write a test", entries.Single(entry => entry.EntryType == "handoff").Body);
        Assert.Equal((0, 4, 0), TransferFixture.Counts(_transfer.Import(path)));
    }

    [Fact]
    public void Engram_ItsDatabase_BringsWhatWasNotDeletedWithPins()
    {
        var path = Database("""
            CREATE TABLE sessions (id TEXT PRIMARY KEY, project TEXT NOT NULL, directory TEXT, started_at TEXT, ended_at TEXT, summary TEXT);
            CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, sync_id TEXT, session_id TEXT, type TEXT, title TEXT, content TEXT, tool_name TEXT, project TEXT,
                scope TEXT, topic_key TEXT, normalized_hash TEXT, pinned BOOLEAN, created_at TEXT, updated_at TEXT, deleted_at TEXT);
            INSERT INTO observations VALUES (1, 'obs-1', 's1', 'decision', 'Use pnpm', 'We use pnpm workspaces.', NULL, 'app', 'project', 'tooling/pnpm', 'h', 1, '2026-01-02 03:04:05', '', NULL),
                (2, 'obs-2', 's1', 'note', 'Gone', 'Deleted there', NULL, 'app', 'project', NULL, 'h', 0, '2026-01-02 03:04:05', '', '2026-01-03 00:00:00'),
                (3, NULL, 's1', 'note', 'No project', 'Personal', NULL, NULL, 'personal', NULL, 'h', 0, '2026-01-02 03:04:05', '', NULL);
            INSERT INTO sessions VALUES ('s1', 'app', '/x', '2026-01-02 03:00:00', '2026-01-02 04:00:00', 'What was done'), ('s2', 'app', '/x', '2026-01-02 03:00:00', NULL, NULL);
            """);

        var result = _transfer.Import(path);

        Assert.Equal(ImportFormats.Engram, result.Format);
        Assert.Equal((3, 0, 0), TransferFixture.Counts(result));
        var decision = All("app").Single(entry => entry.EntryType == "decision");
        Assert.Equal((true, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), (decision.Pinned, decision.CreatedAt));
        Assert.Equal("tooling/pnpm", decision.Metadata!.Value.GetProperty("topic_key").GetString());
        Assert.Equal("What was done", All("app").Single(entry => entry.EntryType == "handoff").Body);
        Assert.Equal("Personal", Assert.Single(All(EngineFixture.Project)).Body);
    }

    [Fact]
    public void ServerMemory_ItsFile_BringsAnEntryAFactAndIsFoundAgainWhenItGrew()
    {
        string[] lines =
        [
            """{"type":"entity","name":"Ada","entityType":"person","observations":["Speaks French","Likes looms"]}""",
            """{"type":"relation","from":"Ada","to":"Engine","relationType":"wrote_for"}""",
            """{"type":"entity","name":"Engine","entityType":"thing","observations":[]}""",
            """{"type":"cake"}""",
        ];
        var path = _transfer.File("memory.json", lines);

        var result = _transfer.Import(path, project: "people");
        _transfer.File("memory.json", [lines[0].Replace("]", ",\"Wrote notes\"]", StringComparison.Ordinal), .. lines[1..3]]);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var again = _transfer.Import(path, project: "people");

        Assert.Equal(ImportFormats.ServerMemory, result.Format);
        Assert.Equal((4, 0, 1), TransferFixture.Counts(result));
        Assert.Equal((1, 4, 0), TransferFixture.Counts(again));
        Assert.Equal(["Ada wrote_for Engine|relation", "Ada|person", "Ada|person", "Ada|person", "Engine|thing"],
            All("people").Select(entry => $"{entry.Title}|{entry.EntryType}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Markdown_Notes_ComeInWithWhatTheirFrontMatterSays()
    {
        Directory.CreateDirectory(_transfer.PathOf("notes/deep/.hidden"));
        _transfer.File("notes/deep/a.md", "---", "title: Plain 'quoted' title", "tags: [one, \"two words\", 'it''s']", "date: 2026-01-02", "project: wiki", "aliases:", "  - x", "  - y", "rating: 4.50",
            "summary: |", "  two", "  lines", "# a comment", "---", "", "The text.", "--- not the end");
        _transfer.File("notes/b.md", "# A heading", "", "Text b");
        _transfer.File("notes/c.md", "---", "never closed");
        _transfer.File("notes/empty.md");
        _transfer.File("notes/no.txt", "not Markdown");
        _transfer.File("notes/deep/.hidden/d.md", "hidden");

        var result = _transfer.Import(_transfer.PathOf("notes"));

        Assert.Equal(ImportFormats.Markdown, result.Format);
        Assert.Equal((3, 0, 1), TransferFixture.Counts(result));
        Assert.Equal(("empty.md", "is empty"), (result.Skipped![0].Where, result.Skipped[0].Reason));
        var a = Assert.Single(All("wiki"));
        Assert.Equal(("Plain 'quoted' title", "The text.\n--- not the end", "deep/a.md"), (a.Title, a.Body, a.SourceRef));
        Assert.Equal(["one", "two words", "it's"], a.Tags);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), a.CreatedAt);
        Assert.Equal("""{"imported_from":{"system":"markdown","id":"deep/a.md"},"aliases":["x","y"],"rating":4.50,"summary":"two\nlines"}""", a.Metadata!.Value.GetRawText());
        Assert.Equal(["A heading", "c"], All(EngineFixture.Project).Select(entry => entry.Title).Order(StringComparer.Ordinal));
        Assert.Equal((0, 3, 1), TransferFixture.Counts(_transfer.Import(_transfer.PathOf("notes"))));
    }

    [Fact]
    public void Foreign_SameSecondImportAfterAPurge_DoesNotComeBack()
    {
        var path = Database(CodexMemSchema);
        _transfer.Import(path);
        _transfer.Into.Purge(Assert.Single(All("app")).Id);

        Assert.Equal((0, 1, 2), TransferFixture.Counts(_transfer.Import(path)));
    }

    private static string Row(string id, string title, string body) =>
        $"INSERT INTO entries VALUES ('{id}', {title}, {body}, 'note', 'p', NULL, NULL, '{{}}', '', 1767398400001);";

    private List<Entry> All(string project) =>
        [.. _transfer.Into.Rows($"SELECT e.id FROM entries e JOIN projects p ON p.key = e.project_key WHERE p.name = '{project}' ORDER BY e.key").Select(_transfer.Into.Get)];

    private string Database(string sql)
    {
        var path = _transfer.PathOf($"peer {Guid.NewGuid():N} 100%#.db");
        using var connection = Open(path);
        Run(connection, sql);
        return path;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Files(string path) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}*").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
}
