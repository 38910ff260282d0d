using System.Text.RegularExpressions;
using Cairn.Host.Cli;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>What the documents show is there, and the host keeps to its side of the engine.</summary>
public sealed partial class HouseTests
{
    [Fact]
    public void Readme_FirstTwoCommands_AreThere()
    {
        var commands = DocumentedCommand.In("README.md").Take(2).ToList();

        Assert.Equal(2, commands.Count);
        Assert.All(commands, static command => Assert.Null(Fault(command.Words)));
    }

    [Fact]
    public void Documents_EveryCommandThatTheyShow_IsThere()
    {
        var faults =
            from document in DocumentedCommand.Documents
            from command in DocumentedCommand.In(document)
            let fault = Fault(command.Words)
            where fault is not null
            select $"{document}: {command.Line}: {fault}";

        Assert.Empty(faults);
    }

    [Fact]
    public void Help_EveryExample_IsACommandLineThatIsUnderstood()
    {
        var examples = Leaves(CommandLine.Create()).SelectMany(static command => command.Examples).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, static example => Assert.Null(Fault(DocumentedCommand.Split(example.Split(" | ")[^1]))));
    }

    [Fact]
    public void Host_UsesTheEnginesServicesAlone()
    {
        var offenders =
            from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Cairn.Host"), "*.cs", SearchOption.AllDirectories)
            where !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from match in BelowTheServices().Matches(File.ReadAllText(path))
            select $"{Path.GetFileName(path)}: {match.Value.Trim()}";

        Assert.Empty(offenders);
    }

    /// <summary>What is wrong with a command of ours; null when nothing is, or when it is another program's.</summary>
    private static string? Fault(List<string> words) => words switch
    {
        ["cairn", .. var arguments] => FaultOf(arguments),
        ["dotnet", "run", "--project", var project, "--", .. var arguments] when project == "src/Cairn.Host" => FaultOf(arguments),
        ["dotnet", "run", "--project", var project, ..] => Directory.Exists(Path.Combine(Repository.Root, project)) ? null : $"there is no {project}",
        [var script, ..] when script.StartsWith("eng/", StringComparison.Ordinal) => FaultOfScript(script),
        _ => null,
    };

    private static string? FaultOf(IReadOnlyList<string> arguments) =>
        CommandLine.Create().Parse(arguments) is { Errors: { Count: > 0 } errors } ? errors[0].Message : null;

    private static string? FaultOfScript(string script)
    {
        var path = Path.Combine(Repository.Root, script);
        if (!File.Exists(path)) return $"there is no {script}";
        return OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute) ? null : $"{script} cannot be executed";
    }

    private static IEnumerable<CairnCommand> Leaves(System.CommandLine.Command command) =>
        command.Subcommands.SelectMany(Leaves).Concat(command is CairnCommand leaf ? [leaf] : []);

    [GeneratedRegex(@"Cairn\.Engine\.Storage|Microsoft\.Data\.Sqlite|SQLitePCL|\b\w+Store\b|""[^""\n]*\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA)\b")]
    private static partial Regex BelowTheServices();
}
