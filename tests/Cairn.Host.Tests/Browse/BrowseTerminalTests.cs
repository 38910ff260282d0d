using System.Globalization;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Browse;

/// <summary>cairn browse on a terminal that tmux plays: what a person sees, and what is left when it ends. There is no tmux on Windows.</summary>
public sealed class BrowseTerminalTests
{
    private const string Keys = "Enter open";

    [Fact]
    public void Browse_ShowsListEntrySearchTimelineAndFilter()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home);

        var list = screen.Until(Keys);
        Assert.StartsWith("Entries", list[0], StringComparison.Ordinal);
        Assert.StartsWith(">", list[1], StringComparison.Ordinal);
        Assert.Contains("Use PostgreSQL for the store", list[1], StringComparison.Ordinal);
        Assert.DoesNotContain(list, static line => line.Contains("Use SQLite", StringComparison.Ordinal)); // it was superseded

        screen.Press("Enter");
        screen.Until("It has to serve two machines.");
        screen.Press("<");
        screen.Until("Use SQLite for the store");
        screen.Until("superseded by");
        screen.Press("Escape");
        screen.Until("It has to serve two machines.");
        screen.Press("q");
        screen.Until(Keys);

        screen.Type("/gateway");
        screen.Until("/gateway");
        screen.Press("Enter");
        screen.Until(static lines => lines[0].StartsWith("Search: gateway", StringComparison.Ordinal) && lines[1].Contains("The gateway retries", StringComparison.Ordinal));
        screen.Press("t");
        screen.Until(static lines => lines[0].StartsWith("Timeline", StringComparison.Ordinal) && lines.Any(static line => line.StartsWith("> ", StringComparison.Ordinal) && line.Contains("The gateway retries", StringComparison.Ordinal)));
        screen.Press("q", "q");
        screen.Until(static lines => lines[0].StartsWith("Entries", StringComparison.Ordinal));

        screen.Press("f");
        screen.Until("Enter choose");
        screen.Press("End", "k");
        screen.Until(static lines => lines.Any(static line => line.StartsWith('>') && line.Contains("superseded", StringComparison.Ordinal)));
        screen.Press("Enter");
        screen.Until(static lines => lines[1].Contains("(superseded) Use SQLite", StringComparison.Ordinal));

        screen.Press("?");
        screen.Until("search: words");
        screen.Press("q", "q");
        screen.Until("ended 0");
        AssertRestored(screen);
    }

    [Fact]
    public void Browse_ChangesNothing()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        var before = Rows(home);
        using var screen = Browse(home);

        screen.Until(Keys);
        foreach (var key in new[] { "Enter", "t", "f", "Enter", "r", "/" }) screen.Press(key);
        screen.Type("gateway");
        screen.Press("Enter");
        screen.Until("Search: gateway");
        screen.Press("C-c");
        screen.Until("ended 0");

        Assert.Equal(before, Rows(home));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Browse_AfterAResize_FillsTheTerminalAnew()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home);
        screen.Until(Keys);

        foreach (var (width, height) in new[] { (120, 30), (30, 8), (7, 3), (90, 16) })
        {
            screen.Resize(width, height);
            screen.Until(lines => lines.Count == height && lines[^1].TrimEnd() == "Enter open  / search  f filter  t timeline  ? keys  q back".FitTo(width)
                && lines[0].StartsWith(width > 20 ? "Entries" : "1 of 14", StringComparison.Ordinal));
        }
        screen.Press("q");
        screen.Until("ended 0");
    }

    [Fact]
    public void Browse_OfTextsThatPlayWithATerminal_KeepsItsLines()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        string[] titles =
        [
            string.Concat(Enumerable.Repeat("漢字", 60)), string.Concat(Enumerable.Repeat("😀", 80)), string.Concat(Enumerable.Repeat("👨‍👩‍👧", 30)), string.Concat(Enumerable.Repeat("e\u0301\u0302\u0303", 70)),
            "clear \e[2J\e[H\e[?1049l all", "bell \a title \e]0;stolen\a and \u009b2J", "turned \u202eround\u202c", "עברית العربية mixed", new string('x', 250),
        ];
        foreach (var (title, i) in titles.Select(static (title, i) => (title, i))) CliProcess.Save(home, "--db", home.Database, $"{title}\n\n{title}\nBody {i}.");
        using var screen = Browse(home);

        for (var i = 0; i < titles.Length; i++)
        {
            var lines = screen.Until(lines => lines[^1].StartsWith(Keys, StringComparison.Ordinal) && lines[i + 1].StartsWith("> ", StringComparison.Ordinal));
            AssertList(lines, titles.Length, i);
            screen.Press("Enter");
            screen.Until(static lines => lines[0].StartsWith("Entry ", StringComparison.Ordinal));
            screen.Press("End");
            var entry = screen.Until($"Body {titles.Length - 1 - i}.");
            Assert.StartsWith("Entry", entry[0], StringComparison.Ordinal);
            Assert.StartsWith("j/k move", entry[^1], StringComparison.Ordinal);
            screen.Press("q", "j");
        }
        screen.Press("C-c");
        screen.Until("ended 0");
        AssertRestored(screen);
    }

    [Theory]
    [InlineData(15)] // SIGTERM
    [InlineData(2)] // SIGINT
    public void Browse_ThatASignalEnds_GivesTheTerminalBack(int signal)
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home);
        screen.Until(Keys);
        Assert.Equal("0 1 0", screen.Flags);

        Signal.Send(Pid(home), signal);

        screen.Until("ended 0");
        AssertRestored(screen);
    }

    [Fact]
    public void Browse_WhoseTerminalIsGone_Ends()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home);
        screen.Until(Keys);
        var browse = Pid(home);

        screen.HangUp();

        Assert.True(SpinWait.SpinUntil(() => !ProcessTable.IsRunning(browse), ChildProcess.Limit), "It outlived its terminal.");
    }

    [Fact]
    public void Browse_StoppedAndContinued_TakesTheScreenAgain()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home);
        screen.Until(Keys);
        screen.Press("j");
        screen.Until(static lines => lines[2].StartsWith("> ", StringComparison.Ordinal));

        Signal.Send(Pid(home), Signal.Stop);
        Signal.Send(Pid(home), Signal.Continue);
        screen.Press("j");

        screen.Until(static lines => lines[3].StartsWith("> ", StringComparison.Ordinal));
        screen.Press("q");
        screen.Until("ended 0");
        AssertRestored(screen);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("NO_COLOR=1 ", false)]
    public void Browse_UsesColours_UnlessNoneAreWanted(string environment, bool colours)
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home, environment);
        screen.Until(Keys);

        var shown = screen.Sequences;
        Assert.Equal(colours, Regex.IsMatch(shown, @"\e\[(\d+;)*3[0-7]m"));
        Assert.Matches(@"\e\[(\d+;)*7m", shown);
        screen.Press("q");
        screen.Until("ended 0");
    }

    [Theory]
    [InlineData("TERM=dumb ", "", "TERM is dumb")]
    [InlineData("TERM= ", "", "TERM is not set")]
    [InlineData("", " </dev/null", "stdin is no terminal")]
    [InlineData("", " | cat", "stdout is no terminal")]
    public void Browse_WithoutAWholeTerminal_IsRefused_AndSaysWhatElse(string environment, string redirection, string reason)
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home, environment, redirection, width: 300);

        var lines = screen.Until(static lines => lines.Any(static line => line.StartsWith("ended", StringComparison.Ordinal)));

        Assert.Contains(lines, line => line.Contains(reason, StringComparison.Ordinal) && line.Contains("cairn search", StringComparison.Ordinal));
        if (!redirection.Contains('|', StringComparison.Ordinal)) Assert.Contains("ended 2", lines);
        AssertRestored(screen);
    }

    [Fact]
    public void Browse_OnATerminalOfAnotherName_Works()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        Fill(home);
        using var screen = Browse(home, "TERM=some-new-terminal ");

        screen.Until(Keys);
        screen.Press("Down");
        screen.Until(static lines => lines[2].StartsWith("> ", StringComparison.Ordinal));
        screen.Press("q");
        screen.Until("ended 0");
        AssertRestored(screen);
    }

    [Fact]
    public void Browse_WithJsonOrRedirected_EndsWithTwo()
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 2, "cairn search", ["browse"]);
        Assert.Equal("INVALID_ARGUMENT", CliProcess.Json(home, ["browse"], exitCode: 2).Object("error").String("code"));
        Assert.False(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void Browse_OfNothing_SaysWhereToLook()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var screen = Browse(home);

        screen.Until("Nothing here. f chooses");
        screen.Press("j", "G", "Enter", "t", "q");
        screen.Until("ended 0");
    }

    [Fact]
    public void Browse_ReadsOnAtTheEndOfALongList()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using (var server = McpProcess.StartInitialized(home))
            for (var i = 0; i < 450; i++) ToolCalls.Save(server, $"Number {i} of many.");
        using var screen = Browse(home);

        screen.Until("1 of 450");
        screen.Until(lines =>
        {
            if (lines[0].EndsWith("450 of 450", StringComparison.Ordinal)) return true;
            screen.Press("G"); // to the end of what is there, and more of it is read
            return false;
        });
        screen.Until("Number 0 of many.");
        screen.Press("q");
        screen.Until("ended 0");
    }

    private static TmuxScreen Browse(TempHome home, string environment = "", string redirection = "", int width = 90) => new(home, $"""
        before=$(stty -g)
        echo what was there
        {environment}sh -c 'echo $$ >"{PidFile(home)}"; exec "{CairnBinary.Path}" browse --db "{home.Database}"'{redirection}
        echo "ended $?"
        [ "$before" = "$(stty -g)" ] && echo same settings
        exec cat
        """, width, height: 16);

    private static string PidFile(TempHome home) => Path.Combine(home.Path, "browse.pid");

    private static int Pid(TempHome home) => int.Parse(File.ReadAllText(PidFile(home)), CultureInfo.InvariantCulture);

    // The screen is what it was before, and the terminal takes keys and shows text as it did.
    private static void AssertRestored(TmuxScreen screen)
    {
        var lines = screen.Until("same settings");
        Assert.Equal("what was there", lines[0]);
        Assert.Equal("1 0 1", screen.Flags);
    }

    private static void AssertList(IReadOnlyList<string> lines, int count, int chosen)
    {
        Assert.StartsWith("Entries", lines[0], StringComparison.Ordinal);
        for (var row = 0; row < count; row++) Assert.Matches($"^{(row == chosen ? "> " : "  ")}[0-9]{{4}}-", lines[row + 1]);
        Assert.Matches("^06[0-9A-Z]{14}", lines[^2]);
    }

    private static void Fill(TempHome home)
    {
        using var server = McpProcess.StartInitialized(home);
        var old = Save(server, "Use SQLite for the store", "One file is enough.", []);
        Save(server, "The gateway retries three times", "With a pause.", []);
        for (var i = 0; i < 12; i++) Save(server, $"Note {i}", $"It says {i}.", []);
        Save(server, "Use PostgreSQL for the store", "It has to serve two machines.", [old]);
    }

    private static string Save(McpProcess server, string title, string text, string[] supersedes)
    {
        var saved = server.CallTool("save_memory", new System.Text.Json.Nodes.JsonObject { ["title"] = title, ["text"] = text, ["type"] = "decision", ["supersedes"] = new System.Text.Json.Nodes.JsonArray([.. supersedes]) });
        Assert.False(saved.IsError, saved.Text);
        return saved.Structured.String("id");
    }

    private static IReadOnlyList<string> Rows(TempHome home) =>
        DatabaseFile.Column(home.Database, "SELECT concat_ws('|', key, id, state, changed_at, pinned, title, body, rule_set_key) FROM entries UNION ALL SELECT name || (SELECT count(*) FROM entry_revisions) || (SELECT count(*) FROM sessions) FROM projects");
}

/// <summary>Text as the foot of a narrow screen has it.</summary>
internal static class FittedText
{
    /// <summary>Cut to so many columns, with an ellipsis.</summary>
    public static string FitTo(this string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)]}…";
}
