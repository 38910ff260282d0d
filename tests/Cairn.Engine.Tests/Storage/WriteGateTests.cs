using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

public sealed class WriteGateTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-gate-").FullName;

    private string Database => Path.Combine(_folder, "memory.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Enter_Free_IsAtOnceAndLeavesAFileOfItsUserAlone()
    {
        var gate = new WriteGate(Database);
        for (var i = 0; i < 3; i++)
            using (var turn = gate.Enter(TimeSpan.Zero, CancellationToken.None))
                Assert.NotNull(turn);

        Assert.Equal([$"{Database}.lock"], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(gate.Path));
    }

    [Fact]
    public async Task Enter_Held_WaitsUntilTheOtherTurnEnds()
    {
        var held = new WriteGate(Database).Enter(TimeSpan.Zero, CancellationToken.None);
        var waiting = EngineFixture.Start(() => new WriteGate(Database).Enter(Long, CancellationToken.None));
        Assert.False(waiting.IsCompleted);

        held!.Dispose();

        using var turn = await waiting.WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.NotNull(turn);
    }

    [Fact]
    public void Enter_HeldTooLong_GoesOnWithoutAndPassesItsTurnOn()
    {
        var gate = new WriteGate(Database);
        using (new WriteGate(Database).Enter(TimeSpan.Zero, CancellationToken.None))
        {
            Assert.Null(gate.Enter(TimeSpan.FromMilliseconds(1), CancellationToken.None));
            Assert.Null(gate.Enter(Long, CancellationToken.None)); // it waits already: not once more
        }

        using var turn = new WriteGate(Database).Enter(Long, CancellationToken.None);
        Assert.NotNull(turn);
    }

    [Fact]
    public void Enter_GivenUp_SaysSoAndPassesItsTurnOn()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using (new WriteGate(Database).Enter(TimeSpan.Zero, CancellationToken.None))
            Assert.ThrowsAny<OperationCanceledException>(() => new WriteGate(Database).Enter(Long, cancelled.Token));

        using var turn = new WriteGate(Database).Enter(Long, CancellationToken.None);
        Assert.NotNull(turn);
    }

    [Fact]
    public async Task Enter_ByManyAtOnce_IsOneAtATimeAndEachOnce()
    {
        var (inside, most, entered) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EngineFixture.Start(() =>
        {
            var gate = new WriteGate(Database);
            for (var i = 0; i < 50; i++)
            {
                using var turn = gate.Enter(Long, CancellationToken.None);
                Assert.NotNull(turn);
                InterlockedMax(ref most, Interlocked.Increment(ref inside));
                Interlocked.Increment(ref entered);
                Interlocked.Decrement(ref inside);
            }
            return true;
        }))).WaitAsync(Long, TestContext.Current.CancellationToken);

        Assert.Equal((0, 1, 400), (inside, most, entered));
    }

    [Fact]
    public void Enter_WhereNoFileCanBe_IsNull()
    {
        Assert.Null(new WriteGate(Path.Combine(_folder, "missing", "memory.db")).Enter(Long, CancellationToken.None));
        Directory.CreateDirectory($"{Database}.lock");
        Assert.Null(new WriteGate(Database).Enter(Long, CancellationToken.None));
    }

    [Fact]
    public void Save_WithoutAGate_IsSaved()
    {
        using var cairn = new EngineFixture();
        Directory.CreateDirectory($"{cairn.DatabasePath}.lock");

        Assert.Equal("kept", cairn.Get(cairn.Save("kept")).Body);
    }

    [Fact]
    public void Save_WithAGateThatIsStuck_IsSaved()
    {
        using var cairn = new EngineFixture(static options => options with { BusyTimeout = TimeSpan.FromMilliseconds(20) });
        cairn.Save("first");
        using var stuck = new WriteGate(cairn.DatabasePath).Enter(TimeSpan.Zero, CancellationToken.None);
        Assert.NotNull(stuck);

        Assert.Equal("kept", cairn.Get(cairn.Save("kept")).Body);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
