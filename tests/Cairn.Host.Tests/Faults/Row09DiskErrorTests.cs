using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The disk fails at the nth write or fsync of the database or its log.</summary>
[Collection(typeof(Alone))]
public sealed class Row09DiskErrorTests
{
    [Theory]
    [InlineData("fsync,fdatasync", 10)]
    [InlineData("pwrite64", 80)]
    public void Row09_NthCallFails_RefusesThatSaveAndLosesNone(string call, int most)
    {
        if (!OperatingSystem.IsLinux()) return; // strace is Linux's
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);
        var (rounds, random) = (FaultRun.Rounds(CairnBinary.IsNative ? 8 : 3), new Random(20269));
        var disk = new FailingDisk(home);

        for (var round = 1; round <= rounds; round++) disk.Live(call, "EIO", round <= most ? round : random.Next(1, most), "Disk I/O error");

        disk.AssertKept();
        Assert.True(disk.Refused > 0);
        FaultRun.Report(9, $"I/O error at the nth {call}", $"strace, {call} fails with EIO", rounds,
            string.Create(CultureInfo.InvariantCulture, $"{call}: {disk.Injected} calls failed, {disk.Refused} saves refused and absent, {disk.Acknowledged} acknowledged and present, later saves work{(call == "pwrite64" ? "" : "; the connection is opened anew")}"),
            $"STORAGE_FAILURE \"{disk.Message}\"");
    }
}
