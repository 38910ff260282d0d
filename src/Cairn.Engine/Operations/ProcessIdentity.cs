using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Cairn.Engine.Operations;

/// <summary>
/// Tells a process from another one that was given the same number later: by when it began. The value is the system's own
/// and the same for every observer, also when the clock is set: ticks since boot on Linux, a file time elsewhere.
/// </summary>
internal static class ProcessIdentity
{
    private const int StartField = 19; // of /proc/PID/stat, counted from the state, the first field after the name

    /// <summary>When the process began; null when there is none, or it has ended and only waits to be noticed.</summary>
    public static long? StartOf(int pid) => OperatingSystem.IsLinux() ? FromProc(pid) : FromProcess(pid);

    private static long? FromProc(int pid)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' '); // the name before may hold anything
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[StartField], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? FromProcess(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToFileTimeUtc();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
