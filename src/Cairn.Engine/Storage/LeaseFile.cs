namespace Cairn.Engine.Storage;

/// <summary>
/// A file beside the database that one process at a time holds locked, for work that only one should do. The system lets go
/// of it when that process ends, however it ends. It stays there, empty: who removed it would let two hold one each.
/// </summary>
internal sealed class LeaseFile(string database, string work)
{
    /// <summary>Absolute path of the file.</summary>
    public string Path { get; } = $"{database}.{work}";

    /// <summary>The lease, to be disposed, or null: another has it, or the folder cannot be written.</summary>
    public IDisposable? TryTake()
    {
        try
        {
            // For its owner alone: who may read it can lock it too.
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(Path, options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a living process has it.</summary>
    public bool IsHeld
    {
        get
        {
            if (!File.Exists(Path)) return false;
            using var lease = TryTake();
            return lease is null;
        }
    }
}
