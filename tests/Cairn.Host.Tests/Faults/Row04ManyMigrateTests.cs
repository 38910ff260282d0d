using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Ten processes find a database that is missing or older, at once, and some are killed over it.</summary>
[Collection(typeof(Alone))]
public sealed class Row04ManyMigrateTests
{
    private const int Servers = 10;
    private const int Entries = 1_000;

    [Fact]
    public async Task Row04_TenServers_OnADatabaseThatIsNotThereYet_AllServe()
    {
        using var home = new TempHome();

        var saved = await AllSave(home, kill: 0, new Random(20265));

        Assert.Equal(saved.Count, DatabaseFile.Count(home.Database, "entries"));
        AssertMigratedOnce(home);
        AcknowledgedSave.AssertKept(home, saved);
        FaultRun.Report(4, "ten processes make the database at once", "a barrier before their first save", 1, string.Create(CultureInfo.InvariantCulture, $"no database: one makes it; {saved.Count} saves, 0 refused"), "nothing");
    }

    [Fact]
    public async Task Row04_TenServers_OnAnOlderDatabase_OneMigratesAndTheRestServe()
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 3 : 1);
        var random = new Random(20266);
        var (saves, killed) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            using var home = new TempHome();
            OlderSchema.Make(home.Database, 1);
            OlderSchema.AddEntries(home.Database, Entries);
            var kill = round % 2 == 0 ? 3 : 0;

            var saved = await AllSave(home, kill, random);

            AssertMigratedOnce(home);
            Assert.Equal(Entries, DatabaseFile.Number(home.Database, "SELECT count(*) FROM entries WHERE title GLOB 'An older entry *'"));
            AcknowledgedSave.AssertKept(home, saved);
            var backups = Directory.GetFiles(Path.Combine(home.Path, "backups"), "*.json").Length;
            // One that was killed after its backup and before its migration leaves its backup to the others; between two
            // migrations another may come in, with a backup of its own of what is there by then.
            Assert.InRange(backups, 1, OlderSchema.Latest - 1 + kill);
            (saves, killed) = (saves + saved.Count, killed + kill);
        }
        FaultRun.Report(4, "ten processes migrate at once", "a barrier before their first save; SIGKILL of three of them at random moments in every second round", rounds,
            string.Create(CultureInfo.InvariantCulture, $"older database: one migrates, the others wait; {saves} saves acknowledged, 0 lost, 0 refused, {killed} servers killed; all older entries there"), "nothing");
    }

    /// <summary>Ten servers save at the same moment; so many of them are killed meanwhile. What was acknowledged.</summary>
    private static async Task<IReadOnlyList<AcknowledgedSave>> AllSave(TempHome home, int kill, Random random)
    {
        using var together = new Barrier(Servers);
        var writers = Enumerable.Range(0, Servers).Select(number => new SavingServer(home, number, new Random(number))).ToList();
        var moments = Enumerable.Range(0, kill).Select(_ => random.NextDouble() * 80).ToList();
        await Task.WhenAll(writers.Select((writer, number) => Moment.OnAThread(() =>
        {
            writer.Start();
            Assert.True(together.SignalAndWait(ChildProcess.Limit));
            if (number < kill)
            {
                writer.Send();
                Moment.SpinAtMost(writer.Random, moments[number]);
                writer.Kill();
                writer.Drain();
            }
            else
            {
                writer.Save(3);
                writer.End();
            }
        })));
        return [.. writers.SelectMany(static writer => writer.Acknowledged)];
    }

    private static void AssertMigratedOnce(TempHome home) =>
        Assert.Equal(Enumerable.Range(1, OlderSchema.Latest).Select(static version => version.ToString(System.Globalization.CultureInfo.InvariantCulture)), DatabaseFile.Column(home.Database, "SELECT CAST(version AS TEXT) FROM schema_migrations ORDER BY version"));
}
