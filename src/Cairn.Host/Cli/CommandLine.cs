using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cairn.Host.Cli;

/// <summary>All commands, and how a command line becomes an exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        Cairn: the memory that a coding agent keeps between sessions.

        Exit codes: 0 done, 1 failed, 2 usage, 3 blocked by the policy, 4 not found.
        """;

    /// <summary>Runs a command line.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var parsed = Create().Parse(arguments);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is not ParseErrorAction) return parsed.Invoke(configuration);
        configuration.Output = configuration.Error; // help that nobody asked for is no data
        parsed.Invoke(configuration);
        return ExitCode.Usage;
    }

    /// <summary>The tree of commands.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand(Description)
        {
            SaveCommand.Create(),
            SearchCommand.Create(),
            GetCommand.Create(),
            TimelineCommand.Create(),
            UpdateCommand.Create(),
            PurgeCommand.Create(),
            ProjectCommand.Create(),
            SetupCommand.Create(),
            McpCommand.Create(),
            SmokeCommand.Create(),
            HealthCommand.Create(),
            MigrateCommand.Create(),
            ConfigCommand.Create(),
            VersionCommand.Create(),
        };
        root.Options.Add(CommandContext.DatabaseOption);
        root.Options.Add(CommandContext.JsonOption);
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help } helpOption) helpOption.Action = new HelpWithExamples(help);
            if (option is VersionOption version) version.Action = new VersionLine();
        }
        return root;
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not CairnCommand { Examples: { Count: > 0 } examples }) return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            output.WriteLine();
            return code;
        }
    }

    private sealed class VersionLine : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"cairn {BuildInfo.Version}");
            return ExitCode.Done;
        }
    }
}
