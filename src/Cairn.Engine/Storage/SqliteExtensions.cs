using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Storage;

/// <summary>Columns as the engine's types.</summary>
internal static class SqliteExtensions
{
    extension(SqliteDataReader row)
    {
        /// <summary>A text column, or null.</summary>
        public string? TextOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        /// <summary>A column of a whole number, or null.</summary>
        public long? NumberOrNull(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

        /// <summary>A column's bytes.</summary>
        public byte[] Bytes(int column) => row.GetFieldValue<byte[]>(column);

        /// <summary>A column of Unix milliseconds.</summary>
        public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
    }
}
