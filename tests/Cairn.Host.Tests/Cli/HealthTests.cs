using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn health and cairn smoke: what they say of a home that is well, and of one that is not.</summary>
public sealed class HealthTests
{
    [Fact]
    public void Health_OfADatabaseThatIsWell_PassesEverywhere()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "An entry that stays the only one");
        KeepTemporaryFiles(home);

        var health = CliProcess.Json(home, ["health"]);

        Assert.Equal("pass", health.String("status"));
        Assert.All(health.Array("checks"), static check => Assert.Equal("pass", check!.AsObject().String("status")));
        string[] expected = ["runtime", "settings", "sqlite", "database", "disk", "freeze", "schema", "writable", "index", "integrity", "wal", "clock", "backup", "entries", "servers", "leftovers", "log", "reading", "writing"];
        Assert.Equal(expected, Checks(health).Keys.Where(expected.Contains));
        Assert.Equal(1, DatabaseFile.Count(home.DefaultDatabase, "entries"));
        AssertNoTemporaryFiles(home);
    }

    [Fact]
    public void Health_OfAFreshHome_WarnsThatThereIsNoDatabaseAndMakesNone()
    {
        using var home = new TempHome();

        var health = CliProcess.Json(home, ["health"]);

        Assert.Equal("warn", health.String("status"));
        var warning = Assert.Single(health.Array("checks"), static check => (string?)check!["status"] != "pass")!.AsObject();
        Assert.Equal(("database", "cairn migrate up"), (warning.String("name"), warning.String("fix")));
        Assert.False(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void Health_Words_ShowALineACheck()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");

        var shown = CliProcess.Run(home, ["health"]).ShouldExitWith(0).Output;

        foreach (var name in new[] { "runtime", "settings", "sqlite", "database", "schema", "integrity" })
            Assert.Matches($@"(?m)^pass +{name} ", shown);
    }

    [Fact]
    public void Health_OfAFileThatOthersMayRead_WarnsWithTheCommandThatMendsIt()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        File.SetUnixFileMode(home.DefaultDatabase, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var health = CliProcess.Json(home, ["health"]);

        Assert.Equal(("warn", "warn"), (health.String("status"), Checks(health)["permissions"].String("status")));
        Assert.Equal($"chmod 600 \"{home.DefaultDatabase}\"", Checks(health)["permissions"].String("fix"));
    }

    [Fact]
    public void Health_OfADamagedFile_FailsAndEndsWithOne()
    {
        using var home = new TempHome();
        for (var i = 0; i < 3; i++)
            CliProcess.Save(home, new string('x', 50_000), "--title", $"Entry {i}");
        using (var file = File.OpenWrite(home.DefaultDatabase))
        {
            file.Position = file.Length / 2;
            file.Write([.. Enumerable.Repeat((byte)0xA5, 16 * 4096)]);
        }

        var health = CliProcess.Json(home, ["health"], exitCode: 1);

        Assert.Equal("fail", health.String("status"));
        Assert.Contains(health.Array("checks"), static check => (string?)check!["status"] == "fail" && check["detail"]!.ToString().Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Health_OfANewerSchema_FailsAndSaysToUpdate()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        DatabaseFile.Execute(home.DefaultDatabase, "PRAGMA user_version = 999");

        var health = CliProcess.Json(home, ["health"], exitCode: 1);
        var words = CliProcess.Run(home, ["health"]).ShouldExitWith(1);

        Assert.Contains(health.Array("checks"), static check => (string?)check!["status"] == "fail" && check["detail"]!.ToString().Contains("update cairn", StringComparison.Ordinal));
        Assert.Matches("(?m)^fail ", words.Output);
    }

    [Fact]
    public void Health_OfAFileThatIsNoDatabase_FailsAndSaysSo()
    {
        using var home = new TempHome();
        Directory.CreateDirectory(Path.GetDirectoryName(home.DefaultDatabase)!);
        File.WriteAllText(home.DefaultDatabase, string.Concat(Enumerable.Repeat("no database at all\n", 100)));

        var health = CliProcess.Json(home, ["health"], exitCode: 1);

        Assert.Contains(health.Array("checks"), static check => (string?)check!["status"] == "fail" && check["detail"]!.ToString().Contains("is not a SQLite database", StringComparison.Ordinal));
    }

    [Fact]
    public void Health_Settings_SaysWhereEachComesFrom()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_PROJECT_NAME"] = "named";
        home.WriteConfig("""{"session_id": "s"}""");

        var settings = Checks(CliProcess.Json(home, ["health"]))["settings"].String("detail");

        Assert.Contains("from environment: project_name", settings, StringComparison.Ordinal);
        Assert.Contains($"from {home.ConfigFile}: session_id", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_OfADatabase_IsNoEvent()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        var before = CliProcess.Run(home, ["logs", "tail"]).Output;

        CliProcess.Run(home, ["health"]).ShouldExitWith(0);

        Assert.Equal(before, CliProcess.Run(home, ["logs", "tail"]).Output);
    }

    [Fact]
    public void Doctor_WithoutFix_OnlyLooks_AndWithIt_MendsAndSaysWhat()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "A word to find: basalt");
        DatabaseFile.Execute(home.DefaultDatabase, "DROP TABLE entries_fts");

        var look = CliProcess.Json(home, ["doctor"]);
        var mended = CliProcess.Json(home, ["doctor", "--fix"]);
        var words = CliProcess.Run(home, ["doctor", "--fix"]).ShouldExitWith(0);

        Assert.Equal(("warn", 0), (look.String("status"), look.Array("repairs").Count));
        Assert.Equal("warn", Checks(look)["index"].String("status"));
        Assert.Equal("pass", mended.String("status"));
        Assert.Equal("done", (string?)Assert.Single(mended.Array("repairs"), static step => (string?)step!["name"] == "index")!["status"]);
        Assert.DoesNotContain("mended", words.Output, StringComparison.Ordinal);
        Assert.Contains(id, CliProcess.Run(home, ["search", "basalt"]).Output, StringComparison.Ordinal);
        DatabaseFile.AssertIntact(home.DefaultDatabase);
    }

    [Theory]
    [InlineData("""{"id":2,"result":null}""")]
    [InlineData("""{"id":2,"result":[]}""")]
    [InlineData("""{"id":2,"result":{"data":[{"cwd":"/"}]}}""")]
    [InlineData("""{"id":2,"result":{"data":[{"hooks":[{"command":7},3]}]}}""")]
    [InlineData("""{"id":2.5}""")]
    [InlineData("""{"id":2,"result":{"data":[{"hooks":[{"command":"\ud800"}]}]}}""")]
    [InlineData("{")]
    public void Doctor_WhereCodexGivesAnAnswerThatIsNone_GoesOn(string answer)
    {
        if (OperatingSystem.IsWindows()) return; // a script is no program there
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        CliProcess.Run(home, ["setup", "codex"]).ShouldExitWith(0);
        var script = Path.Combine(home.Path, "codex");
        File.WriteAllText(script, $"#!/bin/sh\nread a; read b; read c\necho '{answer}'\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        home.Environment["PATH"] = $"{home.Path}:{home.Environment["PATH"]}";

        Assert.Equal("warn", Checks(CliProcess.Json(home, ["doctor"]))["codex hooks"].String("status"));
    }

    [Fact]
    public void Health_OfAClientThatLacksSomeHooks_NamesTheirEvents()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        CliProcess.Run(home, ["setup", "claude"]).ShouldExitWith(0);
        var path = Path.Combine(home.Path, ".claude", "settings.json");
        var settings = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        settings.Object("hooks").Remove("Stop");
        settings.Object("hooks").Remove("SessionEnd");
        File.WriteAllText(path, settings.ToJsonString());

        var check = Checks(CliProcess.Json(home, ["health"]))["claude"];

        Assert.Equal(("warn", "cairn setup claude"), (check.String("status"), check.String("fix")));
        Assert.Contains("none at Stop, SessionEnd", check.String("detail"), StringComparison.Ordinal);
        CliProcess.Run(home, ["setup", "claude"]).ShouldExitWith(0);
        Assert.Equal("pass", Checks(CliProcess.Json(home, ["health"]))["claude"].String("status"));
        CliProcess.Run(home, ["setup", "claude", "--remove"]).ShouldExitWith(0);
        CliProcess.Run(home, ["setup", "claude", "--no-hooks"]).ShouldExitWith(0);
        Assert.Equal("pass", Checks(CliProcess.Json(home, ["health"]))["claude"].String("status"));
    }

    [Fact]
    public void Doctor_OfAFreshHome_MakesNothing()
    {
        using var home = new TempHome();

        CliProcess.Run(home, ["doctor", "--fix"]).ShouldExitWith(0);

        Assert.False(Directory.Exists(Path.GetDirectoryName(home.DefaultDatabase)));
    }

    [Fact]
    public void Smoke_WithoutADatabase_UsesATemporaryOneAndLeavesNothing()
    {
        using var home = new TempHome();
        KeepTemporaryFiles(home);

        var words = CliProcess.Run(home, ["smoke"]).ShouldExitWith(0);
        var json = CliProcess.Json(home, ["smoke"]);

        Assert.Contains("All steps passed.", words.Output, StringComparison.Ordinal);
        Assert.True((bool)json["passed"]!);
        Assert.Equal(["start", "tools/list", "save_memory", "search", "get_entries", "timeline", "stop"], json.Array("steps").Select(static step => step!.AsObject().String("name")));
        Assert.All(json.Array("steps"), static step => Assert.True((bool)step!["passed"]!));
        Assert.False(File.Exists(home.DefaultDatabase));
        AssertNoTemporaryFiles(home);
    }

    [Fact]
    public void Smoke_OnADatabase_LeavesOneEntryInAProjectOfItsOwn()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Mine");

        var smoke = CliProcess.Json(home, ["smoke", "--db", home.DefaultDatabase]);

        Assert.Equal((true, home.DefaultDatabase), ((bool)smoke["passed"]!, smoke.String("database")));
        Assert.Equal(["cairn-smoke", "project"], DatabaseFile.Column(home.DefaultDatabase, "SELECT p.name FROM entries e JOIN projects p ON p.key = e.project_key ORDER BY p.name"));
    }

    [Fact]
    public void Smoke_OnWhatIsNoDatabase_FailsAtTheStepAndEndsWithOne()
    {
        using var home = new TempHome();
        File.WriteAllText(home.Database, string.Concat(Enumerable.Repeat("no database at all\n", 100)));

        var smoke = CliProcess.Json(home, ["smoke", "--db", home.Database], exitCode: 1);
        var words = CliProcess.Run(home, ["smoke", "--db", home.Database]).ShouldExitWith(1);

        var last = smoke.Array("steps")[^1]!.AsObject();
        Assert.Equal(("save_memory", false), (last.String("name"), (bool)last["passed"]!));
        Assert.Contains("MIGRATION_FAILURE", last.String("detail"), StringComparison.Ordinal);
        Assert.Contains("The smoke test failed.", words.Output, StringComparison.Ordinal);
        Assert.Empty(ProcessTable.Find($"mcp --db {home.Database}"));
    }

    private static Dictionary<string, JsonObject> Checks(JsonObject health) =>
        health.Array("checks").ToDictionary(static check => check!.AsObject().String("name"), static check => check!.AsObject());

    private static void KeepTemporaryFiles(TempHome home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.Path, "tmp")).FullName;
        foreach (var name in new[] { "TMPDIR", "TEMP", "TMP" })
            home.Environment[name] = folder;
    }

    private static void AssertNoTemporaryFiles(TempHome home) =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Path, "tmp"), "cairn-*"));
}
