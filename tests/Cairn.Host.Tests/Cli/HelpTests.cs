using System.Text;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>What the program says of itself, and how it takes a command line that makes no sense.</summary>
public sealed class HelpTests
{
    /// <summary>All commands, as one types them. A group only holds others.</summary>
    private static readonly string[] Groups = ["", "project", "setup", "backup", "retention", "policy", "migrate", "logs", "integrity", "index", "embeddings", "capture", "session"];

    private static readonly string[] Commands =
    [
        "save", "search", "get", "timeline", "brief", "browse", "update", "purge", "project list", "project rename", "project merge", "setup codex", "setup claude", "setup vscode", "setup cursor", "setup generic", "hook",
        "mcp", "smoke", "status", "stop", "health", "doctor", "logs tail", "logs errors", "logs archive", "ingest", "retention dry-run", "retention rerun", "retention explain", "retention approve", "retention apply", "retention undo", "retention purge", "retention history", "backup create", "backup list", "backup verify", "backup scrub", "backup prune", "restore", "freeze", "unfreeze", "export", "import", "migrate status", "migrate up", "config", "completion", "version",
        "integrity check", "index check", "index rebuild", "index stats", "embeddings status", "embeddings rebuild", "embeddings off", "embeddings on", "recover", "capture commit", "setup git", "capture simulate", "capture audit", "capture undo", "capture stats", "session start", "session end", "policy check", "policy rules", "policy test", "policy blocked", "policy allow", "policy rescan",
    ];

    [Fact]
    public void Help_OfEveryCommand_IsTheSnapshot()
    {
        using var home = new TempHome();
        var all = new StringBuilder();
        foreach (var command in Groups.Concat(Commands).Order(StringComparer.Ordinal))
        {
            var help = CliProcess.Run(home, [.. Words(command), "--help"]).ShouldExitWith(0);
            Assert.Empty(help.Error);
            if (Commands.Contains(command))
                Assert.Contains("\nExamples:\n  cairn ", help.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
            all.Append($"$ cairn {command} --help".Replace("  ", " ", StringComparison.Ordinal)).Append('\n').Append(help.Output.TrimEnd()).Append("\n\n");
        }

        Snapshot.Match("cli-help.txt", all.ToString());
    }

    [Fact]
    public void Help_NamesEveryCommandThatTheseTestsRun()
    {
        var leaves = new List<string>();
        void Walk(System.CommandLine.Command command, string name)
        {
            if (command.Subcommands.Count == 0) leaves.Add(name);
            foreach (var sub in command.Subcommands)
                Walk(sub, $"{name} {sub.Name}".Trim());
        }
        Walk(Host.Cli.CommandLine.Create(), "");

        Assert.Equal(Commands.Order(), leaves.Order());
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Help_HasShortNames(string option)
    {
        using var home = new TempHome();

        Assert.Contains("Usage:", CliProcess.Run(home, ["save", option]).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("no-such-command", "Unrecognized command")]
    [InlineData("sav", "Did you mean")]
    [InlineData("project", "Required command was not provided")]
    [InlineData("search", "Required argument missing")]
    [InlineData("get", "Required argument missing")]
    [InlineData("timeline", "give either anchor_id or query")]
    [InlineData("purge", "id: is missing")]
    [InlineData("project rename one", "Required argument missing")]
    [InlineData("search word --no-such-flag=1 --limit", "Required argument missing")]
    [InlineData("search word --limit many", "Cannot parse argument 'many'")]
    [InlineData("save word --title", "Required argument missing")]
    [InlineData("save word --title a --title b", "expects a single argument")]
    [InlineData("save one two", "Unrecognized command or argument 'two'")]
    [InlineData("timeline 06BQ1Z7K3M9XWVTD --depth-before 1.5", "Cannot parse argument '1.5'")]
    [InlineData("update 06BQ1Z7K3M9XWVTD remove", "action must be one of: revise, supersede, forget, reinstate, pin, unpin")]
    [InlineData("update 06BQ1Z7K3M9XWVTD 3", "action must be one of: revise, supersede, forget, reinstate, pin, unpin")]
    [InlineData("version extra", "Unrecognized command or argument 'extra'")]
    public void CommandLine_ThatMakesNoSense_EndsWithTwoAndLeavesStdoutEmpty(string line, string words)
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 2, words, Words(line));

        Assert.False(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void Version_SaysOfWhatItIsMade()
    {
        using var home = new TempHome();

        Assert.Matches(@"^cairn \d+\.\d+\.\d+\s*$", CliProcess.Run(home, ["--version"]).ShouldExitWith(0).Output);
        Assert.Matches(@"^cairn \d+\.\d+\.\d+ \(schema \d+, SQLite 3\.\d+\.\d+, \.NET \S+ (JIT|native) \S+\)\s*$", CliProcess.Run(home, ["version"]).ShouldExitWith(0).Output);
        var json = CliProcess.Json(home, ["version"]);
        Assert.Equal(["version", "runtime", "sqlite", "schema", "rules", "rules_hash"], json.Select(static field => field.Key));
        Assert.Equal(CairnBinary.IsNative, json.String("runtime").Contains(" native ", StringComparison.Ordinal));
        Assert.False(File.Exists(home.DefaultDatabase));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
