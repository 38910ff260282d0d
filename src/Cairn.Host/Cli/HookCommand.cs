using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Cairn.Engine;
using Cairn.Engine.Operations;
using Cairn.Host.Hooks;

namespace Cairn.Host.Cli;

/// <summary>
/// cairn hook: what a client runs at an event of a session. It never stops a turn: whatever fails, it writes nothing, ends
/// with 0, and says so in the event log alone; and it ends in time, whether it is done or not.
/// </summary>
internal static class HookCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(2); // a line takes no time, unless its disk hangs

    public const string Name = "hook";

    public static readonly Option<bool> Strict = new("--strict") { Description = "Say on stderr what failed, and end with 1: to try a hook by hand" };

    public static CairnCommand Create()
    {
        var client = new Argument<string>("client") { Description = "codex or claude" };
        var eventName = new Argument<string>("event") { Description = "The client's event: SessionStart, UserPromptSubmit, Stop, SessionEnd; of Codex also notify. Of others nothing is done." };
        var given = new Argument<string?>("json") { Description = "What the client tells, instead of stdin (Codex's notify does that)", Arity = ArgumentArity.ZeroOrOne };
        var command = new CairnCommand(Name,
            "Run by a client at an event of a session, with JSON on stdin: write what the session should know, or read what is new in it. cairn setup registers it. Exit code 0 whatever happens, unless --strict is given.",
            "cairn hook codex SessionStart", "cairn hook claude UserPromptSubmit --strict")
        {
            client, eventName, given, Strict,
        };
        command.SetAction(parsed => Run(parsed, parsed.GetValue(client)!, parsed.GetValue(eventName)!, parsed.GetValue(given)));
        return command;
    }

    private static int Run(ParseResult parsed, string client, string eventName, string? given)
    {
        var strict = parsed.GetValue(Strict);
        var begun = Stopwatch.GetTimestamp();
        using var cancellation = new CancellationTokenSource();
        // On a thread of its own: neither a stdin that never ends nor a slow disk keeps the client waiting.
        var work = Task.Run(() => Work(parsed, client, eventName, given, cancellation.Token));
        try
        {
            if (work.Wait(Patience))
            {
                if (work.Result is { } output) Output.Raw(output);
                return ExitCode.Done;
            }
            cancellation.Cancel();
            Log(parsed, client, eventName, begun, "TIMED_OUT");
            return strict ? Fail($"It was not done within {Patience.TotalSeconds} s.") : ExitCode.Done;
        }
        catch (AggregateException failure)
        {
            var error = failure.InnerException!;
            Log(parsed, client, eventName, begun, error is EngineException coded ? coded.Code.Word() : error.GetType().Name);
            if (strict && error is not (EngineException or JsonException or IOException)) throw;
            return strict ? Fail(error is EngineException known ? known.Message : "The input cannot be read.") : ExitCode.Done;
        }
    }

    private static string? Work(ParseResult parsed, string client, string eventName, string? given, CancellationToken cancellation)
    {
        var write = client switch
        {
            "codex" => CodexOutput.Context,
            "claude" => (Func<string, string, string>)ClaudeOutput.Context,
            _ => throw EngineException.Invalid("client", "must be codex or claude"),
        };
        if (eventName.Length > 40 || !eventName.All(char.IsAsciiLetter)) throw EngineException.Invalid("event", "is no event's name");
        var input = HookInput.Parse(given is null ? Read() : Encoding.UTF8.GetBytes(given));
        using var context = new CommandContext(parsed) { Quiet = true };
        // Nothing was ever saved: there is nothing to show, and a hook makes no database.
        if (!File.Exists(context.Settings.DatabasePath.Value)) return null;
        return new HookRunner(context.Engine, context.Settings, client).Run(eventName, input, cancellation) is { } text ? write(eventName, text) : null;
    }

    // The client waits for this too, so it does not wait for ever for a disk that may be what failed.
    private static void Log(ParseResult parsed, string client, string eventName, long begun, string code)
    {
        var line = new LogEvent
        {
            Event = "hook",
            Client = LogService.Clean(client),
            Command = LogService.Clean(eventName),
            Status = "error",
            Code = code,
            Milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 1),
        };
        Task.Run(() =>
        {
            using var context = new CommandContext(parsed) { Quiet = true };
            try
            {
                context.LogWithoutFile(line);
            }
            catch (EngineException)
            {
                // The environment is of no use either: there is no telling where the log would be.
            }
        }).Wait(LogPatience);
    }

    private static ReadOnlyMemory<byte> Read()
    {
        using var input = Output.StandardInput;
        using var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = input.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > HookInput.MaxBytes) throw EngineException.Invalid("stdin", $"is longer than {HookInput.MaxBytes} bytes");
        }
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static int Fail(string words)
    {
        Output.Note(Output.Safe(words));
        return ExitCode.Failed;
    }
}
