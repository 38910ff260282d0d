namespace Cairn.Host.Tests.Harness;

/// <summary>strace (Linux), by which a test sees a process's system calls, or lets some of them fail.</summary>
internal static class Strace
{
    private static readonly Lazy<string?> Obstacle = new(Look);

    /// <summary>
    /// The command line that runs what follows it under strace; the test fails when that cannot be done here.
    /// </summary>
    /// <param name="report">The file that gets a line a call.</param>
    /// <param name="calls">Names of system calls, with commas.</param>
    /// <param name="inject">Which of them fail, and how, as in <c>fsync:error=EIO:when=3</c>. Each thread is counted by itself.</param>
    /// <param name="paths">Only calls on these files; all when empty.</param>
    public static IReadOnlyList<string> Under(string report, string calls, string? inject = null, params IReadOnlyList<string> paths)
    {
        if (Obstacle.Value is { } obstacle) Assert.Fail($"strace is needed, and {obstacle} (eng/test installs it; a container needs the right to ptrace).");
        return
        [
            "strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "2000", "-o", report, .. paths.SelectMany(static path => new[] { "-P", path }), "-e", $"trace={calls}",
            .. inject is null ? Array.Empty<string>() : ["-e", $"inject={inject}"], "--",
        ];
    }

    private static string? Look()
    {
        using var home = new TempHome();
        try
        {
            var tried = ChildProcess.Run("strace", ["-f", "-qq", "-e", "trace=none", "true"], home);
            return tried.ExitCode == 0 ? null : $"it cannot trace here: {tried.Error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is none";
        }
    }
}
