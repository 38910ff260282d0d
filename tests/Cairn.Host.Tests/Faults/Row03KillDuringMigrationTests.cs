using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The program is killed while it makes a database or brings an older one up: each migration is whole or absent.</summary>
[Collection(typeof(Alone))]
public sealed class Row03KillDuringMigrationTests
{
    private const int Entries = 2_000;

    [Fact]
    public void Row03_ServerKilledWhileItMakesTheDatabase_IsFollowedByOneThatWorks()
    {
        var rounds = FaultRun.Rounds(10);
        var random = new Random(20263);
        for (var round = 0; round < rounds; round++)
        {
            using var home = new TempHome();
            var first = new SavingServer(home, 0, random);
            first.Start();
            first.Send();
            Moment.SpinAtMost(random, milliseconds: 30);
            first.Kill();
            first.Drain();

            var second = new SavingServer(home, 1, random);
            second.Start();
            second.Save(1);
            second.End();

            AcknowledgedSave.AssertKept(home, [.. first.Acknowledged, .. second.Acknowledged]);
        }
        FaultRun.Report(3, "kill during the first start", "SIGKILL within 30 ms of the first save", rounds, "first start: the next server saves, and keeps what the killed one had acknowledged", "nothing");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Row03_MigrationKilled_IsWholeOrAbsentAndHasItsBackup(int version)
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 12 : 4);
        var random = new Random(20264 + version);
        var older = Older(version);
        var found = new SortedDictionary<long, int>();
        for (var round = 0; round < rounds; round++)
        {
            using var home = new TempHome();
            File.WriteAllBytes(home.Database, older);
            var backups = Path.Combine(home.Path, "backups");
            KillInMidMigration(home, round, backups, random);

            var reached = DatabaseFile.Number(home.Database, "PRAGMA user_version");
            AssertWhole(home.Database, reached);
            if (reached > version) Assert.Equal(Entries, DatabaseFile.Count(Assert.Single(Directory.GetFiles(backups, "*.db")), "entries"));
            found[reached] = found.GetValueOrDefault(reached) + 1;

            CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);
            AssertWhole(home.Database, OlderSchema.Latest);
            DatabaseFile.AssertIntact(home.Database);
        }
        FaultRun.Report(3, "kill during a migration", "SIGKILL at a random moment of an upgrade, from its backup on", rounds,
            $"from schema {version}: {string.Join(", ", found.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} times schema {pair.Key}")))} right after the kill, never a part of one; all {Entries} entries kept; the backup was there before the first change", "nothing");
    }

    private static byte[] Older(int version)
    {
        using var folder = new TempFolder();
        var path = folder.Combine("older.db");
        OlderSchema.Make(path, version);
        OlderSchema.AddEntries(path, Entries);
        return File.ReadAllBytes(path);
    }

    // Early rounds in the backup, later ones in the transactions after it.
    private static void KillInMidMigration(TempHome home, int round, string backups, Random random)
    {
        using var process = ChildProcess.Start(CairnBinary.Path, ["migrate", "up", "--db", home.Database], home);
        bool Begun() => Directory.Exists(backups) && Directory.EnumerateFiles(backups, round % 4 == 0 ? "*.partial" : "*.json").Any();
        SpinWait.SpinUntil(() => Begun() || process.HasExited, ChildProcess.Limit);
        Moment.SpinAtMost(random, CairnBinary.IsNative ? 60 : 400);
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    private static void AssertWhole(string database, long version)
    {
        Assert.Equal(["ok"], DatabaseFile.Column(database, "PRAGMA integrity_check"));
        Assert.Equal(version, DatabaseFile.Number(database, "SELECT max(version) FROM schema_migrations"));
        Assert.Equal(version, DatabaseFile.Number(database, "SELECT count(*) FROM schema_migrations"));
        Assert.Equal(Entries, DatabaseFile.Count(database, "entries"));
        Assert.Equal(version >= 2 ? 1 : 0, DatabaseFile.Number(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'entries_fts'"));
        Assert.Equal(version >= 3 ? 1 : 0, DatabaseFile.Number(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'policy_rule_sets'"));
    }
}
