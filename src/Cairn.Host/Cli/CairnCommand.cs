using System.CommandLine;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>A command with examples for its help, whose failures become words and an exit code in one place.</summary>
internal sealed class CairnCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that show how it is used.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>What it does; gives the exit code.</summary>
    public CairnCommand Does(Func<CommandContext, int> action)
    {
        SetAction(parsed => Run(parsed, action));
        return this;
    }

    /// <summary>What it does, when it waits for others; gives the exit code.</summary>
    public CairnCommand Does(Func<CommandContext, CancellationToken, Task<int>> action)
    {
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, context => action(context, cancellation).GetAwaiter().GetResult())));
        return this;
    }

    /// <summary>The answer to a save or a change.</summary>
    public static int Answer(CommandContext context, SaveOutcome outcome, Func<Receipt, string> words)
    {
        if (outcome is SaveOutcome.Blocked blocked) return Output.Failure(ToolErrors.From(blocked), context.Json, ExitCode.Blocked);
        var receipt = ((SaveOutcome.Stored)outcome).Receipt;
        if (context.Json) Output.Json(receipt, WireJson.Indented.Receipt);
        else Output.Line(words(receipt));
        if (!context.Json && receipt.Redacted is { } redacted) Output.Note($"[yellow]{redacted} that looked like {(redacted == 1 ? "a secret was" : "secrets were")} replaced by [[REDACTED:rule]].[/]");
        return ExitCode.Done;
    }

    private static int Run(ParseResult parsed, Func<CommandContext, int> action)
    {
        using var context = new CommandContext(parsed);
        try
        {
            return action(context);
        }
        catch (EngineException error)
        {
            return Output.Failure(ToolErrors.From(error), context.Json, ExitCode.Of(error.Code));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Output.Note("A file or folder could not be read or written: the temporary folder, the output, or the one that was named. Check the disk, its space and the permissions.");
            return ExitCode.Failed;
        }
    }
}
