using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

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
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // A hook that was registered wrongly stops no turn either: to a client, 2 means that it should.
        if (parsed.CommandResult.Command.Name == HookCommand.Name && parsed.Action is ParseErrorAction && !parsed.GetValue(HookCommand.Strict)) return ExitCode.Done;
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is not ParseErrorAction && parsed.CommandResult.Command.Name != HookCommand.Name && MistakenOption(parsed) is { } option)
        {
            Output.Note($"{Output.Safe(option)} is no option of this command. If it is meant as text, put -- before it.");
            return ExitCode.Usage;
        }
        if (parsed.Action is not ParseErrorAction) return parsed.Invoke(configuration);
        configuration.Output = configuration.Error; // help that nobody asked for is no data
        parsed.Invoke(configuration);
        return ExitCode.Usage;
    }

    // An option that the command does not know would be taken for the text to save or to search.
    private static string? MistakenOption(ParseResult parsed)
    {
        if (parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash)) return null;
        var token = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens)
            .FirstOrDefault(static token => token.Value.Length > 2 && token.Value.StartsWith("--", StringComparison.Ordinal));
        if (token is null) return null;
        return token.Value.Length <= 40 && token.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') ? token.Value : "What begins with --";
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
            BriefCommand.Create(),
            BrowseCommand.Create(),
            UpdateCommand.Create(),
            PurgeCommand.Create(),
            PolicyCommand.Create(),
            IngestCommand.Create(),
            CaptureCommand.Create(),
            SessionCommand.Create(),
            ProjectCommand.Create(),
            RetentionCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            SetupCommand.Create(),
            HookCommand.Create(),
            McpCommand.Create(),
            SmokeCommand.Create(),
            StatusCommand.Create(),
            StopCommand.Create(),
            HealthCommand.Create(),
            DoctorCommand.Create(),
            LogsCommand.Create(),
            MigrateCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            FreezeCommand.Create(),
            UnfreezeCommand.Create(),
            IntegrityCommand.Create(),
            IndexCommand.Create(),
            EmbeddingsCommand.Create(),
            RecoverCommand.Create(),
            ConfigCommand.Create(),
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        root.Options.Add(CommandContext.DatabaseOption);
        root.Options.Add(CommandContext.JsonOption);
        root.Options.Add(CommandContext.QuietOption);
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
