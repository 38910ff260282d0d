using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// 200 bytes are overwritten on a page of each kind. A check notices or nothing is harmed; a running program deletes and
/// repairs nothing, reads what is whole, and says what to do about the rest; a restore brings the backup back.
/// </summary>
[Collection(typeof(Alone))]
public sealed class Row11DamagedPagesTests : IDisposable
{
    private const int Entries = 400;

    private static readonly Lazy<Filled> Made = new(Fill);

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("header")]
    [InlineData("interior")]
    [InlineData("leaf")]
    [InlineData("index")]
    [InlineData("overflow")]
    [InlineData("free")]
    [InlineData("full-text")]
    public void Row11_BytesOverwritten_IsNoticedAndTheRestIsRead(string kind)
    {
        var (rounds, random) = (FaultRun.Rounds(CairnBinary.IsNative ? 2 : 1), new Random(20270 + kind.Length));
        var (whole, _, backup, files) = Made.Value;
        var folder = Directory.CreateDirectory(Path.Combine(_home.Path, "backups")).FullName;
        foreach (var (name, bytes) in files) File.WriteAllBytes(Path.Combine(folder, name), bytes);
        File.WriteAllBytes(_home.Database, whole);
        var pages = new DatabasePages(_home.Database);
        var (noticed, read, refused, message) = (0, 0, 0, "");
        for (var round = 0; round < rounds; round++)
        {
            var damaged = (byte[])whole.Clone();
            Overwrite(damaged, kind, pages, random, atItsHead: round % 2 == 0);
            File.WriteAllBytes(_home.Database, damaged);

            var (found, some, few, words) = ReadAll(backup);
            (read, refused, message) = (read + found, refused + few, words ?? message);
            // Nothing is deleted, and nothing is changed.
            Assert.Equal(damaged, File.ReadAllBytes(_home.Database));
            var check = CliProcess.Run(_home, ["integrity", "check", "--db", _home.Database]);
            if (check.ExitCode != 0) noticed++;
            else Assert.Equal((Entries, 0), (found, some));
            Assert.DoesNotContain("   at ", check.Error, StringComparison.Ordinal);
        }
        if (kind is "leaf" or "overflow") Assert.True(read > rounds * Entries / 2, $"{read} read, {refused} refused");
        // What another program's may be is not replaced: it has to be moved away first.
        if (CliProcess.Run(_home, ["restore", backup, "--db", _home.Database]) is { ExitCode: not 0 } kept)
        {
            Assert.Contains("or move this one away", kept.Error, StringComparison.Ordinal);
            File.Delete(_home.Database);
            CliProcess.Run(_home, ["restore", backup, "--db", _home.Database]).ShouldExitWith(0);
        }
        DatabaseFile.AssertIntact(_home.Database);
        FaultRun.Report(11, $"damaged {kind} page", "200 bytes overwritten on a page of each kind, 40 of the header", rounds,
            string.Create(CultureInfo.InvariantCulture, $"{kind}: noticed by integrity check in {noticed} of {rounds} (else nothing was harmed), {read} entries read, {refused} refused, no byte changed, restored whole"),
            message.Length == 0 ? "" : $"\"{message.Replace(_home.Path, "…", StringComparison.Ordinal).Replace(backup, "BACKUP", StringComparison.Ordinal)}\"");
    }

    private static void Overwrite(byte[] bytes, string kind, DatabasePages pages, Random random, bool atItsHead)
    {
        var at = kind == "header" ? random.Next(60) : (pages.Of[kind][random.Next(pages.Of[kind].Count)] - 1) * DatabasePages.Size + (atItsHead ? 0 : random.Next(DatabasePages.Size - 200));
        random.NextBytes(bytes.AsSpan(at, kind == "header" ? 40 : 200));
    }

    /// <summary>Reads each entry by itself: how many came back, how many with another text, how many were refused, and a refusal's words.</summary>
    private (int Read, int Altered, int Refused, string? Message) ReadAll(string backup)
    {
        var (read, altered, refused, message) = (0, 0, 0, (string?)null);
        using var server = McpProcess.StartInitialized(_home);
        foreach (var (id, body) in Made.Value.Bodies)
        {
            var answer = server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) });
            if (answer.IsError)
            {
                refused++;
                message = answer.Structured.Object("error").String("message");
                Assert.Contains(answer.ErrorCode, new[] { "STORAGE_FAILURE", "MIGRATION_FAILURE" });
                // A header may have become that of another program or of a newer Cairn.
                if (message.StartsWith("This database ", StringComparison.Ordinal)) continue;
                Assert.Contains("cairn recover", message, StringComparison.Ordinal);
                Assert.Contains($"the last good backup is {backup}", message, StringComparison.Ordinal);
            }
            else if (answer.Structured["items"] is JsonArray { Count: 1 } items)
            {
                read++;
                if (items[0]!.AsObject().String("body") != body) altered++;
            }
        }
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
        return (read, altered, refused, message);
    }

    /// <summary>A filled database, and a backup of it under its name.</summary>
    private sealed record Filled(byte[] Bytes, IReadOnlyDictionary<string, string> Bodies, string Backup, IReadOnlyDictionary<string, byte[]> BackupFiles);

    // Enough for trees of several levels, bodies of several pages, and free pages; made once.
    private static Filled Fill()
    {
        using var home = new TempHome();
        var bodies = new Dictionary<string, string>();
        using (var server = McpProcess.StartInitialized(home))
        {
            for (var i = 0; i < Entries; i++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"entry{i:0000} {string.Join(' ', Enumerable.Range(0, i % 10 == 0 ? 1_500 : 60).Select(n => n * i))}");
                bodies[ToolCalls.Save(server, text)] = text;
            }
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }
        DatabaseFile.Execute(home.Database, "CREATE TABLE for_a_while (x); INSERT INTO for_a_while SELECT randomblob(3000) FROM entries LIMIT 50; DROP TABLE for_a_while");
        var backup = CliProcess.Json(home, ["backup", "create", "--db", home.Database]).Object("backup").String("path");
        var files = Directory.GetFiles(Path.GetDirectoryName(backup)!).ToDictionary(static file => Path.GetFileName(file), File.ReadAllBytes);
        return new Filled(File.ReadAllBytes(home.Database), bodies, Path.GetFileName(backup), files);
    }
}
