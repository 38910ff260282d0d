using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Many servers save to one database at once and are killed in mid-stream, one by one and all together. What a server
/// acknowledged is there afterwards, whole and searchable; no save is refused.
/// </summary>
[Collection(typeof(Alone))]
public sealed class Row02ManyServersTests
{
    [Theory]
    [InlineData(2, 20261)]
    [InlineData(10, 20262)]
    public async Task Row02_ServersKilledAndRestarted_KeepWhatTheyAcknowledged(int servers, int seed)
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 10 : 3);
        using var home = new TempHome(embeddings: true);
        var writers = Enumerable.Range(0, servers).Select(number => new SavingServer(home, number, new Random(seed + number))).ToList();

        await Task.WhenAll(writers.Select(writer => Moment.OnAThread(() => LiveAndDieAlone(writer, rounds))));
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
            await LiveAndDieTogether(writers, servers * random.Next(2, 8), random);

        var saved = writers.SelectMany(static writer => writer.Acknowledged).ToList();
        AcknowledgedSave.AssertKept(home, saved);
        var times = saved.Select(static save => save.Milliseconds).Order().ToList();
        FaultRun.Report(2, string.Create(CultureInfo.InvariantCulture, $"{servers} servers on one database"), "SIGKILL, one server at a time and all together, at random moments", 2 * rounds,
            string.Create(CultureInfo.InvariantCulture, $"{servers} servers: {saved.Count} acknowledged, 0 lost, 0 refused; p99 save {times[times.Count * 99 / 100]:0} ms, the slowest {times[^1]:0} ms"), "nothing");
    }

    [Fact]
    public async Task Row02_TenServersThatSaveAtOnce_AreServedInTurn()
    {
        using var home = new TempHome();
        using var together = new Barrier(10);
        var writers = Enumerable.Range(0, 10).Select(number => new SavingServer(home, number, new Random(number))).ToList();
        var done = 0;
        var behind = 0;

        await Task.WhenAll(writers.Select(writer => Moment.OnAThread(() =>
        {
            writer.Start();
            writer.Save(1);
            Assert.True(together.SignalAndWait(ChildProcess.Limit));
            // The first to have saved so often ends the run for all.
            while (Volatile.Read(ref done) == 0)
            {
                writer.Save(1);
                if (writer.Acknowledged.Count == 60) Interlocked.Exchange(ref done, 1);
            }
            Interlocked.Add(ref behind, 60 - writer.Acknowledged.Count);
            writer.End();
        })));

        var saved = writers.SelectMany(static writer => writer.Acknowledged).ToList();
        AcknowledgedSave.AssertKept(home, saved);
        Assert.True(File.Exists(home.Database + ".lock"), "They did not queue.");
        var times = saved.Select(static save => save.Milliseconds).Order().ToList();
        FaultRun.Report(2, "10 servers save at once", "ten servers that save without a pause", 1,
            string.Create(CultureInfo.InvariantCulture, $"in turn: {saved.Count} saves, p99 {times[times.Count * 99 / 100]:0} ms, the others {behind / 9.0:0.0} saves behind the first"), "");
    }

    private static void LiveAndDieAlone(SavingServer writer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            writer.Start();
            writer.Save(writer.Random.Next(2, 16));
            Moment.SpinAtMost(writer.Random, milliseconds: 8);
            writer.Kill();
            writer.Drain();
        }
    }

    private static async Task LiveAndDieTogether(List<SavingServer> writers, int saves, Random random)
    {
        using var started = new Barrier(writers.Count);
        using var enough = new ManualResetEventSlim();
        var done = 0;
        var lives = writers.Select(writer => Moment.OnAThread(() =>
        {
            writer.Start();
            Assert.True(started.SignalAndWait(ChildProcess.Limit));
            while (writer.SaveOne())
                if (Interlocked.Increment(ref done) == saves) enough.Set();
        }));
        var death = Moment.OnAThread(() =>
        {
            Assert.True(enough.Wait(ChildProcess.Limit));
            Moment.SpinAtMost(random, milliseconds: 8);
            foreach (var writer in writers)
                writer.Kill();
        });
        await Task.WhenAll(lives.Append(death));
        foreach (var writer in writers)
            writer.Drain();
    }
}
