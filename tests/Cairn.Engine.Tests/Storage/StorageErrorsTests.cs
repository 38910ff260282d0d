using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Tests.Storage;

public sealed class StorageErrorsTests
{
    [Theory]
    [InlineData(raw.SQLITE_BUSY, "STORAGE", "busy")]
    [InlineData(raw.SQLITE_LOCKED, "STORAGE", "busy")]
    [InlineData(raw.SQLITE_FULL, "STORAGE", "The disk is full (the/path")]
    [InlineData(raw.SQLITE_READONLY, "STORAGE", "read-only (the/path)")]
    [InlineData(raw.SQLITE_IOERR, "STORAGE", "Disk I/O error (the/path")]
    [InlineData(raw.SQLITE_CANTOPEN, "STORAGE", "cannot be opened (the/path)")]
    [InlineData(raw.SQLITE_CORRUPT, "STORAGE", "damaged (the/path")]
    [InlineData(raw.SQLITE_PERM, "STORAGE", "No permission")]
    [InlineData(raw.SQLITE_ERROR, "STORAGE", "SQLite error 1 (the/path)")]
    [InlineData(raw.SQLITE_NOTADB, "MIGRATION", "the/path is not a SQLite database")]
    public void Translate_SqliteFailure_HasItsCodeAndWordsButNotSqlites(int code, string kind, string words)
    {
        var cause = new SqliteException("near \"a statement's text\"", code);

        var error = StorageErrors.Translate(cause, "the/path");

        Assert.Equal(kind == "MIGRATION" ? ErrorCode.MigrationFailure : ErrorCode.StorageFailure, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a statement's text", error.Message, StringComparison.Ordinal);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void Translate_FileSystemFailure_SaysWhy()
    {
        Assert.Contains("no permission", StorageErrors.Translate(new UnauthorizedAccessException("x"), "the/path").Message, StringComparison.Ordinal);
        Assert.Contains("its directory is missing", StorageErrors.Translate(new DirectoryNotFoundException("x"), "the/path").Message, StringComparison.Ordinal);
        Assert.Contains("the path is too long", StorageErrors.Translate(new PathTooLongException("x"), "the/path").Message, StringComparison.Ordinal);
        Assert.Contains("the/path", StorageErrors.Translate(new IOException("x"), "the/path").Message, StringComparison.Ordinal);
    }
}
