namespace Cairn.Engine;

/// <summary>What an engine is opened with. Every default of the engine stands here, once.</summary>
public sealed record EngineOptions
{
    /// <summary>Absolute path of the SQLite file. It is created, with its directory, by the first call that needs it.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The user's home: too wide to be a project, so that work done right in it goes to the project "default".</summary>
    public string HomeDirectory { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>How long a write waits for other processes before it is refused.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The page cache of one connection, in KiB.</summary>
    public int CacheKibibytes { get; init; } = 16 * 1024;
}
