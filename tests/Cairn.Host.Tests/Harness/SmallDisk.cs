using System.Globalization;

namespace Cairn.Host.Tests.Harness;

/// <summary>
/// A small file system of its own, in memory, that can be filled and made read-only (Linux). Mounting takes root, or sudo
/// that asks no password; a test that can have neither fails.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempHome _home;

    /// <summary>Mounts it on a folder, which is made when it is missing.</summary>
    public SmallDisk(TempHome home, string path, long bytes)
    {
        (_home, Path) = (home, Directory.CreateDirectory(path).FullName);
        var tried = Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},mode=0777"), "tmpfs", Path);
        Assert.True(tried.ExitCode == 0, $"A small file system is needed, and none can be mounted here (root or sudo without a password): {tried.Error}");
    }

    public string Path { get; }

    /// <summary>Mounts it anew: only to be read, or to be written as well.</summary>
    public void SetWritable(bool writable) => Run("mount", "-o", $"remount,{(writable ? "rw" : "ro")}", Path).ShouldExitWith(0);

    /// <summary>Writes a file that takes all the room that is left.</summary>
    public void Fill(string name)
    {
        using var file = new FileStream(System.IO.Path.Combine(Path, name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var bytes = new byte[4096];
        try
        {
            while (true) file.Write(bytes);
        }
        catch (IOException)
        {
            // It is full, as was asked for.
        }
    }

    public void Dispose() => Run("umount", "--lazy", Path).ShouldExitWith(0);

    private ProcessResult Run(params string[] command) => Environment.IsPrivilegedProcess
        ? ChildProcess.Run(command[0], command[1..], _home)
        : ChildProcess.Run("sudo", ["-n", .. command], _home);
}
