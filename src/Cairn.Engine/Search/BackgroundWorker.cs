using System.Runtime.InteropServices;

namespace Cairn.Engine.Search;

/// <summary>
/// Runs work that follows what is saved in the background of a server: some time after something was saved or a search
/// found that something is missing, on a thread of low priority. While there is nothing to do there is no thread and no timer.
/// </summary>
/// <param name="name">The thread's name.</param>
/// <param name="run">The work; false when another process is at it. What it throws is told to <paramref name="failed"/>.</param>
/// <param name="failed">Told of a failure; the work is tried again when it is woken.</param>
/// <param name="time">Measures the delays.</param>
internal sealed class BackgroundWorker(string name, Func<CancellationToken, bool> run, Action<Exception> failed, TimeProvider time) : IDisposable
{
    /// <summary>How long after a save it begins: an agent that has saved is about to do more.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private Thread? _thread;
    private bool _again;
    private bool _due;
    private volatile bool _started;

    /// <summary>From now on it works when it is woken.</summary>
    public void Start() => _started = true;

    /// <summary>Says that there may be something to do.</summary>
    public void Wake()
    {
        if (_started) WakeIn(Delay);
    }

    /// <summary>Ends the work and waits for what is at hand.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_lock)
        {
            _started = false;
            _timer?.Dispose();
            thread = _thread;
        }
        _stop.Cancel();
        thread?.Join(EndPatience);
    }

    private void WakeIn(TimeSpan delay)
    {
        lock (_lock)
        {
            if (!_started) return;
            if (_thread is not null)
            {
                _again = true;
                return;
            }
            // Not put off by what comes meanwhile: who saves without a pause is followed, not waited for.
            if (_due) return;
            _due = true;
            _timer ??= time.CreateTimer(_ => Begin(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            _due = false;
            if (!_started || _thread is not null) return;
            _again = false;
            _thread = new Thread(Work) { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal };
            _thread.Start();
        }
    }

    private void Work()
    {
        LowerPriority();
        var done = false;
        try
        {
            done = run(_stop.Token);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The edge of this thread, beyond which there is only the end of the process: the next save or search asks again.
            done = true;
            if (!_stop.IsCancellationRequested) failed(error);
        }
        finally
        {
            bool again;
            lock (_lock) (_thread, again) = (null, _again || !done);
            // Whoever has the lease may have looked before the save that woke this process: it looks again itself.
            if (again) WakeIn(done ? Delay : Patience);
        }
    }

    // The framework's priorities do nothing on Linux, where a thread has a nice value of its own.
    private static void LowerPriority()
    {
        if (OperatingSystem.IsLinux()) _ = setpriority(0, 0, 10);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setpriority(int which, uint who, int priority);
}
