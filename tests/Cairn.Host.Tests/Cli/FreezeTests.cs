using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>A freeze holds for every process at once, on any database, and says why.</summary>
public sealed class FreezeTests : IDisposable
{
    private readonly TempHome _home = new();

    private string File => _home.Database + ".frozen";

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Freeze_ServerRuns_ItsWritesAreRefusedAtOnceAndGoOnAtOnce()
    {
        using var server = McpProcess.StartInitialized(_home);
        var id = ToolCalls.Save(server, "A needle from before");

        Assert.Contains("Frozen: ", Cairn("freeze", "--reason", "entries are missing").ShouldExitWith(0).Output, StringComparison.Ordinal);

        foreach (var (tool, arguments) in new[] { ("save_memory", new JsonObject { ["text"] = "x" }), ("update_memory", new JsonObject { ["id"] = id, ["action"] = "pin" }), ("ingest_docs", []) })
        {
            var refused = server.CallTool(tool, arguments);
            Assert.Equal("STORAGE_FAILURE", refused.ErrorCode);
            Assert.Matches("frozen since .* UTC by .*@.*: entries are missing.* Reads go on; cairn unfreeze lifts it", refused.Text);
        }
        Assert.Equal([id], ToolCalls.Search(server, "needle"));
        var dryRun = server.CallTool("retention_dry_run", new JsonObject { ["max_age_days"] = 1 });
        Assert.False((bool)dryRun.Structured["audited"]!);
        Assert.Contains("frozen since", Cairn("save", "Not saved").ShouldExitWith(1).Error, StringComparison.Ordinal);
        Cairn("get", id).ShouldExitWith(0);

        Assert.Contains("Unfrozen: ", Cairn("unfreeze").ShouldExitWith(0).Output, StringComparison.Ordinal);

        ToolCalls.AssertWorks(server, "unfrozen");
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void Freeze_DatabaseCannotBeUsed_HoldsAllTheSame()
    {
        System.IO.File.WriteAllText(_home.Database, string.Concat(Enumerable.Repeat("No database at all.\n", 100)));

        var frozen = Cairn("freeze", "--reason", "damaged").ShouldExitWith(0);

        Assert.Contains("is not a SQLite database", frozen.Error, StringComparison.Ordinal);
        Assert.Contains("frozen since", Cairn("save", "x").ShouldExitWith(1).Error, StringComparison.Ordinal);
        Cairn("unfreeze").ShouldExitWith(0);
    }

    [Fact]
    public void Freeze_NoDatabase_KeepsOneFromBeingMade()
    {
        Assert.Contains("there is no database", Cairn("freeze", "--reason", "not yet").ShouldExitWith(0).Error, StringComparison.Ordinal);

        foreach (var command in new string[][] { ["save", "x"], ["search", "x"], ["migrate", "up"] })
            Assert.Contains("frozen since", Cairn(command).ShouldExitWith(1).Error, StringComparison.Ordinal);

        Assert.False(System.IO.File.Exists(_home.Database));
    }

    [Fact]
    public void Freeze_OlderSchema_MigrationWaits()
    {
        Cairn("save", "Entry").ShouldExitWith(0);
        DatabaseFile.Execute(_home.Database, "PRAGMA user_version = 1");
        Cairn("freeze", "--reason", "wait").ShouldExitWith(0);

        Assert.Contains("frozen since", Cairn("migrate", "up").ShouldExitWith(1).Error, StringComparison.Ordinal);
        Assert.Equal(1, DatabaseFile.Number(_home.Database, "SELECT CAST(user_version AS TEXT) FROM pragma_user_version"));
    }

    [Fact]
    public void Freeze_FileMadeByHand_FreezesAndIsLifted()
    {
        Cairn("save", "Entry").ShouldExitWith(0);
        System.IO.File.WriteAllText(File, "");

        Assert.Contains("by hand: no reason is given", Cairn("save", "x").ShouldExitWith(1).Error, StringComparison.Ordinal);
        Cairn("unfreeze").ShouldExitWith(0);
        Cairn("save", "x").ShouldExitWith(0);
    }

    [Fact]
    public void Freeze_Twice_KeepsTheFirst()
    {
        Cairn("save", "Entry").ShouldExitWith(0);
        Assert.Equal("frozen", Json("freeze", "--reason", "first").String("status"));

        var again = Json("freeze", "--reason", "second", "--record", "log.md");

        Assert.Equal(("already-frozen", "first"), (again.String("status"), again.Object("freeze").String("reason")));
        Assert.False(System.IO.File.Exists(Path.Combine(_home.Project, "log.md")));
        Assert.Equal("unfrozen", Json("unfreeze").String("status"));
        Assert.Equal("not-frozen", Json("unfreeze").String("status"));
    }

    [Fact]
    public void Freeze_ReasonThatIsNoReason_IsRefused()
    {
        Cairn("freeze").ShouldExitWith(2);
        Cairn("freeze", "--reason", " ").ShouldExitWith(2);
        Cairn("freeze", "--reason", new string('x', 301)).ShouldExitWith(2);
        Assert.Contains("looks like a secret", Cairn("freeze", "--reason", "leaked " + "ghp_" + "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX").ShouldExitWith(3).Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void Freeze_Health_WarnsAndSaysHowToLiftIt()
    {
        Cairn("save", "Entry").ShouldExitWith(0);
        Cairn("freeze", "--reason", "look into it").ShouldExitWith(0);

        var check = Json("health").Array("checks").Single(check => check!.AsObject().String("name") == "freeze")!.AsObject();

        Assert.Equal(("warn", "cairn unfreeze"), (check.String("status"), check.String("fix")));
        Assert.Contains("look into it", check.String("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public void Freeze_Record_AppendsALineForEach()
    {
        Cairn("save", "Entry").ShouldExitWith(0);

        Cairn("freeze", "--reason", "look into it", "--record", "log.md").ShouldExitWith(0);
        Cairn("unfreeze", "--record", "log.md").ShouldExitWith(0);

        var lines = System.IO.File.ReadAllLines(Path.Combine(_home.Project, "log.md"));
        Assert.Matches(@"^- \d{4}-\d\d-\d\d \d\d:\d\d UTC: freeze of .*memory\.db: look into it$", lines[2]);
        Assert.Matches(@"^- \d{4}-\d\d-\d\d \d\d:\d\d UTC: unfreeze of .*memory\.db$", lines[3]);
    }

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, [.. arguments, "--db", _home.Database]);

    private JsonObject Json(params string[] arguments) => JsonNode.Parse(Cairn([.. arguments, "--json"]).ShouldExitWith(0).Output)!.AsObject();
}
