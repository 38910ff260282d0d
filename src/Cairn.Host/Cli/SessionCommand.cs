using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Ingestion;

namespace Cairn.Host.Cli;

/// <summary>cairn session: a session by hand, for a client without hooks.</summary>
internal static class SessionCommand
{
    public static CairnCommand Create() => new("session", "Begin and end a session by hand, where no client does it.") { Start(), End() };

    private static CairnCommand Start()
    {
        var session = new Option<string>("--session-id") { Description = "The session's name (default: MEMORY_SESSION_ID, else a new one)", HelpName = "ID" };
        var ingest = new Option<bool>("--ingest") { Description = "Take the project's documents in as well, as cairn ingest does" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("start", "Name a session, for MEMORY_SESSION_ID or --session-id of what is saved in it.",
            "cairn session start", "cairn session start --ingest --json")
        {
            session, ingest, project,
        }.Does(context =>
        {
            var read = context.Parsed;
            var origin = context.Origin(read.GetValue(project), read.GetValue(session));
            var id = origin.SessionId ?? Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
            var ingestion = read.GetValue(ingest) ? context.Engine.Ingestion.Ingest(new IngestionRequest(), origin with { SessionId = id }) : null;
            var started = new SessionStart(id, context.Engine.Projects.Current(origin), ingestion);
            if (context.Json) Output.Json(started, WireJson.Indented.SessionStart);
            else
            {
                Output.Line($"Session [green]{Output.Safe(id)}[/] in project {Output.Safe(started.Project)}");
                if (ingestion is not null) Output.Line(string.Create(CultureInfo.InvariantCulture, $"Documents: {ingestion.ImportedEntries} entries new or changed, {ingestion.DuplicateEntries} as they were"));
            }
            return ExitCode.Done;
        });
    }

    private static CairnCommand End()
    {
        var summary = new Option<string>("--summary") { Description = "Where the next session goes on: what is done, what is not; - reads stdin", HelpName = "TEXT", Required = true };
        var session = new Option<string>("--session-id") { Description = "The session (default: MEMORY_SESSION_ID)", HelpName = "ID" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("end", "Leave a handoff for the next session.",
            "cairn session end --summary \"The importer reads both formats; retries are next\"",
            "git log --oneline -5 | cairn session end --summary -")
        {
            summary, session, project,
        }.Does(context =>
        {
            var read = context.Parsed;
            var text = CommandContext.ReadText(read.GetValue(summary), null) ?? throw EngineException.Invalid("--summary", "is empty");
            var outcome = context.Engine.Entries.Save(new NewEntry { Text = text, Type = EntryType.Handoff }, context.Origin(read.GetValue(project), read.GetValue(session)));
            return CairnCommand.Answer(context, outcome, receipt => receipt.Status == "saved" ? $"Handoff saved [green]{receipt.Id}[/]" : $"Already there: [green]{receipt.Id}[/]");
        });
    }
}

/// <summary>A session that was begun by hand.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="Project">The project.</param>
/// <param name="Ingestion">What was taken in, where that was asked for.</param>
internal sealed record SessionStart(string SessionId, string Project, IngestionResult? Ingestion);
