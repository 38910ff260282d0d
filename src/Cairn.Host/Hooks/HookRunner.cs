using Cairn.Engine;
using Cairn.Engine.Briefing;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Entries;
using Cairn.Host.Setup;

namespace Cairn.Host.Hooks;

/// <summary>
/// What Cairn does at an event of a client's session: at its start the brief, at a prompt what bears on it, at the end of a
/// turn and of the session what is new in the client's own record of it, and at the session's end a handoff. An event that it does not know is none of its business.
/// </summary>
/// <param name="engine">The engine, over a database that is there.</param>
/// <param name="settings">The settings.</param>
/// <param name="client">The client: codex or claude.</param>
internal sealed class HookRunner(CairnEngine engine, Settings settings, string client)
{
    /// <summary>What a session's start may cost, in tokens: with room to spare below the 2,500 from which Codex keeps a preview alone.</summary>
    public const int StartTokens = 1_500;

    /// <summary>What a prompt may cost, in tokens.</summary>
    public const int PromptTokens = 300;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(2);
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromMilliseconds(700);

    /// <summary>Does it, and gives the text for the model; null for none.</summary>
    /// <param name="eventName">The client's name of the event.</param>
    /// <param name="input">What the client told.</param>
    /// <param name="cancellation">Ends what may take long.</param>
    public string? Run(string eventName, HookInput input, CancellationToken cancellation)
    {
        engine.HookNotes.Note(client, eventName);
        switch (eventName)
        {
            case "SessionStart":
                return Start(input, cancellation);
            case "UserPromptSubmit":
                return Related(input);
            case "Stop" or "SessionEnd" when input.TranscriptPath is { } transcript:
                Import(new SessionImportRequest { Clients = [client], Files = [transcript], Project = settings.ProjectName.Value }, cancellation);
                if (eventName == "SessionEnd") Leave(() => engine.Handoffs.Leave(client, transcript, settings.ProjectName.Value));
                return null;
            case "notify":
                CatchUp(cancellation);
                // Codex says no end of a session there: each turn's end may be it.
                if (input.SessionId is { } ended) Leave(() => engine.Handoffs.LeaveOf(ended, CodexHome, settings.ProjectName.Value));
                return null;
            default:
                return null;
        }
    }

    /// <summary>The text as a client's model sees it: marked as ours, so that no import takes it for something that was said.</summary>
    public static string Marked(string text) => $"<cairn-memory>\n{text.Replace("</cairn", "(/cairn", StringComparison.OrdinalIgnoreCase).TrimEnd('\n')}\n</cairn-memory>";

    private string? Start(HookInput input, CancellationToken cancellation)
    {
        if (input.SessionId is { } session) engine.HookNotes.Forget(client, session);
        // What the last session left unread, of all that may have been killed. A long absence is for cairn ingest --sessions.
        if (input.Source is "startup" or "resume") CatchUp(cancellation);
        Remember(input);
        var brief = engine.Briefs.Compose(new BriefRequest { MaxTokens = StartTokens }, Origin(input), static brief => Marked(brief.Text()));
        var ids = Ids(brief);
        if (ids.Count == 0) return null;
        if (input.SessionId is { } shown) engine.HookNotes.Show(client, shown, ids);
        return Marked(brief.Text());
    }

    private string? Related(HookInput input)
    {
        if (input.Prompt is not { } prompt) return null;
        var shown = input.SessionId is { } session ? engine.HookNotes.ShownTo(client, session) : [];
        if (engine.Related.Find(prompt, shown, PromptTokens, Origin(input), Marked) is not { } related) return null;
        if (input.SessionId is { } told) engine.HookNotes.Show(client, told, related.Ids);
        return related.Text;
    }

    private void CatchUp(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(CatchUpPatience);
        Import(
            new SessionImportRequest
            {
                Clients = [client],
                SmallFirst = true,
                Since = TimeProvider.System.GetUtcNow() - Lately,
                CodexHome = CodexHome,
                ClaudeHome = Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { Length: > 0 } home ? home : Path.Combine(Settings.Home, ".claude"),
            }, patience.Token);
    }

    private static string CodexHome => CodexSetup.HomeOf(Environment.GetEnvironmentVariable("CODEX_HOME"), Settings.Home);

    private void Remember(HookInput input) => Leave(() => engine.Projects.Remember(Origin(input)));

    private void Leave(Action work)
    {
        try
        {
            work();
        }
        catch (EngineException error)
        {
            // Frozen, full, busy: a brief can be read all the same.
            engine.Logs.Write(new LogEvent { Event = "hook", Client = client, Status = "error", Code = error.Code.Word() });
        }
    }

    private void Import(SessionImportRequest request, CancellationToken cancellation)
    {
        try
        {
            var result = engine.SessionImports.Import(request, progress: null, cancellation);
            if (result.Busy is true && request.Files is not null) engine.Logs.Write(new LogEvent { Event = "hook", Client = client, Status = "busy" });
        }
        catch (OperationCanceledException)
        {
            // The rest is for the next hook: what was captured stays, and how far it came.
            engine.Logs.Write(new LogEvent { Event = "hook", Client = client, Status = "timeout" });
        }
        catch (EngineException error)
        {
            // Frozen, full, busy: a brief can be read all the same, and what was not captured is read again.
            engine.Logs.Write(new LogEvent { Event = "hook", Client = client, Status = "error", Code = error.Code.Word() });
        }
    }

    private CallContext Origin(HookInput input) => new()
    {
        WorkingDirectory = input.WorkingDirectory ?? Environment.CurrentDirectory,
        Project = settings.ProjectName.Value,
        SessionId = input.SessionId,
        Client = client,
        Origin = EntryOrigin.Agent,
    };

    private static List<string> Ids(Brief brief) =>
    [
        .. new[] { brief.Handoff is { } handoff ? [handoff] : null, brief.Pinned, brief.Constraints, brief.Questions, brief.Decisions, brief.Related, brief.Changes, brief.Preferences, brief.Recent }
            .SelectMany(static section => section ?? []).Select(static item => item.Id),
    ];
}
