using Cairn.Host.Cli;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>eng/release-check runs the gates of docs/delivery-plan.md, and calls nothing passed that was not shown.</summary>
[Collection(typeof(Alone))]
public sealed class ReleaseCheckScriptTests
{
    [Fact]
    public void List_IsTheTableOfTheDeliveryPlan()
    {
        if (OperatingSystem.IsWindows()) return; // eng/ is for a POSIX shell
        using var home = new TempHome();

        var listed = ChildProcess.Run("bash", [Path.Combine(Repository.Root, "eng", "release-check"), "--list"], home).ShouldExitWith(0).Output;

        var gates = Gates();
        Assert.Equal(gates.Select(static gate => gate.Name), listed.TrimEnd().Split('\n').Select(static line => line[..14].Trim()));
        foreach (var (_, how) in gates)
            Assert.All(Commands(how), command => Assert.Contains(command, listed, StringComparison.Ordinal));
    }

    [Fact]
    public void Gates_EachIsACommandOrByHand_AndCairnUnderstandsItsOwn()
    {
        Assert.All(Gates(), static gate => Assert.True(Commands(gate.How).Any() || gate.How.Contains("by hand", StringComparison.Ordinal), gate.Name));
        Assert.All(
            Gates().SelectMany(static gate => Commands(gate.How)).Select(DocumentedCommand.Split).Where(static words => words[0] == "cairn"),
            static words => Assert.Empty(CommandLine.Create().Parse(words.Skip(1).ToList()).Errors));
    }

    [Theory]
    [InlineData("`eng/good`", 0, "pass       gate")]
    [InlineData("`cairn good`, `eng/good`", 0, "pass       gate")]
    [InlineData("`eng/good`, `eng/bad`, `eng/good`", 1, "fail       gate")]
    [InlineData("`cairn bad`", 1, "fail       gate")]
    [InlineData("`eng/untold`", 1, "not shown  gate")]
    [InlineData("`eng/good`, `eng/missing --rounds 2`", 1, "there is no eng/missing")]
    [InlineData("`eng/good`, by hand", 1, "not shown  gate")]
    [InlineData("`eng/good`, by hand", 0, "pass       gate", "--seen", "gate")]
    [InlineData("`eng/good`", 2, "No gate is called", "--only", "other")]
    public void Gate_IsJudgedByWhatItsCommandsAnswer(string how, int exitCode, string words, params string[] arguments)
    {
        if (OperatingSystem.IsWindows()) return; // eng/ is for a POSIX shell
        using var home = new TempHome();
        var eng = Directory.CreateDirectory(Path.Combine(home.Project, "eng")).FullName;
        Directory.CreateDirectory(Path.Combine(home.Project, "docs"));
        File.WriteAllText(Path.Combine(home.Project, "docs", "delivery-plan.md"), $"# Plan\n\n| gate | how | passes when |\n|---|---|---|\n| gate | {how} | always |\n\n| other | table |\n");
        foreach (var (name, code) in new[] { ("good", 0), ("bad", 1), ("untold", 2) }) Script(Path.Combine(eng, name), $"exit {code}");
        Script(Path.Combine(eng, "publish"), $"echo '{eng}/cairn'");
        Script(Path.Combine(eng, "cairn"), $"[ \"$1\" = good ] && [ \"$HOME\" != '{home.Path}' ]");
        Script(Path.Combine(eng, "release-check"), File.ReadAllText(Path.Combine(Repository.Root, "eng", "release-check")));

        var ended = ChildProcess.Run("bash", ["eng/release-check", .. arguments], home).ShouldExitWith(exitCode);

        Assert.Contains(words, ended.Output + ended.Error, StringComparison.Ordinal);
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, text.StartsWith("#!", StringComparison.Ordinal) ? text : $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static List<(string Name, string How)> Gates() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "delivery-plan.md"))
            .SkipWhile(static line => !line.StartsWith("| gate |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries)).Select(static cells => (cells[1], cells[2])),
    ];

    private static IEnumerable<string> Commands(string how) => how.Split('`').Where(static (_, at) => at % 2 == 1);
}
