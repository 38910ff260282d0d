using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn save: where its text comes from, what it takes, and how it says what became of it.</summary>
public sealed class SaveTests
{
    [Fact]
    public void Save_Words_SaysTheId()
    {
        using var home = new TempHome();

        var saved = CliProcess.Run(home, ["save", "We use SQLite: one file"]).ShouldExitWith(0);
        var again = CliProcess.Run(home, ["save", "We use SQLite: one file"]).ShouldExitWith(0);

        var id = DatabaseFile.Column(home.DefaultDatabase, "SELECT id FROM entries").Single();
        Assert.Equal($"Saved {id}", saved.Output.Trim());
        Assert.Equal($"Already there: {id}", again.Output.Trim());
        Assert.Empty(saved.Error);
    }

    [Fact]
    public void Save_EveryOption_IsThere()
    {
        using var home = new TempHome();
        var older = CliProcess.Save(home, "The old way", "--project", "billing");

        var saved = CliProcess.Json(home,
        [
            "save", "The body", "--title", "The title", "--type", "decision", "--source-ref", "src/a.cs", "--tag", "one", "--tag", "two",
            "--metadata", """{"paths":["src/b.cs"]}""", "--session-id", "s1", "--supersedes", older, "--project", "billing",
        ]);

        Assert.Equal(["status", "id", "created_at"], saved.Select(static field => field.Key));
        var entry = Get(home, saved.String("id"));
        Assert.Equal(("The body", "The title", "decision", "src/a.cs", "s1", "billing", "user"),
            (entry.String("body"), entry.String("title"), entry.String("entry_type"), entry.String("source_ref"), entry.String("session_id"), entry.String("project"), entry.String("origin")));
        Assert.Equal("""["one","two"]""", entry.Array("tags").ToJsonString());
        Assert.Equal("""{"paths":["src/b.cs"]}""", entry.Object("metadata").ToJsonString());
        Assert.Equal(older, (string?)entry.Array("supersedes")[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Save_FromStdin_TakesAllOfIt(bool dash)
    {
        using var home = new TempHome();
        const string text = "First line: Grüße, 日本\n\nSecond \"paragraph\"\twith a tab";

        var id = CliProcess.Json(home, dash ? ["save", "-"] : ["save"], input: $"{text}\n").String("id");

        Assert.Equal(text, Get(home, id).String("body"));
    }

    [Fact]
    public void Save_FromAFile_TakesAllOfIt_WithoutItsByteOrderMark()
    {
        using var home = new TempHome();
        Directory.CreateDirectory(Path.Combine(home.Project, "docs"));
        File.WriteAllText(Path.Combine(home.Project, "docs", "notes.md"), "\ufeff# Release steps\n\n1. Tag\n");

        var entry = Get(home, CliProcess.Save(home, "--file", Path.Combine("docs", "notes.md")));

        Assert.Equal(("Release steps", "# Release steps\n\n1. Tag"), (entry.String("title"), entry.String("body")));
    }

    [Fact]
    public void Save_TextThatLooksLikeAFlag_GoesAfterTwoDashes()
    {
        using var home = new TempHome();

        var id = CliProcess.Json(home, ["save", "--type", "command", "--", "--no-verify is never used"]).String("id");

        Assert.Equal("--no-verify is never used", Get(home, id).String("body"));
    }

    [Fact]
    public void Save_AnOptionThatIsNone_IsNotTakenForTheText()
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 2, "--no-verify is no option of this command", ["save", "--no-verify"]);
        CliProcess.AssertRefused(home, 2, "What begins with -- is no option of this command", ["save", "--no verify at all"]);
        CliProcess.AssertRefused(home, 2, "--lmit is no option of this command", ["search", "word", "--lmit", "5"]);

        Assert.Equal(0, DatabaseFile.Count(home.DefaultDatabase, "entries"));
    }

    [Fact]
    public void Save_TextThatLooksLikeAResponseFile_IsSavedAsItIs()
    {
        using var home = new TempHome();

        var id = CliProcess.Save(home, "@notes.txt");

        Assert.Equal("@notes.txt", Get(home, id).String("body"));
    }

    [Theory]
    [InlineData("save", "", "text: is empty")]
    [InlineData("save -", " \n\t\n ", "text: is empty")]
    [InlineData("save --file missing.txt", "", "--file: there is no such file")]
    [InlineData("save --file .", "", "--file: is a folder")]
    [InlineData("save --file empty.txt", "", "text: is empty")]
    [InlineData("save --file binary.bin", "", "--file: is not UTF-8 text (byte 3)")]
    [InlineData("save --file large.txt", "", "--file: is longer than 8388608 bytes")]
    [InlineData("save --file long.txt", "", "text: has 300000 bytes; the limit is 262144")]
    [InlineData("save --file nul.txt", "", "text: holds the NUL character (U+0000) at position 2")]
    [InlineData("save words --file empty.txt", "", "--file: goes without a text on the command line")]
    [InlineData("save words --metadata [1]", "", "--metadata: is not a JSON object")]
    [InlineData("save words --metadata {", "", "--metadata: is not JSON (byte 2)")]
    [InlineData("save words --metadata {\"a\":\"\\ud800\"}", "", "half a surrogate pair")]
    [InlineData("save words --project *", "", "project: \"*\" means all projects")]
    [InlineData("save words --supersedes xyz", "", "")]
    public void Save_WhatCannotBeSaved_IsRefused(string line, string input, string words)
    {
        using var home = new TempHome();
        void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(home.Project, name), bytes);
        Write("empty.txt", []);
        Write("binary.bin", [0x41, 0x42, 0x43, 0xff, 0xfe, 0x00]);
        Write("nul.txt", [0x41, 0x42, 0x00, 0x43]);
        Write("long.txt", [.. Enumerable.Repeat((byte)'x', 300_000)]);
        Write("large.txt", [.. Enumerable.Repeat((byte)'x', 9 * 1024 * 1024)]);

        CliProcess.AssertRefused(home, words.Length > 0 ? 2 : 4, words, line.Split(' '), input);

        Assert.Equal(0, DatabaseFile.Count(home.DefaultDatabase, "entries"));
    }

