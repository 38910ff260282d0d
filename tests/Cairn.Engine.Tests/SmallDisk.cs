using System.Diagnostics;
using System.Globalization;

namespace Cairn.Engine.Tests;

/// <summary>
/// A folder that will not hold much: a small file system of its own where this user may mount one (root on Linux), else
/// a folder in which this user may write nothing. Either way writing into it fails.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(long bytes)
    {
        Path = Directory.CreateTempSubdirectory("cairn-test-disk-").FullName;
        IsFileSystem = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes}"), "tmpfs", Path) == 0;
        if (!IsFileSystem) SetWritable(false);
    }

    public string Path { get; }

    /// <summary>True when it can be filled; false when nothing can be written into it.</summary>
    public bool IsFileSystem { get; }

    /// <summary>The names in it.</summary>
    public string[] Files => [.. Directory.GetFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry))];

    public void Dispose()
    {
        if (IsFileSystem) Assert.Equal(0, Run("umount", Path));
        else SetWritable(true);
        Directory.Delete(Path, recursive: true);
    }

    private void SetWritable(bool writable)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Equal(0, Run("icacls", [Path, .. writable ? new[] { "/remove:d", Environment.UserName } : ["/deny", $"{Environment.UserName}:(W)"]]));
            return;
        }
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | (writable ? UnixFileMode.UserWrite : UnixFileMode.None));
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
