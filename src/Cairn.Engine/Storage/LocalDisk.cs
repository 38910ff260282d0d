namespace Cairn.Engine.Storage;

/// <summary>
/// SQLite's write-ahead log needs memory that all processes share and locks that hold: on a network file system there is
/// neither for two machines, and what was saved can be lost. Such a place is refused before anything is written there.
/// </summary>
internal sealed class LocalDisk(string database)
{
    // As Linux, macOS and FreeBSD name them. Of those in user space, the ones that reach another machine.
    private static readonly HashSet<string> Network = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "smbclient", "9p", "v9fs", "afs", "afpfs", "webdav", "davfs", "ncp", "ncpfs", "coda",
        "ceph", "glusterfs", "lustre", "ocfs2", "gfs", "gfs2", "gpfs", "beegfs", "orangefs", "pvfs2", "moosefs", "acfs", "vboxsf", "prl_fs", "vmhgfs", "drvfs",
    };

    private static readonly string[] NetworkInUserSpace = ["sshfs", "rclone", "s3fs", "gcsfuse", "goofys", "davfs", "curlftpfs", "smbnetfs", "gvfsd", "glusterfs", "ceph", "moosefs", "juicefs", "vmhgfs", "google-drive"];

    private volatile bool _known;

    /// <summary>Refuses a database on a network file system. Looks once; a place that cannot be told counts as local.</summary>
    /// <exception cref="EngineException">It is on one.</exception>
    public void Require()
    {
        if (_known) return;
        if (FileSystem(database) is { } drive && IsNetwork(drive.Name, drive.IsNetwork)) throw Refusal(database, drive.Name);
        _known = true;
    }

    /// <summary>Whether a file system reaches another machine.</summary>
    /// <param name="name">Its name: "ext4", "nfs4", "fuse.sshfs".</param>
    /// <param name="byTheSystem">What the system says of it.</param>
    public static bool IsNetwork(string name, bool byTheSystem) =>
        byTheSystem || Network.Contains(name)
        || (name.StartsWith("fuse.", StringComparison.OrdinalIgnoreCase) && NetworkInUserSpace.Any(known => name["fuse.".Length..].StartsWith(known, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What a database in such a place is answered.</summary>
    public static EngineException Refusal(string database, string fileSystem) => new(ErrorCode.StorageFailure,
        $"The database needs a local disk, and {database} is on a network file system ({fileSystem}), where SQLite's write-ahead log can lose what was saved. Nothing was written; reads go on. "
        + "Name a file on a disk of this machine with --db or MEMORY_DB_PATH; cairn backup create --in DIR copies what is there, and cairn restore BACKUP takes it in.",
        new Dictionary<string, object> { ["file_system"] = fileSystem });

    // The file need not be there, nor its folder: the nearest folder that is there tells.
    private static (string Name, bool IsNetwork)? FileSystem(string database)
    {
        try
        {
            var file = new FileInfo(database);
            var target = file.Exists && file.LinkTarget is not null ? file.ResolveLinkTarget(returnFinalTarget: true)!.FullName : file.FullName;
            var folder = Path.GetDirectoryName(target);
            while (folder is not null && !Directory.Exists(folder)) folder = Path.GetDirectoryName(folder);
            if (folder is null) return null;
            // Windows has a drive a letter, and network paths without one; the others look the folder up.
            if (OperatingSystem.IsWindows() && folder.StartsWith(@"\\", StringComparison.Ordinal) && !folder.StartsWith(@"\\?\", StringComparison.Ordinal) && !folder.StartsWith(@"\\.\", StringComparison.Ordinal)) return ("UNC", true);
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
            return (drive.DriveFormat, drive.DriveType == DriveType.Network);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
