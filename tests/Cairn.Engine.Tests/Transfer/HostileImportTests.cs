using System.Text;
using Cairn.Engine.Transfer;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Transfer;

/// <summary>Files that are not what they should be: a clear error, and nothing half imported.</summary>
public sealed class HostileImportTests : IDisposable
{
    private readonly TransferFixture _transfer = new();

    public void Dispose() => _transfer.Dispose();

    public static TheoryData<string> AllFormats => ["any", .. ImportFormats.All];

    [Theory]
    [MemberData(nameof(AllFormats))]
    public void Import_NoFileEmptyFileOrNoise_IsAClearErrorOrNothing(string name)
    {
        var format = name == "any" ? null : name;
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(_transfer.PathOf("noise"), noise);
        File.WriteAllBytes(_transfer.PathOf("sqlite"), [.. "SQLite format 3\0"u8, .. noise]);
        File.WriteAllBytes(_transfer.PathOf("empty"), []);

        foreach (var file in (string[])["none", "empty", "noise", "sqlite"])
        {
            // A Markdown file may hold anything, and so is skipped instead.
            if (format == ImportFormats.Markdown && file == "noise")
                Assert.Contains("is not UTF-8", Assert.Single(_transfer.Import(_transfer.PathOf(file), format).Skipped!).Reason, StringComparison.Ordinal);
            else
                Assert.Contains(file, Assert.Throws<EngineException>(() => _transfer.Import(_transfer.PathOf(file), format)).Message, StringComparison.Ordinal);
        }
        if (File.Exists(_transfer.Into.DatabasePath)) Assert.Equal(["0"], _transfer.Into.Rows("SELECT count(*) FROM entries"));
    }

