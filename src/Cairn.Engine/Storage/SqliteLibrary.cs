using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>The SQLite that is linked in.</summary>
internal static class SqliteLibrary
{
    private const int OldestSafe = 3_051_003;

    static SqliteLibrary() => Batteries_V2.Init();

    /// <summary>Its version, as 3.53.4.</summary>
    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    /// <summary>Its version, as 3053004.</summary>
    public static int VersionNumber => raw.sqlite3_libversion_number();

    /// <summary>Versions before 3.51.3 can lose committed writes when several processes share a WAL file: refused.</summary>
    /// <exception cref="EngineException">The version is older.</exception>
    public static void RequireSafe(int version)
    {
        if (version >= OldestSafe) return;
        throw new EngineException(ErrorCode.StorageFailure,
            $"This SQLite is {version / 1_000_000}.{version / 1000 % 1000}.{version % 1000}; versions before 3.51.3 can lose committed writes when several "
            + "processes share one database. Nothing was written. Install Cairn's own build, which brings a newer SQLite.");
    }
}
