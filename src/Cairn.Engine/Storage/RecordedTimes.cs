namespace Cairn.Engine.Storage;

/// <summary>When entries were recorded, by the clock of those who recorded them. Columns of the first schema: every database has them.</summary>
internal static class RecordedTimes
{
    /// <summary>The time of the entry that was recorded last; null when there is none.</summary>
    public static DateTimeOffset? OfTheLast(DatabaseConnection connection) => Time(connection.Number("SELECT recorded_at FROM entries ORDER BY key DESC LIMIT 1"));

    /// <summary>The latest time of any entry; null when there is none.</summary>
    public static DateTimeOffset? Latest(DatabaseConnection connection) => Time(connection.Number("SELECT max(recorded_at) FROM entries"));

    /// <summary>The time of the first entry after a key; null when there is none.</summary>
    public static DateTimeOffset? OfTheFirstAfter(DatabaseConnection connection, long key) => Time(connection.Number("SELECT recorded_at FROM entries WHERE key > ?1 ORDER BY key LIMIT 1", key));

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds?.ToTime();
}
