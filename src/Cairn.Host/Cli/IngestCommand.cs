using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Ingestion;
using Cairn.Host.Setup;

namespace Cairn.Host.Cli;

/// <summary>cairn ingest: twin of ingest_docs; and what session files and git's history hold.</summary>
internal static class IngestCommand
{
    public static CairnCommand Create()
    {
        var sources = new Argument<string[]>("sources") { Description = $"Files, folders or globs (*, **) below the project's root folder (default: {string.Join(", ", IngestionService.DefaultSources)})", Arity = ArgumentArity.ZeroOrMore };
        var type = new Option<string>("--entry-type") { Description = "The type of the entries (default: document)" };
        var sessions = new Option<string>("--sessions") { Description = $"Read what is new in session files instead, of all projects: {string.Join(" or ", SessionImportService.Clients)} (default: both)", HelpName = "CLIENT", Arity = ArgumentArity.ZeroOrOne };
        var git = new Option<bool>("--git") { Description = "Take commits of this folder's repository in instead, those that are new" };
        var since = new Option<string>("--since") { Description = "With --sessions only files written since, with --git only commits since: a date, a time, or 30d", HelpName = "TIME" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("ingest", "Take documents into memory, Markdown as one entry a section; again, after they changed. Or session files, or the history of git.",
            "cairn ingest",
            "cairn ingest README.md docs",
            "cairn ingest 'packages/**/*.md' --entry-type reference",
            "cairn ingest --sessions codex --since 30d",
            "cairn ingest --git --since 2026-01-01")
        {
            sources, type, sessions, git, since, project,
        }.Does(context =>
        {
            var read = context.Parsed;
            var (ofSessions, ofGit) = (read.GetResult(sessions) is not null, read.GetValue(git));
            if (ofSessions && ofGit) throw EngineException.Invalid("--sessions", "goes without --git");
            if ((ofSessions || ofGit) && (read.GetValue(sources) is { Length: > 0 } || read.GetValue(type) is not null)) throw EngineException.Invalid(ofGit ? "--git" : "--sessions", "goes without sources and --entry-type");
            if (ofSessions && read.GetValue(project) is not null) throw EngineException.Invalid("--project", "goes without --sessions: each session belongs to the project of the folder that it worked in");
            if (read.GetValue(since) is not null && !ofSessions && !ofGit) throw EngineException.Invalid("--since", "goes with --sessions or --git");
            DateTimeOffset? from = read.GetValue(since) is { } text ? DateText.Since("--since", text, TimeProvider.System.GetUtcNow()) : null;
            if (ofSessions) return Sessions(context, read.GetValue(sessions), from);
            return ofGit ? Git(context, from, read.GetValue(project)) : Documents(context, read.GetValue(sources), read.GetValue(type), read.GetValue(project));
        });
    }

    /// <summary>What else there is to say of commits.</summary>
    public static string More(GitHistoryResult result) => string.Concat(
        result.Reverted is { } reverted ? string.Create(CultureInfo.InvariantCulture, $", {reverted} superseded by a revert") : "",
        result.Redactions is { } redactions ? string.Create(CultureInfo.InvariantCulture, $", {redactions} redacted") : "",
        result.Denied is { } denied ? string.Create(CultureInfo.InvariantCulture, $", {denied} left out by capture's globs") : "",
        result.Refused is { } refused ? string.Create(CultureInfo.InvariantCulture, $", {refused} refused by the policy") : "",
        result.LeftOut is { } older ? string.Create(CultureInfo.InvariantCulture, $"; {older} older ones left out (--since takes them)") : "",
        result.Off is true ? "; capture is off for this project" : "");

    private static int Documents(CommandContext context, string[]? sources, string? type, string? project)
    {
        var result = context.Engine.Ingestion.Ingest(new IngestionRequest { Sources = sources is { Length: > 0 } named ? named : null, EntryType = type }, context.Origin(project), Told("files"));
        if (context.Json) Output.Json(result, WireJson.Indented.IngestionResult);
        else Show(result);
        return ExitCode.Done;
    }

    private static int Sessions(CommandContext context, string? client, DateTimeOffset? since)
    {
        var result = context.Engine.SessionImports.Import(
            new SessionImportRequest
            {
                Clients = client is null ? [] : [client],
                Since = since,
                CodexHome = CodexSetup.HomeOf(Environment.GetEnvironmentVariable("CODEX_HOME"), Settings.Home),
                ClaudeHome = Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { Length: > 0 } home ? home : Path.Combine(Settings.Home, ".claude"),
            },
            static progress => Output.Hint(string.Create(CultureInfo.InvariantCulture, $"[grey]{progress.Done} of {progress.Total} files, {progress.Events} events[/]")));
        if (context.Json)
        {
            Output.Json(result, WireJson.Indented.SessionImportResult);
            return ExitCode.Done;
        }
        if (result.Busy is true)
        {
            Output.Line("Another import of session files is under way; nothing was done.");
            return ExitCode.Done;
        }
        foreach (var skip in result.SkippedFiles ?? []) Output.Line($"[yellow]skipped[/] {Output.Safe(skip.Path)}: {Output.Safe(skip.Reason)}");
        var unread = result.UnreadLines is { } lines ? string.Create(CultureInfo.InvariantCulture, $" Lines not understood: {lines}.") : "";
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Session files: {result.Files} with something new, {result.Unchanged} as they were. Events: {result.Events}. Entries: {result.Saved} saved, {result.Skipped} passed over, {result.Duplicates} known.{unread}"));
        return ExitCode.Done;
    }

    private static int Git(CommandContext context, DateTimeOffset? since, string? project)
    {
        var result = context.Engine.Histories.Ingest(since, context.Origin(project), Told("commits"));
        if (context.Json) Output.Json(result, WireJson.Indented.GitHistoryResult);
        else Output.Line(string.Create(CultureInfo.InvariantCulture, $"Commits: {result.Saved} saved, {result.Known} known{More(result)}."));
        return result.Refused is null ? ExitCode.Done : ExitCode.Blocked;
    }

    private static Action<IngestionProgress> Told(string what) =>
        progress => Output.Hint(string.Create(CultureInfo.InvariantCulture, $"[grey]{progress.Done} of {progress.Total} {what}[/]"));

    private static void Show(IngestionResult result)
    {
        foreach (var skip in result.Skipped) Output.Line($"[yellow]skipped[/] {Output.Safe(skip.Source)}: {Output.Safe(skip.Reason)}");
        if (result.SkippedTotal is { } total) Output.Line(string.Create(CultureInfo.InvariantCulture, $"[yellow]skipped[/] {total - result.Skipped.Count} more"));
        var more = $"{(result.ArchivedEntries is { } archived ? $", {archived} archived" : "")}{(result.Redactions is { } redactions ? $", {redactions} redacted" : "")}";
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Files: {result.ProcessedSources}. Entries: {result.ImportedEntries} new or changed, {result.DuplicateEntries} as they were{more}."));
    }
}
