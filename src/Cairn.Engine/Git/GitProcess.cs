using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;

namespace Cairn.Engine.Git;

/// <summary>What git said.</summary>
/// <param name="Succeeded">Whether it ended with the exit code 0. What it had said before a failure is in the text.</param>
/// <param name="Text">Its standard output.</param>
internal readonly record struct GitAnswer(bool Succeeded, string Text);

/// <summary>
/// Runs git by argument list, never through a shell, so that a hostile repository cannot make it run a program: no
/// hook, file system monitor, pager, prompt or transport. The caller keeps to commands that compare or show no contents;
/// those would start filters, diff drivers and signature checks.
/// </summary>
/// <param name="timeout">How long one run may take before it is killed.</param>
/// <param name="searchPath">Folders to look for git in, written like PATH.</param>
/// <param name="maxOutputBytes">How much it may say; more is no answer to rely on.</param>
internal sealed class GitProcess(TimeSpan timeout, string? searchPath, int maxOutputBytes = 1024 * 1024)
{

    private static readonly string[] Precautions =
    [
        "--no-pager",
        "-c", "core.fsmonitor=",
        "-c", OperatingSystem.IsWindows() ? "core.hooksPath=NUL" : "core.hooksPath=/dev/null",
    ];

    // All other GIT_ variables go: git sets them for its hooks, and they would name another repository than the directory.
    private static readonly string[] KeptVariables =
    [
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
        "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    ];

    private string? _executable;

    /// <summary>
    /// Runs git in a directory. Null when it gave no answer to rely on: it is not installed, did not end in time, said
    /// too much, or said what is not UTF-8.
    /// </summary>
    public GitAnswer? Run(string directory, params ReadOnlySpan<string> arguments) =>
        Listen(directory, arguments) is var (succeeded, bytes) && Utf8.IsValid(bytes) ? new GitAnswer(succeeded, Encoding.UTF8.GetString(bytes)) : null;

    /// <summary>The same, for what need not be text: the bytes, or null also when git failed.</summary>
    public byte[]? Read(string directory, params ReadOnlySpan<string> arguments) =>
        Listen(directory, arguments) is (true, var bytes) ? bytes : null;

    private (bool Succeeded, byte[] Bytes)? Listen(string directory, ReadOnlySpan<string> arguments)
    {
        _executable ??= FindExecutable(searchPath);
        if (_executable is null) return null;
        try
        {
            using var process = Process.Start(Prepare(_executable, directory, arguments))!;
            return Listen(process);
        }
        catch (Win32Exception)
        {
            // Git or the directory has gone, or git is no program of this machine. The next run looks for git again.
            _executable = null;
            return null;
        }
    }

    /// <summary>
    /// Git in the search path. Only whole paths count: the system's own search also looks into the current directory,
    /// where a hostile repository can put a program of that name.
    /// </summary>
    public static string? FindExecutable(string? searchPath)
    {
        var name = OperatingSystem.IsWindows() ? "git.exe" : "git";
        return (searchPath ?? "").Split(Path.PathSeparator)
            .Select(folder => folder.Trim('"'))
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(file => File.Exists(file) && IsExecutable(file));
    }

    private static bool IsExecutable(string file) =>
        OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static ProcessStartInfo Prepare(string executable, string directory, ReadOnlySpan<string> arguments)
    {
        // Every stream is redirected: ours belong to the protocol, and git's complaints to nobody.
        var start = new ProcessStartInfo(executable)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Precautions) start.ArgumentList.Add(argument);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        foreach (var variable in start.Environment.Keys.ToList())
            if (variable.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase) && !KeptVariables.Contains(variable, StringComparer.OrdinalIgnoreCase))
                start.Environment.Remove(variable);
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none"; // The list of those allowed, whatever a configuration says.
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private (bool Succeeded, byte[] Bytes)? Listen(Process process)
    {
        process.StandardInput.Close();
        process.BeginErrorReadLine();
        var output = ReadAsync(process.StandardOutput.BaseStream);
        if (output.Wait(timeout) && output.Result is { } bytes && process.WaitForExit(timeout))
            return (process.ExitCode == 0, bytes);

        process.Kill(entireProcessTree: true);
        process.WaitForExit(timeout);
        return null;
    }

    private async Task<byte[]?> ReadAsync(Stream stream)
    {
        using var output = new MemoryStream();
        var buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            output.Write(buffer, 0, count);
            if (output.Length > maxOutputBytes) return null;
        }
        return output.ToArray();
    }
}
