using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Cairn.Engine.Operations;

/// <summary>
/// Asks a server to end, and no more than asks: SIGTERM, or on Windows, which has no such thing, an event by a name that
/// the server waits for.
/// </summary>
internal static class StopSignal
{
    private const int Terminate = 15; // SIGTERM

    /// <summary>Asks. False when it cannot be asked: it is another user's, or gone.</summary>
    public static bool Send(int pid, long started)
    {
        if (!OperatingSystem.IsWindows()) return Kill(pid, Terminate) == 0;
        if (!EventWaitHandle.TryOpenExisting(Name(pid, started), out var asked)) return false;
        using (asked) return asked.Set();
    }

    /// <summary>Runs <paramref name="stop"/> when this process is asked to end, where signals do not do that. Disposing ends the wait.</summary>
    public static IDisposable? Await(int pid, long started, Action stop) => OperatingSystem.IsWindows() ? new Wait(Name(pid, started), stop) : null;

    private static string Name(int pid, long started) => $@"Local\cairn-stop-{pid}-{started}";

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    [SupportedOSPlatform("windows")]
    private sealed class Wait : IDisposable
    {
        private readonly EventWaitHandle _asked;
        private readonly RegisteredWaitHandle _waiting;

        public Wait(string name, Action stop)
        {
            _asked = new EventWaitHandle(false, EventResetMode.ManualReset, name);
            _waiting = ThreadPool.RegisterWaitForSingleObject(_asked, (_, _) => stop(), null, Timeout.Infinite, executeOnlyOnce: true);
        }

        public void Dispose()
        {
            _waiting.Unregister(null);
            _asked.Dispose();
        }
    }
}
