using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 15: a database of each schema that ever was, and one of another memory (codex-mem).</summary>
public sealed class Row15OlderSchemaTests
{
    private const int Entries = 40;

    [Fact]
    public void Row15_EachOlderSchema_IsBackedUpAndUpgraded()
    {
        for (var version = 1; version < OlderSchema.Latest; version++)
        {
            using var home = new TempHome();
            OlderSchema.Make(home.Database, version);
            OlderSchema.AddEntries(home.Database, Entries);
            var before = DatabaseFile.Column(home.Database, "SELECT id || body || occurred_at FROM entries ORDER BY key");
            using var server = McpProcess.StartInitialized(home);

            var read = server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray([.. Enumerable.Range(1, Entries).Select(static i => (JsonNode)Id(i))]) });

            Assert.False(read.IsError, read.Text);
            Assert.Equal(Enumerable.Range(1, Entries).Select(Text), read.Structured.Array("items").Select(static item => item!.AsObject().String("body")));
            Assert.Contains(Id(7), ToolCalls.Search(server, "older number 7"));
            ToolCalls.AssertWorks(server, "afterwards");
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
            Assert.Equal(before, DatabaseFile.Column(home.Database, $"SELECT id || body || occurred_at FROM entries WHERE key <= {Entries} ORDER BY key"));
            Assert.Equal(OlderSchema.Latest, DatabaseFile.Number(home.Database, "PRAGMA user_version"));
            DatabaseFile.AssertIntact(home.Database);
            var backup = Assert.Single(CliProcess.Json(home, ["backup", "list", "--db", home.Database]).Array("backups"))!.AsObject();
            Assert.Equal((version, "before-migrate"), ((int)backup.Object("manifest")["schema"]!, backup.Object("manifest").String("reason")));
            CliProcess.Run(home, ["backup", "verify", "--db", home.Database]).ShouldExitWith(0);
        }
        FaultRun.Report(15, "a database of an older schema", $"schemas 1 to {OlderSchema.Latest - 1}, {Entries} entries each, opened by a server", OlderSchema.Latest - 1,
            "every row equal, searchable, schema the latest; one verified backup of the old schema each", "nothing");
    }

    [Fact]
    public void Row15_DatabaseOfCodexMem_IsLeftAloneAndCanBeImported()
    {
        using var home = new TempHome();
        var peer = Path.Combine(home.Path, "codex-mem.db");
        DatabaseFile.Execute(peer, """
            CREATE TABLE projects (name TEXT PRIMARY KEY, created_at TEXT NOT NULL);
            CREATE TABLE sessions (id TEXT PRIMARY KEY, project TEXT NOT NULL, created_at TEXT NOT NULL);
            CREATE TABLE entries (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, entry_type TEXT NOT NULL, project TEXT NOT NULL, session_id TEXT,
                source_ref TEXT, metadata_json TEXT NOT NULL DEFAULT '{}', created_at TEXT NOT NULL, created_at_unix_ms INTEGER NOT NULL);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
            INSERT INTO entries SELECT printf('peer-%d', i), 'Title ' || i, 'The peer remembers fact ' || i, 'note', 'project', NULL, NULL, '{}', '2026-01-02T03:04:05.678Z', 1767323045678 + i FROM n;
            """);
        var bytes = File.ReadAllBytes(peer);
        using (var server = McpProcess.StartInitialized(home, ["mcp", "--db", peer]))
        {
            foreach (var tool in ToolCalls.Names)
            {
                var refused = server.CallTool(tool, ToolCalls.Valid(tool, "06BQ1Z7K3M9XWVTD"));
                Assert.Equal("MIGRATION_FAILURE", refused.ErrorCode);
                Assert.Contains("made by another program. Nothing was changed: name another file", refused.Text, StringComparison.Ordinal);
            }
        }

        var imported = CliProcess.Json(home, ["import", peer, "--db", home.Database]);

        Assert.Equal((30, bytes.Length), ((int)imported["imported"]!, File.ReadAllBytes(peer).Length));
        Assert.Equal(bytes, File.ReadAllBytes(peer));
        Assert.Equal(
            Enumerable.Range(1, 30).Select(static i => string.Create(CultureInfo.InvariantCulture, $"The peer remembers fact {i}")),
            DatabaseFile.Column(home.Database, "SELECT body FROM entries ORDER BY occurred_at"));
        FaultRun.Report(15, "another memory's database (codex-mem)", "named with --db, and imported", 1,
            "not a byte of it changed; its 30 entries imported, each equal", "MIGRATION_FAILURE: made by another program; name another file with --db");
    }

    private static string Id(int number) => number.ToString("D16", CultureInfo.InvariantCulture);

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"An older entry number {number}");
}
