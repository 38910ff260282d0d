using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Cairn.Host.Tests.Harness;

/// <summary>
/// An empty folder that the system takes for another machine's: a mount of type fuse.sshfs, whose other end is a thread
/// here. It answers what is asked of its root, and lets nothing be made; what was tried is on record. Root on Linux only.
/// </summary>
internal sealed class NetworkMount : IDisposable
{
    /// <summary>The name of its file system.</summary>
    public const string FileSystem = "fuse.sshfs";

    private const int HeaderLength = 40;
    private const int NotThere = -2, IoError = -5, NotKnown = -38; // ENOENT, EIO, ENOSYS

    private readonly FileStream _device;
    private readonly ConcurrentQueue<string> _tried = [];

    private NetworkMount(string path, FileStream device) => (Path, _device) = (path, device);

    public string Path { get; }

    /// <summary>The names of files and folders that somebody tried to make.</summary>
    public IReadOnlyCollection<string> Tried => _tried;

    /// <summary>Mounts one; null where this user or this system cannot.</summary>
    public static NetworkMount? TryMake()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/dev/fuse")) return null;
        var device = new FileStream("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var mount = new NetworkMount(Directory.CreateTempSubdirectory("cairn-test-mount-").FullName, device);
        if (Mount("elsewhere:/", mount.Path, FileSystem, 0, $"fd={device.SafeFileHandle.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0") != 0)
        {
            device.Dispose();
            Directory.Delete(mount.Path);
            return null;
        }
        new Thread(mount.Serve) { IsBackground = true, Name = "network mount" }.Start();
        return mount;
    }

    public void Dispose()
    {
        Assert.Equal(0, Unmount(Path, 2)); // MNT_DETACH; it ends the thread
        _device.Dispose();
        Directory.Delete(Path);
    }

    // The protocol of linux/fuse.h, version 7.31, as far as an empty root needs it.
    private void Serve()
    {
        var request = new byte[1 << 20];
        try
        {
            while (_device.Read(request) is > 0 and var length)
                if (Answer(request.AsSpan(0, length)) is { } answer) _device.Write(answer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It is unmounted.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> request)
    {
        var unique = BinaryPrimitives.ReadUInt64LittleEndian(request[8..]);
        var body = request[HeaderLength..];
        switch (BinaryPrimitives.ReadUInt32LittleEndian(request[4..]))
        {
            case 1: return Error(unique, NotThere); // LOOKUP
            case 2 or 42: return null; // FORGET, BATCH_FORGET
            case 3: return Attributes(unique); // GETATTR
            case 8 or 35: return Refuse(unique, body[16..]); // MKNOD, CREATE
            case 9: return Refuse(unique, body[8..]); // MKDIR
            case 17: return Result(unique, new byte[80]); // STATFS
            case 26: return Welcome(unique); // INIT
            default: return Error(unique, NotKnown);
        }
    }

    private byte[] Refuse(ulong unique, ReadOnlySpan<byte> name)
    {
        _tried.Enqueue(Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]));
        return Error(unique, IoError);
    }

    private static byte[] Attributes(ulong unique)
    {
        var result = new byte[104];
        BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(16), 1); // the root's number
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(76), 0x41C0); // a folder, 0700
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(80), 2);
        return Result(unique, result);
    }

    private static byte[] Welcome(ulong unique)
    {
        var result = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(result, 7);
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(4), 31);
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(20), 4096); // the longest write
        return Result(unique, result);
    }

    private static byte[] Error(ulong unique, int error)
    {
        var answer = Result(unique, []);
        BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(4), error);
        return answer;
    }

    private static byte[] Result(ulong unique, ReadOnlySpan<byte> result)
    {
        var answer = new byte[16 + result.Length];
        BinaryPrimitives.WriteInt32LittleEndian(answer, answer.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(8), unique);
        result.CopyTo(answer.AsSpan(16));
        return answer;
    }

    [DllImport("libc", EntryPoint = "mount", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mount(string source, string target, string type, nuint flags, string data);

    [DllImport("libc", EntryPoint = "umount2", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmount(string target, int flags);
}
