namespace Cairn.Engine;

/// <summary>What an engine is opened with. Every default of the engine stands here, once.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Absolute path of the SQLite file. It is created, with its directory, by the first call that needs it. Of a symbolic link
    /// its target: what stands beside the database (locks, marks, its log) is one for all who open it, by whatever name.
    /// </summary>
    public required string DatabasePath { get; init => field = Target(value); }

    /// <summary>Absolute path of the folder of the policy's own files (key, exceptions): the user's configuration; else the database's folder.</summary>
    public string ConfigurationDirectory { get => field ?? Path.GetDirectoryName(Path.GetFullPath(DatabasePath))!; init; }

    /// <summary>What is done with what looks like a secret.</summary>
    public PolicyOptions Policy { get; init; } = new();

    /// <summary>What is captured of sessions.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>Whether the event log is written, in the folder logs beside the database.</summary>
    public bool Log { get; init; }

    /// <summary>Absolute path of the folder with the sentence model's files; null when there are none.</summary>
    public string? ModelDirectory { get; init; }

    /// <summary>Whether entries are searched by their meaning as well, where there is a model.</summary>
    public bool Embeddings { get; init; } = true;

    /// <summary>Whether searches go by the ranked index, and servers make it.</summary>
    public bool RankedIndex { get; init; } = true;

    /// <summary>How much of the ranked index one process keeps in memory at most, in KiB.</summary>
    public int RankedCacheKibibytes { get; init; } = 32 * 1024;

    /// <summary>How the ranked index divides entries: the keys of its smallest segment, how many make a larger one, and the number of entries below which there are none.</summary>
    internal (int Base, int Fan, int Least) RankedLayout { get; init; } = (1024, 8, 2_000);

    /// <summary>Told, once a process each, of settings that are not followed, of a schema that was brought up, and of what else is amiss and fails nobody. The text is one line, and holds nothing of a file but its path.</summary>
    public Action<string> Warn { get; init; } = static _ => { };

    /// <summary>The user's home: too wide to be a project, so that work done right in it goes to the project "default".</summary>
    public string HomeDirectory { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>How long a write waits for other processes before it is refused.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a search waits for git to say which files changed; then it says nothing of it.</summary>
    public TimeSpan GitPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The page cache of one connection, in KiB.</summary>
    public int CacheKibibytes { get; init; } = 16 * 1024;

    private static string Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        }
        catch (IOException)
        {
            return path; // a circle of links: whoever opens it says so
        }
    }
}
