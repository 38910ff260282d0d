using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>search, get, timeline, update and purge, in words and with their exit codes.</summary>
public sealed class EntryCommandTests
{
    [Fact]
    public void Search_Words_ShowsALineAHitAndWhereThereIsMore()
    {
        using var home = new TempHome();
        var first = CliProcess.Save(home, "Quartz in the title\n\nand a body that goes on about quartz");
        CliProcess.Save(home, "Quartz again", "--type", "decision", "--project", "other");

        var found = CliProcess.Run(home, ["search", "quartz"]).ShouldExitWith(0);
        var everywhere = CliProcess.Run(home, ["search", "quartz", "--project", "*", "--limit", "1"]).ShouldExitWith(0);

        Assert.Matches($@"^{first} \d{{4}}-\d\d-\d\d \d\d:\d\d note  Quartz in the title\s*\n    .*quartz", found.Output);
        Assert.Empty(found.Error);
        Assert.Contains("1 of 2. More: --offset 1", everywhere.Error, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(everywhere.Output, "^[0-9A-Z]{16} ", RegexOptions.Multiline));
    }

    [Fact]
    public void Search_WithoutAHit_SaysSoOnStderrAndEndsWithZero()
    {
        using var home = new TempHome();

        var found = CliProcess.Run(home, ["search", "quartz"]).ShouldExitWith(0);
        var everywhere = CliProcess.Run(home, ["search", "quartz", "--project", "*"]).ShouldExitWith(0);

        Assert.Empty(found.Output);
        Assert.Contains("Nothing found in this project. Other projects: --project '*'", found.Error, StringComparison.Ordinal);
        Assert.Equal("Nothing found.", everywhere.Error.Trim());
    }