    [Fact]
    public void Save_BinaryStdin_IsRefused()
    {
        using var home = new TempHome();
        using var process = ChildProcess.Start(CairnBinary.Path, ["save"], home);
        process.StandardInput.BaseStream.Write([0x80, 0x81]);
        process.StandardInput.Close();

        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(ChildProcess.Limit));
        Assert.Equal((2, true), (process.ExitCode, error.Contains("stdin: is not UTF-8 text (byte 0)", StringComparison.Ordinal)));
    }

    [Fact]
    public void Save_ASecret_EndsWithThreeAndDoesNotRepeatIt()
    {
        using var home = new TempHome();
        var secret = "gh" + "p_" + "x7Qm2Lr9Tz4Bv6Nc1Kd8Wf3Hs5Jg0PyAeUi";

        var words = CliProcess.Run(home, ["save", $"the token is {secret}"]).ShouldExitWith(3);
        var json = CliProcess.Json(home, ["save", $"the token is {secret}"], exitCode: 3);

        Assert.Empty(words.Output);
        Assert.StartsWith("POLICY_BLOCKED Nothing was saved", words.Error, StringComparison.Ordinal);
        Assert.Equal(("POLICY_BLOCKED", 14), (json.Object("error").String("code"), (int)json.Object("error").Object("details").Array("violations")[0]!["column"]!));
        Assert.DoesNotContain(secret[5..20], words.Error + json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_PrivateSpans_AreNotStored()
    {
        using var home = new TempHome();

        var id = CliProcess.Json(home, ["save", "We meet at <private>the old mill</private>noon"]).String("id");
        var refused = CliProcess.Run(home, ["save", "<private>all of it</private>"]).ShouldExitWith(2);

        Assert.Equal("We meet at noon", CliProcess.Json(home, ["get", id]).Array("items")[0]!.AsObject().String("body"));
        Assert.Contains("text: is nothing but private", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_InAFolderElsewhere_GoesToThatFoldersProject()
    {
        using var home = new TempHome();
        var elsewhere = Directory.CreateDirectory(Path.Combine(home.Path, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "note.txt"), "Written elsewhere");

        var id = CliProcess.Json(home, ["save", "--file", "note.txt", "--db", "here.db"], workingDirectory: elsewhere).String("id");

        Assert.True(File.Exists(Path.Combine(elsewhere, "here.db")));
        var entry = CliProcess.Json(home, ["get", id, "--db", Path.Combine(elsewhere, "here.db")]).Array("items")[0]!.AsObject();
        Assert.Equal(("elsewhere", "Written elsewhere"), (entry.String("project"), entry.String("body")));
    }

    [Fact]
    public void Save_OnADatabaseThatCannotBe_EndsWithOneAndSaysWhatToDo()
    {
        using var home = new TempHome();
        File.WriteAllText(Path.Combine(home.Path, "file"), "");

        CliProcess.AssertRefused(home, 1, "Name another file with --db", ["save", "x", "--db", Path.Combine(home.Path, "file", "memory.db")]);
    }

    [Fact]
    public void Save_MakesFolderAndFilesForTheirUserAlone()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Private");
        using var server = McpProcess.StartInitialized(home, ["mcp"]);
        ToolCalls.Save(server, "With a log and its index beside it");
        if (OperatingSystem.IsWindows()) return;

        var folder = Path.GetDirectoryName(home.DefaultDatabase)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(["memory.db", "memory.db-shm", "memory.db-wal", "memory.db.lock"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        foreach (var file in Directory.EnumerateFiles(folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static JsonObject Get(TempHome home, string id) => CliProcess.Json(home, ["get", id]).Array("items")[0]!.AsObject();
}
