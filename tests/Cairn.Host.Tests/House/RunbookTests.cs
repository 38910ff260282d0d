using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>
/// The procedures of docs/operations-runbook.md, each walked from its first step to its last as an operator does, with a look
/// at what the operator looks at. Details of the commands have tests of their own; the false alarm of the policy is walked in
/// PolicyCommandTests.
/// </summary>
public sealed class RunbookTests : IDisposable
{
    private const int PageSize = 4096;

    private readonly TempHome _home = new();

    private string Folder => Path.GetDirectoryName(_home.DefaultDatabase)!;

    private string SessionLog => Path.Combine(_home.Project, "session-log.md");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Startup()
    {
        Assert.Matches(@"\d+\.\d+\.\d+", Done("version"));
        Assert.Contains(_home.DefaultDatabase, Done("config"), StringComparison.Ordinal);
        Assert.StartsWith("Applied: ", Done("migrate", "up"), StringComparison.Ordinal);
        Assert.Contains("All steps passed.", Done("smoke"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^fail\b", Done("health"));

        using var server = McpProcess.StartInitialized(_home, ["mcp"]);
        var id = ToolCalls.Save(server, "The first basalt");
        Assert.Equal([id], ToolCalls.Search(server, "basalt"));
        Assert.Equal("The first basalt", server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Structured.Array("items")[0]!.AsObject().String("body"));
        Assert.Equal(id, server.CallTool("timeline", new JsonObject { ["anchor_id"] = id }).Structured.String("anchor_id"));
    }

    [Fact]
    public void Shutdown()
    {
        using var idle = McpProcess.StartInitialized(_home, ["mcp"]);
        using var ended = McpProcess.StartInitialized(_home, ["mcp"]);
        ToolCalls.Save(idle, "Something to keep");
        ToolCalls.Search(ended, "keep");

        ended.CloseInput();
        Assert.Equal(0, ended.WaitForExit());
        var status = Done("status");
        Assert.Matches($"(?m)^{idle.Id} .* idle", status);
        Assert.DoesNotMatch($"(?m)^{ended.Id} ", status);
        Assert.Contains($"gone {idle.Id}", Done("stop", "--all"), StringComparison.Ordinal);
        Assert.Equal(0, idle.WaitForExit());

        Assert.False(File.Exists(_home.DefaultDatabase + "-wal") || File.Exists(_home.DefaultDatabase + "-shm"));
        Assert.Contains("server.stop", Done("logs", "tail"), StringComparison.Ordinal);
        Done("logs", "archive");
    }

    [Fact]
    public void Weekly()
    {
        Save("A decision of this week");

        Done("health");
        Assert.Contains("No failures since", Done("logs", "errors"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^fail\b", Done("integrity", "check"));
        Done("backup", "create", "--record", SessionLog);
        Assert.Contains("pass", Done("backup", "verify"), StringComparison.Ordinal);
        Done("backup", "prune");
        Done("retention", "dry-run", "--max-age-days", "365", "--max-entries-per-project", "2000");
        Assert.Contains("dry-run", Done("retention", "history"), StringComparison.Ordinal);

        Recorded("backup ");
    }

    [Fact]
    public void BackupAndRestore()
    {
        var kept = Save("A needle from before the backup");
        Done("backup", "create", "--to", "../elsewhere", "--record", SessionLog);
        var name = Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(_home.Path, "elsewhere"), "*.db")));
        Assert.Contains(name, Done("backup", "list", "--in", "../elsewhere"), StringComparison.Ordinal);
        Done("backup", "verify", "--all", "--in", "../elsewhere");
        var later = Save("A needle from after the backup");

        var restored = Done("restore", name, "--in", "../elsewhere", "--record", SessionLog);

        Assert.Contains("1 entry was saved after the backup", restored, StringComparison.Ordinal);
        Assert.Contains("The schema is the latest.", Done("migrate", "up"), StringComparison.Ordinal);
        Assert.Contains("All steps passed.", Done("smoke"), StringComparison.Ordinal);
        Assert.Equal([kept], Found("needle"));
        Cairn("get", later).ShouldExitWith(4);
        Done("health");
        Recorded("backup ", "restore of ");
    }

    [Fact]
    public void MigrationFailure()
    {
        var id = Save("A needle that must stay");
        Done("backup", "create");
        var backup = Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(Folder, "backups"), "*.db")));
        // What the next migrations make is there already: they must fail.
        DatabaseFile.Execute(_home.DefaultDatabase, "PRAGMA user_version = 1; DELETE FROM schema_migrations WHERE version > 1");

        Assert.Contains("would apply", Done("migrate", "up", "--dry-run"), StringComparison.OrdinalIgnoreCase);
        var failed = Cairn("migrate", "up", "--record", SessionLog).ShouldExitWith(1);
        Assert.Contains("MIGRATION_FAILURE", failed.Error, StringComparison.Ordinal);
        Assert.Matches(@"[Mm]igration \d", failed.Error);
        Assert.Equal(1, DatabaseFile.Number(_home.DefaultDatabase, "PRAGMA user_version"));

        Done("restore", backup, "--record", SessionLog);
        Assert.Contains("The schema is the latest.", Done("migrate", "up"), StringComparison.Ordinal);
        Assert.Equal([id], Found("needle"));
        Done("health");
        Recorded("migrate up failed: ", "restore of ");
    }

    [Fact]
    public void Retention_FromADryRunToAPurge()
    {
        var (old, young) = (Save("The old needle"), Save("The young needle"));
        var rule = new[] { "retention", "dry-run", "--max-entries-per-project", "1" };

        var run = Json(rule).String("run_id");
        Assert.Contains(old, Done(rule), StringComparison.Ordinal);
        Done("retention", "explain");
        CliProcess.AssertRefused(_home, 2, "is not approved", ["retention", "apply", run]);
        Done("retention", "approve", run);
        Done("retention", "apply", run, "--record", SessionLog);
        Assert.Equal([young], Found("needle"));
        Done("backup", "verify");
        Done("retention", "undo", run);
        Assert.Equal([old, young], Found("needle").Order());

        run = Json(rule).String("run_id");
        Done("retention", "approve", run);
        Done("retention", "apply", run, "--record", SessionLog);
        Done("retention", "purge", run, "--grace-days", "0", "--yes");
        Cairn("get", old).ShouldExitWith(4);
        Done("get", young);
        Done("retention", "history");
        Recorded("retention run ", "retention run ");
    }

    [Fact]
    public void RetentionSpike()
    {
        string[] rule = ["retention", "dry-run", "--max-entries-per-project", "2"];
        Save("One", "--project", "billing");
        var before = Json(rule);
        foreach (var number in Enumerable.Range(0, 4)) Save($"Number {number}", "--project", "billing");
        var after = Json(rule);
        Assert.Equal((0, 3), ((int)before["total_candidates"]!, (int)after["total_candidates"]!));

        Assert.Contains("billing", Done("retention", "explain"), StringComparison.Ordinal);
        Assert.Equal(3, (int)Json("retention", "rerun", after.String("run_id")).Object("run")["total_candidates"]!);
        Assert.Equal(3, (int)Json([.. rule, "--project", "billing"])["total_candidates"]!);
        Assert.Matches(@"billing +5 ", Done("project", "list"));
        Assert.Equal(4, Regex.Count(Done("retention", "history", "--limit", "100"), "dry-run"));
        Assert.Equal(5, DatabaseFile.Count(_home.DefaultDatabase, "entries"));
    }

    [Fact]
    public void DamageOrMissingEntries()
    {
        var ids = Enumerable.Range(0, 12).Select(number => Save($"Needle number {number} {new string('x', 900)}")).ToList();
        Done("backup", "create");
        var backup = Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(Folder, "backups"), "*.db")));
        var later = Save("Newer than the backup: feldspar");
        Damage("Needle number 6 "u8);

        Done("freeze", "--reason", "entries are missing", "--record", SessionLog);
        Assert.Contains("entries are missing", Cairn("save", "Too late").ShouldExitWith(1).Error, StringComparison.Ordinal);
        Assert.Equal([later], Found("feldspar"));
        Assert.Contains(backup, Cairn("integrity", "check").ShouldExitWith(1).Output, StringComparison.Ordinal);
        var recovered = Path.Combine(Folder, "recovered.db");
        Cairn("recover", "--into", recovered, "--record", SessionLog).ShouldExitWith(0);
        Done("backup", "verify", recovered);

        Done("restore", backup, "--record", SessionLog);
        Assert.DoesNotMatch(@"(?m)^fail\b", Done("integrity", "check"));
        Done("unfreeze", "--record", SessionLog);
        Done("export", "--db", recovered, "--output", "later.jsonl");
        Done("import", "later.jsonl");

        Assert.Equal([later], Found("feldspar"));
        Assert.All(ids, id => Done("get", id));
        Done("health");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Folder, "backups"), "*.damaged"));
        Recorded("freeze of ", "recover of ", "restore of ", "unfreeze of ");
    }

    [Fact]
    public void SearchDegradation()
    {
        var id = Save("A needle of basalt");
        Found("needle");
        Done("index", "check");
        Done("index", "stats", "--days", "30");
        DatabaseFile.Execute(_home.DefaultDatabase, "DROP TABLE entries_fts");

        Assert.Contains("cairn index rebuild", Cairn("index", "check").ShouldExitWith(1).Output, StringComparison.Ordinal);
        var rebuilt = Done("index", "rebuild");
        Assert.Matches(@"memory-\w+\.db", rebuilt);
        Done("index", "check");
        Assert.Contains("median", Done("index", "rebuild"), StringComparison.Ordinal);
        Done("backup", "verify", "--all");
        Assert.Equal([id], Found("needle"));
    }

    [Fact]
    public void SecretThatWasSaved()
    {
        var id = Save("The word is tourmaline");
        Done("backup", "create");

        Assert.Contains("memory-", Done("purge", id, "--yes", "--reason", "held a secret"), StringComparison.Ordinal);
        Done("backup", "scrub", "--all");

        Cairn("get", id).ShouldExitWith(4);
        Done("backup", "verify", "--all");
        Assert.All(Directory.GetFiles(Folder, "*", SearchOption.AllDirectories), static file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("tourmaline"u8)));
    }

    // Zeros over the page on which this text stands.
    private void Damage(ReadOnlySpan<byte> text)
    {
        var bytes = File.ReadAllBytes(_home.DefaultDatabase);
        bytes.AsSpan(bytes.AsSpan().IndexOf(text) / PageSize * PageSize, PageSize).Clear();
        File.WriteAllBytes(_home.DefaultDatabase, bytes);
    }

    // The lines of the session log, which are these and no others, in this order.
    private void Recorded(params string[] beginnings)
    {
        var lines = File.ReadAllLines(SessionLog)[2..];
        Assert.True(lines.Length == beginnings.Length, string.Join('\n', lines));
        foreach (var (line, beginning) in lines.Zip(beginnings))
            Assert.Matches($@"^- \d{{4}}-\d\d-\d\d \d\d:\d\d UTC: {Regex.Escape(beginning)}", line);
    }

    private string Save(params string[] arguments) => CliProcess.Save(_home, arguments);

    private List<string> Found(string query) => [.. CliProcess.Json(_home, ["search", query]).Array("items").Select(static item => item!.AsObject().String("id"))];

    private string Done(params string[] arguments) => Cairn(arguments).ShouldExitWith(0).Output;

    private JsonObject Json(params string[] arguments) => CliProcess.Json(_home, arguments);

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, arguments);
}
