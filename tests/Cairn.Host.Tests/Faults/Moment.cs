using System.Diagnostics;

namespace Cairn.Host.Tests.Faults;

/// <summary>When a process is killed.</summary>
internal static class Moment
{
    /// <summary>
    /// Lets a random time pass, at most so much: a kill then meets any moment of a save, between parts of it that take
    /// less than a timer's tick.
    /// </summary>
    public static void SpinAtMost(Random random, double milliseconds)
    {
        var until = TimeSpan.FromMilliseconds(random.NextDouble() * milliseconds);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < until) Thread.SpinWait(20);
    }

    public static Task OnAThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
