using System.Diagnostics;
using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>One server is killed in the middle of saves, again and again.</summary>
[Collection(typeof(Alone))]
public sealed class Row01KillDuringSavesTests
{
    [Fact]
    public void Row01_ServerKilledInMidSave_KeepsWhatItAcknowledged()
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 20 : 5);
        using var home = new TempHome();
        var writer = new SavingServer(home, 0, new Random(20260));
        var slowest = TimeSpan.Zero;
        for (var round = 0; round < rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            writer.Start();
            writer.Save(1);
            if (Stopwatch.GetElapsedTime(started) is var took && took > slowest) slowest = took;
            writer.Save(writer.Random.Next(0, 16));
            Moment.SpinAtMost(writer.Random, milliseconds: 8);
            writer.Kill();
            writer.Drain();
        }

        AcknowledgedSave.AssertKept(home, [.. writer.Acknowledged]);
        FaultRun.Report(1, "kill -9 in mid-save", "SIGKILL at a random moment, with three saves under way", rounds,
            string.Create(CultureInfo.InvariantCulture, $"saves: {writer.Acknowledged.Count} acknowledged, 0 lost, each found by search, integrity ok; start to first save after a kill at most {slowest.TotalMilliseconds:0} ms"), "nothing");
    }
}
