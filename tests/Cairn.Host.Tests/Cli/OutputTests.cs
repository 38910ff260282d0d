using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>What a terminal is shown of texts that want to play with it, and what a program is given.</summary>
public sealed class OutputTests
{
    private const char Escape = '\u001b';
    private const string Trick = "a\u001b[31mred\u001b[0m \u202egnp.exe\u202c \u2066b\u2069 \u200f \u009b2J \u0007";

    [Fact]
    public void Words_OfTextThatActsOnATerminal_ShowItEscaped()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, $"Title {Trick}\n\nBody {Trick}", "--metadata", "{\"k\":\"\u202e\"}");

        var shown = new[]
        {
            CliProcess.Run(home, ["get", id]),
            CliProcess.Run(home, ["search", "title"]),
            CliProcess.Run(home, ["timeline", id]),
        };

        Assert.All(shown, static result => AssertHarmless(result.Output));
        Assert.Contains(@"Body a\u001b[31mred\u001b[0m \u202egnp.exe\u202c \u2066b\u2069 \u200f \u009b2J \u0007", shown[0].Output, StringComparison.Ordinal);
        Assert.Contains(@"metadata   {""k"":""\u202e""}", shown[0].Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_OfProjectsAndFailures_ShowThemEscaped()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x", "--project", "evil\u202eproject");
        CliProcess.Save(home, "y", "--project", "two");

        var list = CliProcess.Run(home, ["project", "list"]);
        var merged = CliProcess.Run(home, ["project", "merge", "two", "evil\u202eproject"]);
        var missing = CliProcess.Run(home, ["get", $"no{Escape}[2Jid"]);
        var path = CliProcess.Run(home, ["save", "x", "--db", Path.Combine(home.Database, "evil\u202e.db")]);

        AssertHarmless(list.Output + merged.Output + missing.Error + path.Error);
        Assert.Contains(@"evil\u202eproject", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfTextThatActsOnATerminal_GivesItAsItIs()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, $"Title {Trick}\n\nBody {Trick}");

        var entry = CliProcess.Json(home, ["get", id]).Array("items")[0]!.AsObject();

        Assert.Equal($"Title {Trick}\n\nBody {Trick}", entry.String("body"));
        // Control characters are escapes in JSON; they never stand there raw.
        Assert.DoesNotContain(Escape, CliProcess.Run(home, ["get", id, "--json"]).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Output_ThatIsPiped_HasNoEscapeSequence(bool noColor)
    {
        using var home = new TempHome();
        home.Environment["TERM"] = "xterm-256color";
        home.Environment["COLORTERM"] = "truecolor";
        home.Environment["FORCE_COLOR"] = "1";
        if (noColor) home.Environment["NO_COLOR"] = "1";
        var id = CliProcess.Save(home, "Coloured");

        foreach (var line in new[] { "save Coloured", "search coloured", $"get {id}", $"timeline {id}", $"update {id} pin", "project list", "migrate status", "config", "version", "get 0000000000000000", "setup codex --dry-run", "--help", "nonsense" })
        {
            var result = CliProcess.Run(home, line.Split(' '));
            Assert.False((result.Output + result.Error).Contains(Escape, StringComparison.Ordinal), $"{line}: {result.Output}{result.Error}");
        }
    }

    [Fact]
    public void Words_OfALongLine_AreNotBroken()
    {
        using var home = new TempHome();
        var long_ = string.Join(' ', Enumerable.Range(0, 3_000).Select(static i => $"word{i}"));
        var id = CliProcess.Save(home, long_, "--title", new string('t', 300));

        var shown = CliProcess.Run(home, ["get", id]).Output;

        Assert.Contains(long_, shown, StringComparison.Ordinal);
        Assert.Contains(new string('t', 300), shown, StringComparison.Ordinal);
    }

    private static void AssertHarmless(string output)
    {
        foreach (var c in output)
            Assert.False((char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is '\u200e' or '\u200f' or '\u061c' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'), $"U+{(int)c:X4} in {output}");
    }
}
