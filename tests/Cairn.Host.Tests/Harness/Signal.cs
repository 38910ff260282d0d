using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Cairn.Host.Tests.Harness;

/// <summary>Signals of POSIX systems, which .NET can only receive.</summary>
[UnsupportedOSPlatform("windows")]
internal static class Signal
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    public static void Send(int processId, int signal) => Assert.Equal(0, Kill(processId, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
