using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Storage;

/// <summary>
/// Where the writers of all processes queue for SQLite's write lock, which queues nobody. Who has the gate is next; whoever
/// has the write lock has left the gate. It is the system's lock on an empty file of its own beside the database: the
/// system serves in the order of coming, and frees what a process that died held. It guards nothing, SQLite's own lock
/// does; who cannot have it writes without it.
/// </summary>
internal sealed class WriteGate(string database)
{
    private int _waiting;

    /// <summary>Absolute path of the file. It stays; removing it does no harm.</summary>
    public string Path { get; } = database + ".lock";

    /// <summary>
    /// Waits for a turn, which ends when the result is disposed. Null where there is none to be had: the folder cannot be
    /// written, its file system has no locks, or the time is over. One call at a time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public IDisposable? Enter(TimeSpan patience, CancellationToken cancellation)
    {
        if (Open() is not { } file) return null;
        if (SystemLock.TryTake(file)) return file;
        // One who waits was given up on and has not come through yet: the gate is stuck.
        if (SystemLock.IsTaken && Volatile.Read(ref _waiting) == 0) return Await(file, patience, cancellation);
        file.Dispose();
        return null;
    }

    // The system's wait has no end but the lock, so a thread of its own does it. Given up on, it passes the turn on.
    private SafeFileHandle? Await(SafeFileHandle file, TimeSpan patience, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource<SafeFileHandle?>();
        Interlocked.Increment(ref _waiting);
        new Thread(() =>
        {
            var taken = SystemLock.Take(file);
            Interlocked.Decrement(ref _waiting);
            if (!turn.TrySetResult(taken ? file : null) || !taken) file.Dispose();
        })
        { IsBackground = true, Name = "write gate" }.Start();
        try
        {
            _ = turn.Task.Wait(patience, cancellation);
        }
        catch (OperationCanceledException)
        {
            if (!turn.TrySetResult(null)) turn.Task.Result?.Dispose();
            throw;
        }
        turn.TrySetResult(null);
        return turn.Task.Result;
    }

    private SafeFileHandle? Open()
    {
        try
        {
            if (SystemLock.Open(Path) is { } file) return file;
            if (!File.Exists(Path)) DatabaseFile.CreateNew(Path, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process made it meanwhile, or nobody can: the next line tells.
        }
        return SystemLock.Open(Path);
    }

    /// <summary>
    /// flock, or LockFileEx on Windows. The framework has neither: its files take a lock of their own when they are
    /// opened, and never wait for one.
    /// </summary>
    private static class SystemLock
    {
        private const int Exclusive = 2; // LOCK_EX, and LOCKFILE_EXCLUSIVE_LOCK
        private const int UnixNoWait = 4; // LOCK_NB
        private const int WindowsNoWait = 1; // LOCKFILE_FAIL_IMMEDIATELY
        private const int ReadWrite = 2; // O_RDWR

        // Not to be handed down to git: a lock lives as long as any process has its descriptor.
        private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000; // O_CLOEXEC
        private static readonly int[] Busy = OperatingSystem.IsWindows() ? [33, 997] : [11, 35]; // ERROR_LOCK_VIOLATION, ERROR_IO_PENDING; EWOULDBLOCK on Linux and macOS

        /// <summary>Opens a file that is there; null when it cannot be opened.</summary>
        public static SafeFileHandle? Open(string path)
        {
            if (OperatingSystem.IsWindows())
                return File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete) : null;
            var descriptor = Native.Open(Encoding.UTF8.GetBytes(path + '\0'), ReadWrite | CloseOnExec);
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }

        /// <summary>Takes the lock if it is free; else <see cref="IsTaken"/> tells why not.</summary>
        public static bool TryTake(SafeFileHandle file) => OperatingSystem.IsWindows() ? LockOnWindows(file, Exclusive | WindowsNoWait) : Native.Lock(file, Exclusive | UnixNoWait) == 0;

        /// <summary>Whether the last attempt of this thread failed because another has the lock.</summary>
        public static bool IsTaken => Busy.Contains(Marshal.GetLastPInvokeError());

        /// <summary>Waits for the lock, for ever. False when the system has none.</summary>
        public static bool Take(SafeFileHandle file) => OperatingSystem.IsWindows() ? LockOnWindows(file, Exclusive) : Native.Lock(file, Exclusive) == 0;

        private static bool LockOnWindows(SafeFileHandle file, int flags)
        {
            var start = default(NativeOverlapped);
            return Native.LockFile(file, flags, 0, 1, 0, ref start) != 0;
        }

        private static class Native
        {
            [DllImport("libc", EntryPoint = "open", SetLastError = true)]
            [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
            public static extern int Open(byte[] path, int flags);

            [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
            [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
            public static extern int Lock(SafeFileHandle file, int operation);

            [DllImport("kernel32", EntryPoint = "LockFileEx", SetLastError = true)]
            [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
            public static extern int LockFile(SafeFileHandle file, int flags, int reserved, int bytes, int bytesHigh, ref NativeOverlapped start);
        }
    }
}