    [Theory]
    [InlineData("search quartz --limit 0", "limit: must be 1 to 100")]
    [InlineData("search quartz --offset -1", "offset: must be 0 to 10000")]
    [InlineData("search quartz --after yesterday", "--after: is not an ISO 8601 date or time")]
    [InlineData("timeline 06BQ1Z7K3M9XWVTD --depth-after 21", "depth_after: must be 0 to 20")]
    public void Command_WithAValueOutOfRange_EndsWithTwo(string line, string words)
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 2, words, line.Split(' '));
    }

    [Fact]
    public void Get_Words_ShowsTheFactsAndTheWholeText()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "Title line\n\n[bold]body[/] with [brackets]", "--tag", "a", "--tag", "b", "--source-ref", "src/a.cs", "--session-id", "s1", "--metadata", """{"k":[1]}""");

        var shown = CliProcess.Run(home, ["get", id]).ShouldExitWith(0).Output.ReplaceLineEndings("\n");

        Assert.StartsWith("Title line\n", shown, StringComparison.Ordinal);
        foreach (var (name, value) in new[] { ("id", id), ("type", "note"), ("project", "project"), ("state", "active"), ("origin", "user"), ("source", "src/a.cs"), ("tags", "a, b"), ("session", "s1"), ("metadata", """{"k":[1]}""") })
            Assert.Contains($"\n{name,-10} {value}\n", shown, StringComparison.Ordinal);
        Assert.EndsWith("\nTitle line\n\n[bold]body[/] with [brackets]\n\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_SomeThatAreThereAndSomeNot_ShowsThoseAndEndsWithFour()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "There");

        var shown = CliProcess.Run(home, ["get", "0000000000000000", id, "nonsense"]).ShouldExitWith(4);

        Assert.Contains("There", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Not found: 0000000000000000, nonsense", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_Words_ShowsTheEntriesInTimeOrder()
    {
        using var home = new TempHome();
        var ids = new[] { "Step one", "Step two", "Step three" }.Select(text => CliProcess.Save(home, text)).ToList();

        var shown = CliProcess.Run(home, ["timeline", ids[1], "--depth-after", "1"]).ShouldExitWith(0).Output;

        Assert.Equal(ids, Regex.Matches(shown, "^[0-9A-Z]{16}", RegexOptions.Multiline).Select(static match => match.Value));
    }

    [Fact]
    public void Update_EachAction_SaysWhatItDid()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "The old text");
        var other = CliProcess.Save(home, "What takes its place");
        string Update(params string[] arguments) => CliProcess.Run(home, ["update", .. arguments]).ShouldExitWith(0).Output.Trim();

        Assert.Equal($"Pinned: {id}", Update(id, "pin", "--reason", "asked for"));
        Assert.Equal($"Unchanged: {id}", Update(id, "pin"));
        Assert.Equal($"Unpinned: {id}", Update(id, "unpin"));
        Assert.Equal($"Forgotten: {id}", Update(id, "forget"));
        Assert.Equal($"Reinstated: {id}", Update(id, "reinstate"));
        var revised = Update(id, "revise", "--text", "The new text", "--tag", "new");
        Assert.StartsWith("Revised: ", revised, StringComparison.Ordinal);
        var newer = revised["Revised: ".Length..];
        Assert.Equal($"Superseded: {newer}", Update(newer, "supersede", "--superseded-by", other));
        Assert.Contains($"superseded by {newer}", CliProcess.Run(home, ["get", id]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_ReviseFromStdinAndFile_TakesTheText()
    {
        using var home = new TempHome();
        File.WriteAllText(Path.Combine(home.Project, "new.txt"), "From a file");
        var id = CliProcess.Save(home, "The old text");

        var fromStdin = CliProcess.Json(home, ["update", id, "revise", "--text", "-"], input: "From stdin\n").String("id");
        var fromFile = CliProcess.Json(home, ["update", fromStdin, "revise", "--file", "new.txt"]).String("id");

        Assert.Equal("From stdin", (string?)CliProcess.Json(home, ["get", fromStdin]).Array("items")[0]!["body"]);
        Assert.Equal("From a file", (string?)CliProcess.Json(home, ["get", fromFile]).Array("items")[0]!["body"]);
    }

    [Theory]
    [InlineData("revise", 2, "needs at least one of")]
    [InlineData("pin --text x", 2, "text: does not go with the action pin")]
    [InlineData("supersede", 2, "superseded_by: supersede needs the id")]
    [InlineData("supersede --superseded-by 0000000000000000", 4, "ENTRY_NOT_FOUND")]
    [InlineData("revise --file missing.txt", 2, "--file: there is no such file")]
    [InlineData("revise --metadata nothing", 2, "--metadata: is not JSON")]
    public void Update_WhatDoesNotFit_IsRefused(string line, int exitCode, string words)
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "An entry");

        CliProcess.AssertRefused(home, exitCode, words, ["update", id, .. line.Split(' ')]);
    }

    [Fact]
    public void Purge_WithoutATerminal_PurgesAtOnce()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "A customer's name: Lapislazuli");
        var other = CliProcess.Save(home, "Another");

        var purged = CliProcess.Run(home, ["purge", id, "--reason", "held a name"]).ShouldExitWith(0);
        var json = CliProcess.Json(home, ["purge", other, "--yes"]);

        Assert.StartsWith($"Purged {id}.", purged.Output, StringComparison.Ordinal);
        Assert.Equal($$"""{"status":"purged","ids":["{{other}}"],"backups":[]}""", json.ToJsonString());
        CliProcess.Run(home, ["get", id]).ShouldExitWith(4);
        Assert.Equal(["held a name"], DatabaseFile.Column(home.DefaultDatabase, $"SELECT reason FROM purged_entries WHERE id = '{id}'"));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(home.DefaultDatabase)!))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf("Lapislazuli"u8) < 0, $"The name is still in {file}.");
    }

    [Theory]
    [InlineData("0000000000000000")]
    [InlineData("nonsense")]
    public void Purge_OfWhatIsNotThere_EndsWithFour(string id)
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Stays");

        CliProcess.AssertRefused(home, 4, "ENTRY_NOT_FOUND", ["purge", id]);

        Assert.Equal(1, DatabaseFile.Count(home.DefaultDatabase, "entries"));
    }
}
