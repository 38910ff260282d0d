using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Recovery;

/// <summary>
/// A database file and its log, read as bytes. Nothing of them is changed, no lock is taken, and SQLite is not asked: it
/// would refuse a ruined header and stop at a damaged page. Only while no connection of this process has the file open:
/// closing it here would drop that one's locks.
/// </summary>
internal sealed class DamagedDatabase : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly SafeFileHandle? _logFile;
    private readonly (long, DateTime, long, DateTime) _state;

    private DamagedDatabase(string path)
    {
        _path = path;
        _state = State();
        _file = Open(path);
        try
        {
            if (File.Exists(LogPath)) _logFile = Open(LogPath);
            LogBytes = _logFile is null ? 0 : RandomAccess.GetLength(_logFile);
            Log = _logFile is null ? null : WriteAheadLog.Read(_logFile);
            FileAlone = new PageImage(_file, null);
            // A log of pages of another size is another database's.
            WithLog = Log is not null && (!FileAlone.Header.IsWhole || FileAlone.PageSize == Log.PageSize) ? new PageImage(_file, Log) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The length of the log in bytes; 0 when there is none.</summary>
    public long LogBytes { get; }

    /// <summary>What the log has; null when it holds no commit.</summary>
    public WriteAheadLog? Log { get; }

    /// <summary>The pages of the file.</summary>
    public PageImage FileAlone { get; }

    /// <summary>The pages of the file with those of the log over them; null when the log adds none.</summary>
    public PageImage? WithLog { get; }

    private string LogPath => _path + "-wal";

    /// <summary>Opens a file for reading.</summary>
    public static DamagedDatabase At(string path) => new(path);

    /// <summary>Whether somebody wrote to it since it was opened here: then what was read may be a mix.</summary>
    public bool HasChanged => State() != _state;

    public void Dispose()
    {
        _logFile?.Dispose();
        _file?.Dispose();
    }

    private static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);

    private (long, DateTime, long, DateTime) State()
    {
        var (file, log) = (new FileInfo(_path), new FileInfo(LogPath));
        return (file.Length, file.LastWriteTimeUtc, log.Exists ? log.Length : 0, log.Exists ? log.LastWriteTimeUtc : default);
    }
}
