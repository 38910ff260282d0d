using System.CommandLine;
using System.Diagnostics;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>A command with examples for its help, whose failures become words and an exit code in one place.</summary>
internal sealed class CairnCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that show how it is used.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Whether it changes nothing, so that only its failures are events.</summary>
    private bool _looks;

    /// <summary>Says that it changes nothing: only its failures are events for the log.</summary>
    public CairnCommand Looks()
    {
        _looks = true;
        return this;
    }

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

    private int Run(ParseResult parsed, Func<CommandContext, int> action)
    {
        using var context = new CommandContext(parsed);
        Output.Quiet = parsed.GetValue(CommandContext.QuietOption);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var exit = action(context);
            if (exit != ExitCode.Done) Log(context, begun, exit, CodeOf(exit));
            else if (!_looks) Log(context, begun, exit, null);
            return exit;
        }
        catch (EngineException error)
        {
            Log(context, begun, ExitCode.Of(error.Code), error.Code.Word());
            return Output.Failure(ToolErrors.From(error), context.Json, ExitCode.Of(error.Code));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log(context, begun, ExitCode.Failed, error.GetType().Name);
            Output.Note("A file or folder could not be read or written: the temporary folder, the output, or the one that was named. Check the disk, its space and the permissions.");
            return ExitCode.Failed;
        }
        catch (Exception error)
        {
            Log(context, begun, ExitCode.Failed, error.GetType().Name);
            throw;
        }
    }

    private void Log(CommandContext context, long begun, int exit, string? code) => context.Log(new LogEvent
    {
        Event = "command",
        Command = Path(this),
        ExitCode = exit,
        Status = code is null ? "ok" : "error",
        Code = code,
        Milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 1),
    });

    // What a command answers without a failure, yet not with 0: a refusal, a check that did not pass.
    private static string CodeOf(int exit) => exit switch
    {
        ExitCode.Blocked => ErrorCode.PolicyBlocked.Word(),
        ExitCode.NotFound => ErrorCode.EntryNotFound.Word(),
        ExitCode.Usage => ErrorCode.InvalidArgument.Word(),
        _ => "CHECK_FAILED",
    };

    // "backup create": the words of the command line that are the program's own.
    private static string Path(Symbol command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{Path(parent)} {command.Name}" : command.Name;
}
