using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Storage;

/// <summary>Columns as the engine's types.</summary>
internal static class SqliteExtensions
{
    /// <summary>The least and the greatest Unix milliseconds that are a time.</summary>
    public static readonly (long Least, long Greatest) Times = (DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

    /// <summary>
    /// A stored time of Unix milliseconds. What is none, in a row that was damaged, counts as the nearest that is one: what
    /// else the row holds can still be read, and the integrity check names it.
    /// </summary>
    public static DateTimeOffset ToTime(this long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, Times.Least, Times.Greatest));

    extension(SqliteDataReader row)
    {
        /// <summary>A text column, or null.</summary>
        public string? TextOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        /// <summary>A column of a whole number, or null.</summary>
        public long? NumberOrNull(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

        /// <summary>A column's bytes.</summary>
        public byte[] Bytes(int column) => row.GetFieldValue<byte[]>(column);

        /// <summary>A column of Unix milliseconds, as <see cref="ToTime"/> reads them.</summary>
        public DateTimeOffset Time(int column) => row.GetInt64(column).ToTime();
    }
}
