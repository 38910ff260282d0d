namespace Cairn.Engine.Tests.Recovery;

/// <summary>Recovery from damage of whole pages, of the header and of the log, and its manners.</summary>
public sealed class RecoverServiceTests
{
    [Fact]
    public void Recover_HealthyDatabase_IsAsItWasToTheLastRow()
    {
        using var copy = new DamagedCopy();
        using var engine = copy.Open();

        var result = engine.Recovery.Recover();

        Assert.True(result.IsComplete);
        Assert.Equal(["every page could be read"], result.Findings);
        Assert.Equal(SavedDatabase.Instance.Dump, SavedDatabase.Read(result.Database.Path));
        Assert.All(result.Checks, static check => Assert.Equal("pass", check.Status));
        Assert.True(engine.Backups.Verify(result.Database.Path).Passed);
    }

    [Fact]
    public void Recover_CarriesTheCaptureAudit()
    {
        using var cairn = new EngineFixture();
        cairn.Engine.Capture.Capture(Engine.Capture.WindowText.Read("u: Which queue?\nf: We decided to use NATS for the mailer, because it keeps messages on disk.\nu: Maybe we always use Kafka?"), cairn.Context);
        var before = cairn.Rows("SELECT outcome, reason, rule, session_id, project, event_ids, fingerprint, entry_id, decided_at FROM capture_events ORDER BY key");

        var result = cairn.Engine.Recovery.Recover();

        using var connection = Engine.Storage.DatabaseConnection.Open(result.Database.Path, 1024);
        Assert.NotEmpty(before);
        Assert.Equal(before.Count, connection.Number("SELECT count(*) FROM capture_events"));
        Assert.Equal(1, connection.Number("SELECT count(*) FROM capture_events c JOIN entries e ON e.id = c.entry_id WHERE c.outcome = 'saved' AND c.fingerprint IS NOT NULL"));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4096)]
    public void Recover_BeginningRuined_KeepsAll(int bytes)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            using var copy = new DamagedCopy();
            if (seed == 0) copy.Bytes.AsSpan(0, bytes).Clear();
            else new Random(seed).NextBytes(copy.Bytes.AsSpan(0, bytes));
            using var engine = copy.Open();

            var result = engine.Recovery.Recover();

            Assert.Equal(SavedDatabase.Instance.Saved, SavedDatabase.ReadEntries(result.Database.Path));
            Assert.Equal(SavedDatabase.Instance.Dump, SavedDatabase.Read(result.Database.Path));
            Assert.Contains("header is ruined", result.Findings[0], StringComparison.Ordinal);
            Recovered.Assert(copy, result, $"{bytes} bytes, seed {seed}");
        }
    }

    [Fact]
    public void Recover_OneToTwentyPagesDestroyed_KeepsWhatStandsElsewhere()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            using var copy = new DamagedCopy();
            for (var pages = random.Next(1, 21); pages > 0; pages--)
            {
                var page = random.Next(1, copy.Bytes.Length / DamagedCopy.PageSize + 1);
                if (random.Next(2) == 0) copy.Clear(page);
                else
                {
                    copy.Damaged.Add(page);
                    random.NextBytes(copy.Bytes.AsSpan((page - 1) * DamagedCopy.PageSize, DamagedCopy.PageSize));
                }
            }
            using var engine = copy.Open();

            Recovered.Assert(copy, engine.Recovery.Recover(), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.2)]
    public void Recover_FileCutShort_KeepsWhatIsThere(double share)
    {
        using var copy = new DamagedCopy();
        var pages = copy.Bytes.Length / DamagedCopy.PageSize;
        var kept = (int)(pages * share) * DamagedCopy.PageSize + 1000;
        for (var page = kept / DamagedCopy.PageSize + 1; page <= pages; page++) copy.Damaged.Add(page);
        copy.Bytes = copy.Bytes[..kept];
        using var engine = copy.Open();

        Recovered.Assert(copy, engine.Recovery.Recover(), $"{share} of the file");
    }

    [Fact]
    public void Recover_LogOfAnotherDatabase_KeepsAllOfTheFile()
    {
        using var copy = new DamagedCopy();
        File.WriteAllBytes(copy.Path + "-wal", LogOf(static cairn => { for (var i = 0; i < 30; i++) cairn.Save($"Of another database, {i}"); }));
        using var engine = copy.Open();

        var result = engine.Recovery.Recover();

        var found = SavedDatabase.ReadEntries(result.Database.Path);
        Assert.Empty(SavedDatabase.Instance.Saved.Keys.Except(found.Keys));
        Assert.Contains(result.Findings, static finding => finding.StartsWith("the log does not belong to the file", StringComparison.Ordinal));
    }

    [Fact]
    public void Recover_LogWithADamagedPage_KeepsWhatComesAfterIt()
    {
        using var cairn = new EngineFixture();
        cairn.Save("Folded into the file");
        cairn.Sql("PRAGMA wal_checkpoint(TRUNCATE)");
        var ids = Enumerable.Range(0, 40).Select(number => cairn.Save($"In the log alone, {number}: {new string('x', 500)}")).ToList();
        using var held = cairn.Connect(); // so that the log is not folded in at the end
        Read(held);
        cairn.Engine.Dispose();
        using var copy = new DamagedCopy { Bytes = File.ReadAllBytes(cairn.DatabasePath) };
        var log = File.ReadAllBytes(cairn.DatabasePath + "-wal");
        new Random(1).NextBytes(log.AsSpan(32 + 10 * (24 + DamagedCopy.PageSize) + 1000, 200));
        File.WriteAllBytes(copy.Path + "-wal", log);
        using var engine = copy.Open();

        var result = engine.Recovery.Recover();

        var found = SavedDatabase.ReadEntries(result.Database.Path);
        Assert.Contains(ids[^1], found.Keys);
        Assert.True(found.Count > 30, $"{found.Count} of 41");
        Assert.Contains(result.Findings, static finding => finding.Contains("of the log are damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Recover_EntriesInTheLogAlone_AreThere_AndPurgedOnesStayGone()
    {
        using var cairn = new EngineFixture();
        var purged = cairn.Save("To be purged");
        cairn.Save("Folded into the file");
        cairn.Sql("PRAGMA wal_checkpoint(TRUNCATE)");
        cairn.Sql($"INSERT INTO purged_entries (id, purged_at) VALUES ('{purged}', 1); DELETE FROM entries WHERE id = '{purged}'");
        var late = cairn.Save("In the log alone");

        var result = cairn.Engine.Recovery.Recover();

        var found = SavedDatabase.ReadEntries(result.Database.Path);
        Assert.Equal(2, found.Count);
        Assert.Contains(late, found.Keys);
        Assert.DoesNotContain(purged, found.Keys);
        Assert.True(result.IsComplete);
    }

    [Fact]
    public void Recover_DamagedFile_ChangesNothingOfIt()
    {
        using var copy = new DamagedCopy();
        copy.Overwrite(SavedDatabase.Instance.Pages.Of["interior"][0], new Random(1));
        using var engine = copy.Open();
        var before = copy.Hashes();

        var result = engine.Recovery.Recover(Path.Combine(copy.Folder, "new.db"));

        Assert.All(before, file => Assert.Equal(file.Value, copy.Hashes()[file.Key]));
        Assert.Equal(["memory.db", "new.db", "new.json"], copy.Hashes().Keys.Where(static name => name != ".lock").Order(StringComparer.Ordinal));
        Assert.Equal("new.db", result.Database.Name);
    }

    [Fact]
    public void Recover_IntoAFileThatIsThere_IsRefused()
    {
        using var copy = new DamagedCopy();
        using var engine = copy.Open();

        var error = Assert.Throws<EngineException>(() => engine.Recovery.Recover(copy.Path));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("never overwritten", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recover_LeftoverOfARunThatWasKilled_IsRemoved()
    {
        using var copy = new DamagedCopy();
        var into = Path.Combine(copy.Folder, "new.db");
        File.WriteAllText(into + ".partial", "half");
        File.WriteAllText(Path.Combine(copy.Folder, "new.json.partial"), "");
        using var engine = copy.Open();

        var result = engine.Recovery.Recover(into);

        Assert.Equal(1, result.RemovedUnfinished);
        Assert.DoesNotContain(copy.Hashes().Keys, static name => name.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public void Recover_WhatIsNoDatabase_SaysSoAndLeavesNothing()
    {
        using var copy = new DamagedCopy { Bytes = [.. Enumerable.Repeat((byte)'x', 100_000)] };
        using var engine = copy.Open();

        var error = Assert.Throws<EngineException>(() => engine.Recovery.Recover());

        Assert.Contains("holds nothing that can be read", error.Message, StringComparison.Ordinal);
        Assert.Equal(["memory.db"], copy.Hashes().Keys.Where(static name => name != ".lock"));
    }

    [Fact]
    public void Recover_AnotherProgramsDatabase_IsRefused()
    {
        using var copy = new DamagedCopy();
        copy.Bytes[68] = 1;
        using var engine = copy.Open();

        Assert.Equal(ErrorCode.MigrationFailure, Assert.Throws<EngineException>(() => engine.Recovery.Recover()).Code);
    }

    private static byte[] LogOf(Action<EngineFixture> work)
    {
        using var cairn = new EngineFixture();
        work(cairn);
        using var held = cairn.Connect();
        Read(held);
        cairn.Engine.Dispose();
        return File.ReadAllBytes(cairn.DatabasePath + "-wal");
    }

    private static void Read(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; SELECT count(*) FROM entries";
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
    }
}
