using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn migrate, and the schema that it makes.</summary>
public sealed class MigrateTests
{
    private static readonly string All = string.Join(", ", OlderSchema.Names), AfterTheFirst = string.Join(", ", OlderSchema.Names.Skip(1));

    [Fact]
    public void Schema_OfAFreshDatabase_IsTheSnapshot()
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);

        // Without what FTS5 makes for itself.
        var statements = DatabaseFile.Column(home.Database, """
            SELECT sql FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND NOT (type = 'table' AND name GLOB 'entries_fts_*')
            ORDER BY rowid
            """);

        Snapshot.Match("schema.sql", string.Join(";\n\n", statements) + ";");
        Assert.Equal(0x4341524E, DatabaseFile.Number(home.Database, "PRAGMA application_id"));
        Assert.Equal("wal", Assert.Single(DatabaseFile.Column(home.Database, "PRAGMA journal_mode")));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Status_WithoutADatabase_SaysSoAndMakesNone()
    {
        using var home = new TempHome();

        var status = CliProcess.Run(home, ["migrate", "status"]).ShouldExitWith(0);
        var json = CliProcess.Json(home, ["migrate", "status"]);

        Assert.Contains($"not there yet, latest is {OlderSchema.Latest}", status.Output, StringComparison.Ordinal);
        Assert.Equal((false, 0, OlderSchema.Latest), ((bool)json["exists"]!, (int)json["version"]!, (int)json["latest"]!));
        Assert.Equal(OlderSchema.Names, json.Array("migrations").Select(static migration => migration!.AsObject().String("name")));
        Assert.All(json.Array("migrations"), static migration => Assert.Null(migration!["applied_at"]));
        Assert.False(Directory.Exists(Path.GetDirectoryName(home.DefaultDatabase)));
    }

    [Fact]
    public void Up_DryRun_SaysWhatItWouldDoAndMakesNothing()
    {
        using var home = new TempHome();

        Assert.Equal($"Would apply: {All}", CliProcess.Run(home, ["migrate", "up", "--dry-run"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal($$"""{"dry_run":true,"applied":["{{string.Join("\",\"", OlderSchema.Names)}}"]}""", CliProcess.Json(home, ["migrate", "up", "--dry-run"]).ToJsonString());
        Assert.False(Directory.Exists(Path.GetDirectoryName(home.DefaultDatabase)));
    }

    [Fact]
    public void Up_MakesTheDatabase_AndThenHasNothingToDo()
    {
        using var home = new TempHome();

        Assert.Equal($"Applied: {All}", CliProcess.Run(home, ["migrate", "up"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal("The schema is the latest.", CliProcess.Run(home, ["migrate", "up"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal("""{"dry_run":false,"applied":[]}""", CliProcess.Json(home, ["migrate", "up"]).ToJsonString());
        var bytes = File.ReadAllBytes(home.DefaultDatabase);
        var status = CliProcess.Json(home, ["migrate", "status"]);
        Assert.Equal((true, OlderSchema.Latest), ((bool)status["exists"]!, (int)status["version"]!));
        Assert.All(status.Array("migrations"), static migration => Assert.Matches(@"^20\d\d-", migration!.AsObject().String("applied_at")));
        Assert.Equal(bytes, File.ReadAllBytes(home.DefaultDatabase));
        Assert.Equal([home.DefaultDatabase], Directory.EnumerateFiles(Path.GetDirectoryName(home.DefaultDatabase)!));
    }

    [Fact]
    public void Up_FromAnOlderSchema_AppliesTheRest()
    {
        using var home = new TempHome();
        OlderSchema.Make(home.Database, 1);

        var status = CliProcess.Json(home, ["migrate", "status", "--db", home.Database]);
        var dry = CliProcess.Run(home, ["migrate", "up", "--dry-run", "--db", home.Database]).ShouldExitWith(0);
        var up = CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);

        Assert.Equal((1, OlderSchema.Latest), ((int)status["version"]!, (int)status["latest"]!));
        Assert.Equal(($"Would apply: {AfterTheFirst}", $"Applied: {AfterTheFirst}"), (dry.Output.Trim(), up.Output.Trim()));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Server_OnAnOlderSchema_BringsItUpWithItsFirstCall()
    {
        using var home = new TempHome();
        OlderSchema.Make(home.Database, 1);
        using var server = McpProcess.StartInitialized(home);
        Assert.Equal(1, DatabaseFile.Number(home.Database, "PRAGMA user_version"));

        ToolCalls.AssertWorks(server, "upgraded");

        Assert.Equal(OlderSchema.Latest, DatabaseFile.Number(home.Database, "PRAGMA user_version"));
    }

    [Fact]
    public void Status_OfAnAlteredMigration_SaysSo()
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up"]).ShouldExitWith(0);
        DatabaseFile.Execute(home.DefaultDatabase, "UPDATE schema_migrations SET checksum = 'other' WHERE version = 1");

        Assert.Contains("with another text", CliProcess.Run(home, ["migrate", "status"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.True((bool?)CliProcess.Json(home, ["migrate", "status"]).Array("migrations")[0]!["checksum_differs"]);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("up")]
    public void Migrate_OfANewerSchema_IsRefusedAndChangesNothing(string command)
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up"]).ShouldExitWith(0);
        DatabaseFile.Execute(home.DefaultDatabase, "PRAGMA user_version = 999");
        var bytes = File.ReadAllBytes(home.DefaultDatabase);

        CliProcess.AssertRefused(home, 1, "This database has schema 999", ["migrate", command]);

        Assert.Equal(bytes, File.ReadAllBytes(home.DefaultDatabase));
    }
}
