using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>purge, policy rescan and backup scrub with the real program, while a server has the database open.</summary>
public sealed class PurgeCommandTests : IDisposable
{
    private const string Word = "PLACE";
    private const string Cut = "[REDACTED:anthropic-api-key]";

    // Put together here, so that no scanner of sources finds a key in this file.
    private static readonly string Secret = "sk-" + "ant-" + "api03-" + new Random(20265).GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 93) + "AA";

    private readonly TempHome _home = new();
    private readonly McpProcess _server;

    public PurgeCommandTests() => _server = McpProcess.StartInitialized(_home, ["mcp"]);

    public void Dispose()
    {
        _server.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Purge_SeveralWhileAServerIsOpen_LeavesNoByteOfThemInTheFolder()
    {
        var words = Enumerable.Range(1, 6).Select(seed => $"qz{new Random(seed).GetString("abcdefghijklmnopqrstuvwxyz", 14)}ing").ToList();
        var ids = Enumerable.Range(0, 5).Select(i => ToolCalls.Save(_server, $"Noise {i}\n{new string('x', 3000)}")).ToList();
        var gone = words.ConvertAll(word => _server.CallTool("save_memory", new JsonObject
        {
            ["text"] = $"Text {word} {new string('y', 5000)} {word}s",
            ["title"] = $"Title {word}",
            ["tags"] = new JsonArray(word),
            ["metadata"] = new JsonObject { [word] = word },
            ["source_ref"] = $"docs/{word}.md",
            ["session_id"] = word,
        }).Structured.String("id"));
        _server.CallTool("update_memory", new JsonObject { ["id"] = gone[0], ["action"] = "forget", ["reason"] = words[1] });
        Assert.Contains(words, Holds);

        var purged = CliProcess.Run(_home, ["purge", .. gone, "--reason", "a customer asked", "--yes"]).ShouldExitWith(0);

        Assert.Equal($"Purged {string.Join(", ", gone)}.", purged.Output.Trim());
        Assert.DoesNotContain(words, Holds);
        Assert.Equal(0, new FileInfo(_home.DefaultDatabase + "-wal").Length);
        Assert.Equal(gone, _server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray([.. gone.Select(id => (JsonNode)id)]) }).Structured.Array("missing").Select(id => (string)id!));
        Assert.Equal(5, ToolCalls.Search(_server, "noise").Count);
        ToolCalls.AssertWorks(_server, "afterwards");
        Assert.Equal(5, ids.Count);
    }

    [Fact]
    public void Purge_BackupsThatHoldIt_AreNamedAndScrubbed()
    {
        var (kept, gone) = (CliProcess.Save(_home, "Kept"), CliProcess.Save(_home, "A customer's name: Lapislazuli"));
        CliProcess.Run(_home, ["backup", "create"]).ShouldExitWith(0);
        var name = CliProcess.Json(_home, ["backup", "list"]).Array("backups")[0]!.AsObject().String("name");

        var purged = CliProcess.Json(_home, ["purge", gone, "--yes"]);
        Assert.Equal("purged", purged.String("status"));
        Assert.Equal([gone], purged.Array("ids").Select(id => (string)id!));
        Assert.Equal((name, 1), (purged.Array("backups")[0]!.AsObject().String("name"), (int)purged.Array("backups")[0]!["entries"]!));
        Assert.True(Holds("Lapislazuli"));

        var again = CliProcess.Run(_home, ["purge", "--compact"]).ShouldExitWith(0);
        Assert.Contains($"To take it out of them: cairn backup scrub --all", again.Output, StringComparison.Ordinal);
        Assert.Contains(name, again.Output, StringComparison.Ordinal);

        Assert.Equal($"rewritten {name}: 1 removed, 0 redacted", CliProcess.Run(_home, ["backup", "scrub", "--all"]).ShouldExitWith(0).Output.Trim());
        Assert.False(Holds("Lapislazuli"));
        CliProcess.Run(_home, ["backup", "verify"]).ShouldExitWith(0);
        Assert.Equal($"unchanged {name}", CliProcess.Run(_home, ["backup", "scrub", "--all"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal("pass", CliProcess.Json(_home, ["backup", "scrub", name]).String("status"));
        CliProcess.Run(_home, ["get", kept]).ShouldExitWith(0);
    }

    [Fact]
    public void BackupScrub_OfADamagedBackup_EndsWithOneAndSaysWhy()
    {
        var id = CliProcess.Save(_home, "Entry");
        CliProcess.Run(_home, ["backup", "create"]).ShouldExitWith(0);
        var path = CliProcess.Json(_home, ["backup", "list"]).Array("backups")[0]!.AsObject().String("path");
        CliProcess.Run(_home, ["purge", id]).ShouldExitWith(0);
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path)[..^1], 7]);

        Assert.Contains("its content is not that of its manifest", CliProcess.Run(_home, ["backup", "scrub", "--all"]).ShouldExitWith(1).Output, StringComparison.Ordinal);
        CliProcess.AssertRefused(_home, 2, "name the backups, or give --all", ["backup", "scrub"]);
        CliProcess.AssertRefused(_home, 2, "name the backups, or give --all", ["backup", "scrub", path, "--all"]);
    }

    [Fact]
    public void Recall_OfAnEntryThatOlderRulesLetIn_IsRedactedInEveryAnswer()
    {
        var id = SaveOld();

        var hit = Answer("search", new JsonObject { ["query"] = "kept safe" }).Array("items")[0]!.AsObject();
        Assert.Equal((id, $"Title {Cut}", $"The key is {Cut}, kept safe", 3), (hit.String("id"), hit.String("title"), hit.String("snippet"), (int)hit["redacted"]!));
        var entry = Answer("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Array("items")[0]!.AsObject();
        Assert.Equal(($"Title {Cut}", $"The key is {Cut}, kept safe", 4), (entry.String("title"), entry.String("body"), (int)entry["redacted"]!));
        Assert.Equal(Cut, entry.Object("metadata").String("note"));
        var line = Answer("timeline", new JsonObject { ["anchor_id"] = id }).Array("items")[0]!.AsObject();
        Assert.Equal($"Title {Cut}", line.String("title"));
        foreach (var arguments in new string[][] { ["search", "kept"], ["get", id], ["timeline", id], ["export"] })
        {
            var ended = CliProcess.Run(_home, arguments).ShouldExitWith(0);
            Assert.Contains(Cut, ended.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, ended.Output + ended.Error, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(Secret, _server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rescan_ListThenRedact_CutsTheSecretOutOfEveryByte()
    {
        var id = SaveOld();
        CliProcess.Run(_home, ["backup", "create"]).ShouldExitWith(0);

        var listed = CliProcess.Run(_home, ["policy", "rescan"]).ShouldExitWith(3);
        Assert.StartsWith($"{id} found anthropic-api-key in text, title, source_ref, metadata.note", listed.Output, StringComparison.Ordinal);
        Assert.Contains("1 judged by rules", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[..12], listed.Output + listed.Error, StringComparison.Ordinal);

        var redacted = CliProcess.Json(_home, ["policy", "rescan", "--redact", "--yes"]);
        Assert.Equal("redacted", redacted.Object("rescan").Array("found")[0]!.AsObject().String("outcome"));
        Assert.Single(redacted.Array("backups"));
        CliProcess.Run(_home, ["backup", "scrub", "--all"]).ShouldExitWith(0);
        Assert.False(Holds(Secret[12..]));
        Assert.False(Holds(Secret[12..].ToLowerInvariant()));
        Assert.Equal([id], ToolCalls.Search(_server, "kept safe"));
        Assert.False(Answer("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Array("items")[0]!.AsObject().ContainsKey("redacted"));
        CliProcess.Run(_home, ["policy", "rescan", "--all"]).ShouldExitWith(0);
    }

    [Fact]
    public void Rescan_Purge_RemovesWhatItFinds()
    {
        var (kept, gone) = (CliProcess.Save(_home, "Kept"), SaveOld());

        Assert.Contains("Nothing was written", CliProcess.Run(_home, ["policy", "rescan", "--purge", "--dry-run"]).ShouldExitWith(3).Output, StringComparison.Ordinal);
        Assert.StartsWith($"{gone} purged anthropic-api-key", CliProcess.Run(_home, ["policy", "rescan", "--purge"]).ShouldExitWith(0).Output, StringComparison.Ordinal);

        Assert.Equal([kept], DatabaseFile.Column(_home.DefaultDatabase, "SELECT id FROM entries"));
        Assert.False(Holds(Secret[12..]));
        CliProcess.AssertRefused(_home, 2, "goes without --purge", ["policy", "rescan", "--redact", "--purge"]);
    }

    private JsonObject Answer(string tool, JsonObject arguments)
    {
        var answer = _server.CallTool(tool, arguments);
        Assert.False(answer.IsError, answer.Text);
        Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);
        return answer.Structured;
    }

    /// <summary>An entry as an older program, which did not know this kind of secret, would have saved it.</summary>
    private string SaveOld()
    {
        var id = _server.CallTool("save_memory", new JsonObject
        {
            ["text"] = $"The key is {Word}, kept safe",
            ["title"] = $"Title {Word}",
            ["source_ref"] = $"docs/{Word}.md",
            ["metadata"] = new JsonObject { ["note"] = Word },
        }).Structured.String("id");
        DatabaseFile.Execute(_home.DefaultDatabase, $"""
            UPDATE entries SET title = replace(title, '{Word}', '{Secret}'), body = replace(body, '{Word}', '{Secret}'), source_ref = replace(source_ref, '{Word}', '{Secret}'),
                               metadata = replace(metadata, '{Word}', '{Secret}'), search_text = replace(search_text, '{Word}', '{Secret}'), rule_set_key = NULL
            WHERE id = '{id}'
            """);
        return id;
    }

    // Without the first and last letters: the index keeps stems, and leaves out what a word shares with the one before.
    private bool Holds(string word)
    {
        var part = word.StartsWith("qz", StringComparison.Ordinal) ? word[4..^3] : word;
        byte[][] forms = [Encoding.UTF8.GetBytes(part), Encoding.Unicode.GetBytes(part), Encoding.BigEndianUnicode.GetBytes(part)];
        return Directory.EnumerateFiles(Path.GetDirectoryName(_home.DefaultDatabase)!, "*", SearchOption.AllDirectories)
            .Select(File.ReadAllBytes).Any(bytes => forms.Any(form => bytes.AsSpan().IndexOf(form) >= 0));
    }
}