    [Fact]
    public void Import_UnknownFormat_NamesTheKnownOnes()
    {
        var error = Assert.Throws<EngineException>(() => _transfer.Import(_transfer.File("a.jsonl", "{}"), "csv"));
        Assert.Contains("server-memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_NewerVersion_SaysToUpdate()
    {
        var error = Assert.Throws<EngineException>(() => _transfer.Import(_transfer.File("a.jsonl", """{"format":"cairn","version":2}""", TransferFixture.Entry())));
        Assert.Contains("update cairn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_CairnsOwnDatabase_SaysToExportIt()
    {
        _transfer.From.Save("An entry");
        _transfer.Into.Save("Another");

        Assert.Contains("cairn export", Assert.Throws<EngineException>(() => _transfer.Import(_transfer.From.DatabasePath)).Message, StringComparison.Ordinal);
        foreach (var suffix in (string[])["", "-wal"])
            Assert.Contains("this very database", Assert.Throws<EngineException>(() => _transfer.Import(_transfer.Into.DatabasePath + suffix)).Message, StringComparison.Ordinal);
        File.CreateSymbolicLink(_transfer.PathOf("link"), _transfer.Into.DatabasePath);
        Assert.Contains("this very database", Assert.Throws<EngineException>(() => _transfer.Import(_transfer.PathOf("link"))).Message, StringComparison.Ordinal);
        Assert.Single(_transfer.Into.Find("another"));
    }

    [Fact]
    public void Import_VeryLongLine_IsPassedOverInLittleMemory()
    {
        using (var file = new StreamWriter(_transfer.PathOf("long.jsonl")))
        {
            file.WriteLine(TransferFixture.Entry());
            var chunk = new string('x', 1 << 20);
            for (var i = 0; i < 40; i++) file.Write(chunk);
            file.WriteLine();
            file.WriteLine(TransferFixture.Entry(("id", "06BQ1Z7K3M9XWVTE"), ("body", "After")));
        }

        var result = _transfer.Import(_transfer.PathOf("long.jsonl"), ImportFormats.JsonLines);

        Assert.Equal((2, 0, 1), TransferFixture.Counts(result));
        Assert.Equal(("line 2", "is longer than 16777216 bytes"), (result.Skipped![0].Where, result.Skipped[0].Reason));
    }

    [Fact]
    public void Import_WindowsLinesMarkAndBlankLines_AreRead()
    {
        File.WriteAllText(_transfer.PathOf("windows.jsonl"), $"\r\n{{\"format\":\"cairn\",\"version\":1}}\r\n\r\n{TransferFixture.Entry()}\r\n \t\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal((1, 0, 0), TransferFixture.Counts(_transfer.Import(_transfer.PathOf("windows.jsonl"))));
    }

    [Fact]
    public void Import_DamagedDatabase_KeepsWhatCameBeforeAndSaysSo()
    {
        var path = Database(350);
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2).Fill(0x5A);
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<EngineException>(() => _transfer.Import(path));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        var here = _transfer.Into.Rows("SELECT count(*) FROM entries")[0];
        Assert.Contains($"{here} of them imported", error.Message, StringComparison.Ordinal);
        Assert.NotEqual("0", here);
    }

    [Fact]
    public void Import_HalfADatabase_IsAClearError()
    {
        var path = Database(350);
        using (var file = File.OpenWrite(path)) file.SetLength(file.Length / 3);
        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => _transfer.Import(path)).Code);
    }

    [Fact]
    public void Import_DatabaseOfSomethingElseOrAView_IsRefused()
    {
        var path = _transfer.PathOf("other.db");
        Run(path, "CREATE TABLE recipes (id TEXT); CREATE VIEW entries AS SELECT 1 id, 1 title, 1 body, 1 entry_type, 1 project, 1 created_at_unix_ms");

        Assert.Contains("none of codex-mem", Assert.Throws<EngineException>(() => _transfer.Import(path)).Message, StringComparison.Ordinal);
        Assert.Contains("has not the tables of engram", Assert.Throws<EngineException>(() => _transfer.Import(path, ImportFormats.Engram)).Message, StringComparison.Ordinal);
        Assert.Contains("not jsonl", Assert.Throws<EngineException>(() => _transfer.Import(path, ImportFormats.JsonLines)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_OddKindsOfValues_AreTakenAsText()
    {
        var path = Database(0);
        Run(path, "INSERT INTO entries VALUES (5, 1.5, x'C3A9', 7, 'p', x'00', NULL, x'FF', -5, 'not a number')");

        var result = _transfer.Import(path);

        Assert.Equal((1, 0), (result.Imported + result.SkippedCount, result.Duplicates));
    }

    [Fact]
    public void Import_FolderWithLinksAndSpecialFiles_FollowsNone()
    {
        Directory.CreateDirectory(_transfer.PathOf("notes"));
        Directory.CreateDirectory(_transfer.PathOf("outside"));
        _transfer.File("outside/secret.md", "outside");
        _transfer.File("notes/mine.md", "mine");
        Directory.CreateSymbolicLink(_transfer.PathOf("notes/folder"), _transfer.PathOf("outside"));
        File.CreateSymbolicLink(_transfer.PathOf("notes/file.md"), _transfer.PathOf("outside/secret.md"));
        Directory.CreateSymbolicLink(_transfer.PathOf("notes/loop"), _transfer.PathOf("notes"));

        var result = _transfer.Import(_transfer.PathOf("notes"));

        Assert.Equal((1, 0, 0), TransferFixture.Counts(result));
        Assert.False(_transfer.Into.Holds("outside"));
    }

    [Fact]
    public void Import_PathsThatHoldInstructionsForAUri_AreJustNames()
    {
        var path = Database(3);
        var odd = Path.Combine(Path.GetDirectoryName(path)!, "a?mode=rwc&x=%41#b.db");
        File.Move(path, odd);
        Assert.Equal(3, _transfer.Import(odd).Imported);
    }

    private string Database(int rows)
    {
        var path = _transfer.PathOf("peer.db");
        Run(path, $"""
            PRAGMA journal_mode = WAL;
            CREATE TABLE entries (id TEXT PRIMARY KEY, title TEXT, body TEXT, entry_type TEXT, project TEXT, session_id TEXT, source_ref TEXT, metadata_json TEXT, created_at TEXT, created_at_unix_ms INTEGER);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
            INSERT INTO entries SELECT i, 'Title ' || i, 'Body ' || i || ' ' || hex(randomblob(500)), 'note', 'p', NULL, NULL, '{JsonBraces}', '', 1767398400000 + i FROM n WHERE {rows} > 0;
            """);
        return path;
    }

    private const string JsonBraces = "{}";

    private static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
