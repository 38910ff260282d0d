using System.Text;
using System.Text.RegularExpressions;
using Cairn.Host.Cli;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>What the documents show is there, and the host keeps to its side of the engine.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] Documents =
        [.. Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))];

    [Fact]
    public void Readme_FirstTwoCommands_AreThere()
    {
        var commands = Commands(Path.Combine(Repository.Root, "README.md")).Take(2).ToList();

        Assert.Equal(2, commands.Count);
        Assert.All(commands, static command => Assert.Null(Fault(command)));
    }

    [Fact]
    public void Documents_EveryCommandThatTheyShow_IsThere()
    {
        var faults =
            from document in Documents
            from command in Commands(document)
            let fault = Fault(command)
            where fault is not null
            select $"{Path.GetFileName(document)}: {command}: {fault}";

        Assert.Empty(faults);
    }

    [Fact]
    public void Help_EveryExample_IsACommandLineThatIsUnderstood()
    {
        var examples = Leaves(CommandLine.Create()).SelectMany(static command => command.Examples).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, static example => Assert.Null(Fault(example.Split(" | ")[^1])));
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

    // The lines of the blocks marked sh.
    private static IEnumerable<string> Commands(string document) =>
        from Match block in ShellBlock().Matches(File.ReadAllText(document).ReplaceLineEndings("\n"))
        from line in block.Groups["lines"].Value.Split('\n')
        let command = line.Trim()
        where command.Length > 0 && command[0] != '#'
        select command;

    /// <summary>What is wrong with a command of ours; null when nothing is, or when it is another program's.</summary>
    private static string? Fault(string line)
    {
        var words = Words(line);
        return words switch
        {
            ["cairn", .. var arguments] => FaultOf(arguments),
            ["dotnet", "run", "--project", var project, "--", .. var arguments] when project == "src/Cairn.Host" => FaultOf(arguments),
            ["dotnet", "run", "--project", var project, ..] => Directory.Exists(Path.Combine(Repository.Root, project)) ? null : $"there is no {project}",
            [var script, ..] when script.StartsWith("eng/", StringComparison.Ordinal) => FaultOfScript(script),
            _ => null,
        };
    }

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

    // As a shell splits a line: quotes hold words together, and what follows # is a remark.
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, open) = ('\0', false);
        foreach (var c in line)
        {
            if (quote != '\0' && c == quote) quote = '\0';
            else if (quote != '\0') word.Append(c);
            else if (!open && c == '#') break;
            else if (c is '\'' or '"') (quote, open) = (c, true);
            else if (!char.IsWhiteSpace(c)) (open, word) = (true, word.Append(c));
            else if (open)
            {
                words.Add(word.ToString());
                word.Clear();
                open = false;
            }
        }
        if (open) words.Add(word.ToString());
        return words;
    }

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"Cairn\.Engine\.Storage|Microsoft\.Data\.Sqlite|SQLitePCL|\b\w+Store\b|""[^""\n]*\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA)\b")]
    private static partial Regex BelowTheServices();
}
