using Cairn.Host.Cli;
using Cairn.Host.Setup;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>What the shells make of cairn completion. zsh and fish are asked where they are installed, as bash is.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("cairn re", new[] { "recover", "restore", "retention" })]
    [InlineData("cairn backup ", new[] { "create", "list", "prune", "scrub", "verify" })]
    [InlineData("cairn search word --inc", new[] { "--include-superseded" })]
    public void Bash_OffersWhatTheProgramKnows(string line, string[] expected)
    {
        if (OperatingSystem.IsWindows()) return; // its bash, if any, has paths of its own
        using var home = new TempHome();
        home.Environment["PATH"] = $"{Path.GetDirectoryName(CairnBinary.Path)}:{home.Environment["PATH"]}";
        var words = line.Split(' ');
        var script = $"""
            eval "$(cairn completion bash)"
            COMP_WORDS=({string.Join(' ', words.Select(static word => $"'{word}'"))}) COMP_CWORD={words.Length - 1} COMP_LINE='{line}' COMP_POINT={line.Length}
            _cairn cairn
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """;

        var offered = ChildProcess.Run("bash", ["--norc", "-c", script], home).ShouldExitWith(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(expected, offered.Intersect(expected).Order(StringComparer.Ordinal));
        Assert.All(offered, word => Assert.StartsWith(words[^1], word, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    [InlineData("bash", "-n")]
    public void Script_IsWhatItsShellUnderstands(string shell, string onlyRead)
    {
        using var home = new TempHome();
        var file = Path.Combine(home.Path, "completion");
        var script = CliProcess.Run(home, ["completion", shell]).ShouldExitWith(0).Output;
        File.WriteAllText(file, script);

        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
        if (ProgramSearch.Find(shell, home.Environment["PATH"]) is { } program) Assert.Empty(ChildProcess.Run(program, [onlyRead, file], home).ShouldExitWith(0).Error);
    }

    [Fact]
    public void Suggestion_KnowsEveryCommand()
    {
        using var home = new TempHome();

        var offered = CliProcess.Run(home, ["[suggest:6]", "cairn "]).ShouldExitWith(0).Output.Split('\n', StringSplitOptions.TrimEntries);

        Assert.Empty(CommandLine.Create().Subcommands.Select(static command => command.Name).Except(offered));
        CliProcess.AssertRefused(home, 2, "Must be one of", ["completion", "tcsh"]);
    }
}
