using Cairn.Engine.Entries;
using Cairn.Engine.Retention;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class FreezeServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private string File => _cairn.DatabasePath + ".frozen";

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Freeze_ThroughALink_HoldsForAll()
    {
        _cairn.Save("A needle");
        var link = Path.Combine(_cairn.Folder, "link.db");
        System.IO.File.CreateSymbolicLink(link, _cairn.DatabasePath);
        using var other = new CairnEngine(_cairn.Options with { DatabasePath = link }, _cairn.Time);

        other.Freezes.Freeze("a copy is made");

        Assert.Contains("a copy is made", Assert.Throws<EngineException>(() => _cairn.Entries.Save(new NewEntry { Text = "x" }, _cairn.Context)).Message, StringComparison.Ordinal);
        Assert.Equal(["link.db"], Directory.GetFiles(_cairn.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Freeze_OtherEngines_RefuseWithTheReasonAndReadOn()
    {
        var id = _cairn.Save("A needle");
        using var other = _cairn.Another();
        Assert.Equal(1, other.Search.Search(new() { Query = "needle" }, _cairn.Context).Total);

        var outcome = _cairn.Engine.Freezes.Freeze("  the disk\nis failing ");

        Assert.Equal((true, null, "the disk is failing", _cairn.Time.GetUtcNow()), (outcome.IsNew, outcome.Caution, outcome.Freeze.Reason, outcome.Freeze.Since));
        foreach (var engine in new[] { _cairn.Engine, other })
        {
            foreach (var write in new Action[]
            {
                () => engine.Entries.Save(new NewEntry { Text = "x" }, _cairn.Context),
                () => engine.Entries.Update(new EntryChange { Id = id, Action = EntryAction.Forget }, _cairn.Context),
                () => engine.Purges.Purge([id], null),
                () => engine.Projects.Rename("cairn", "other"),
            })
            {
                var error = Assert.Throws<EngineException>(write);
                Assert.Equal(ErrorCode.StorageFailure, error.Code);
                Assert.Contains($"frozen since 2026-03-14 09:26 UTC by {Environment.UserName}@", error.Message, StringComparison.Ordinal);
                Assert.Contains("the disk is failing", error.Message, StringComparison.Ordinal);
            }
            Assert.Equal("A needle", Assert.Single(engine.Entries.Get([id]).Items).Body);
            Assert.Equal(1, engine.Search.Search(new() { Query = "needle" }, _cairn.Context).Total);
            Assert.False(engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 1 }).Audited);
        }
        Assert.Equal(1, _cairn.Engine.Backups.Create().Backup.Manifest!.Counts.Entries);

        Assert.Equal(outcome.Freeze, other.Freezes.Unfreeze().Lifted);

        _cairn.Save("Saves go on");
        Assert.Null(_cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 1 }).Audited);
    }

    [Fact]
    public async Task Freeze_WriteIsUnderWay_WaitsForItsEnd()
    {
        _cairn.Save("First");
        using var writer = _cairn.Connect();
        using var command = writer.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE; UPDATE projects SET name = 'half'";
        command.ExecuteNonQuery();

        var freeze = EngineFixture.Start(() => _cairn.Engine.Freezes.Freeze("wait"));
        Assert.True(SpinWait.SpinUntil(() => System.IO.File.Exists(File), TimeSpan.FromSeconds(30)));
        using (var other = _cairn.Another()) Assert.Throws<EngineException>(() => other.Entries.Save(new NewEntry { Text = "refused at once, the lock is not waited for" }, _cairn.Context));
        Assert.False(freeze.IsCompleted);
        command.CommandText = "COMMIT";
        command.ExecuteNonQuery();

        Assert.Null((await freeze).Caution);
    }

    [Fact]
    public async Task Freeze_WriteWaitsForTheLock_IsRefusedWhenItGetsIt()
    {
        _cairn.Save("First");
        using var holder = _cairn.Connect();
        using var command = holder.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        var save = EngineFixture.Start(() => _cairn.Entries.Save(new NewEntry { Text = "Waits" }, _cairn.Context));
        System.IO.File.WriteAllText(File, "{\"reason\":\"made meanwhile\",\"since\":\"2026-01-02T03:04:05Z\",\"who\":\"ana@box\"}");

        command.CommandText = "COMMIT";
        command.ExecuteNonQuery();

        Assert.Contains("since 2026-01-02 03:04 UTC by ana@box: made meanwhile", (await Assert.ThrowsAsync<EngineException>(() => save)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"reason\":null,\"since\":\"2026-01-02T03:04:05Z\",\"who\":\"x\"}")]
    [InlineData("{\"reason\":\"\\u001b[31m\",\"since\":\"2026-01-02T03:04:05Z\",\"who\":\"x\"}")]
    public void Freeze_FileOfAnyContent_Freezes(string content)
    {
        _cairn.Save("First");
        System.IO.File.WriteAllText(File, content);

        var error = Assert.Throws<EngineException>(() => _cairn.Save("Second"));

        Assert.Contains("frozen since", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.NotNull(_cairn.Engine.Freezes.Unfreeze().Lifted);
        _cairn.Save("Second");
    }

    [Fact]
    public void Freeze_DamagedDatabase_HoldsAndSaysThatNobodyCanTell()
    {
        _cairn.Save("First");
        _cairn.Engine.Dispose();
        using (var file = new FileStream(_cairn.DatabasePath, FileMode.Open)) file.Write(new byte[100]);
        using var engine = _cairn.Another();

        Assert.Contains("not a SQLite database", engine.Freezes.Freeze("ruined").Caution, StringComparison.Ordinal);
        Assert.Contains("frozen since", Assert.Throws<EngineException>(() => engine.Entries.Save(new NewEntry { Text = "x" }, _cairn.Context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freeze_FileAndFolder_AreTheUsersAlone()
    {
        if (OperatingSystem.IsWindows()) return; // no modes there: folders inherit the user's access list
        _cairn.Engine.Freezes.Freeze("before there is a database");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
        Assert.Throws<EngineException>(() => _cairn.Save("x"));
        Assert.False(System.IO.File.Exists(_cairn.DatabasePath));
    }

    [Fact]
    public void Freeze_OlderSchema_IsNotMigrated()
    {
        OlderDatabase.Make(_cairn);
        _cairn.Engine.Freezes.Freeze("wait");

        foreach (var call in new Action[] { () => _cairn.Engine.Maintenance.Migrate(), () => _cairn.Find("older") })
            Assert.Contains("frozen since", Assert.Throws<EngineException>(call).Message, StringComparison.Ordinal);
        Assert.Equal(["1"], _cairn.Rows("PRAGMA user_version"));
        Assert.Empty(_cairn.Engine.Backups.List());

        _cairn.Engine.Freezes.Unfreeze();
        Assert.Single(_cairn.Find("older"));
    }

    [Fact]
    public void Freeze_IndexIsMissing_SearchSaysThatItCannotBeMadeAnew()
    {
        _cairn.Save("A needle");
        _cairn.Sql("DROP TABLE entries_fts");
        _cairn.Engine.Freezes.Freeze("wait");

        var error = Assert.Throws<EngineException>(() => _cairn.Find("needle"));

        Assert.Contains("index is missing or damaged, and cannot be made anew now. The database is frozen since", error.Message, StringComparison.Ordinal);
        _cairn.Engine.Freezes.Unfreeze();
        Assert.Single(_cairn.Find("needle"));
    }

    [Fact]
    public void Freeze_SecretAsReason_IsBlockedAndNotShown()
    {
        var secret = "ghp_" + "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX";

        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Freezes.Freeze($"leaked {secret}"));

        Assert.Equal(ErrorCode.PolicyBlocked, error.Code);
        Assert.DoesNotContain(secret, error.Message, StringComparison.Ordinal);
        Assert.Null(_cairn.Engine.Freezes.Current);
    }
}
