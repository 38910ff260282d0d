using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>An exception that was made or taken back, and the log that has a line of it.</summary>
internal sealed record PolicyAllowReport(PolicyAllowanceChange Change, string? RecordedIn);

/// <summary>cairn policy allow: exceptions. No tool makes one.</summary>
internal static class PolicyAllowCommand
{
    public static CairnCommand Create()
    {
        var fingerprint = new Argument<string?>("fingerprint") { Description = "Of the value, as the refusal, policy blocked and policy check show it", Arity = ArgumentArity.ZeroOrOne };
        var reason = new Option<string>("--reason") { Description = "Why it is no secret", HelpName = "TEXT" };
        var project = new Option<string>("--project") { Description = "Only for this project (default: for all)", HelpName = "NAME" };
        var record = SessionLog.RecordOption();
        var remove = new Option<bool>("--remove") { Description = "Take the exception back" };
        var list = new Option<bool>("--list") { Description = "Show all exceptions" };
        return new CairnCommand("allow", "Let a value pass that looks like a secret and is none, in every process from its next save on.",
            "cairn policy allow 3f9c0a5be2d41786 --reason \"the public key of the test server\"",
            "cairn policy allow 3f9c0a5be2d41786 --reason \"sample of the docs\" --project billing --record docs/session-log.md",
            "cairn policy allow --remove 3f9c0a5be2d41786",
            "cairn policy allow --list")
        {
            fingerprint, reason, project, record, remove, list,
        }.Does(context =>
        {
            var read = context.Parsed;
            var print = read.GetValue(fingerprint);
            if (read.GetValue(list))
            {
                if (print is not null || read.GetValue(remove) || read.GetValue(reason) is not null) throw EngineException.Invalid("--list", "goes alone");
                Show(context, context.Engine.Policy.Allowed());
                return ExitCode.Done;
            }
            if (print is null) throw EngineException.Invalid("fingerprint", "is missing. The refusal, cairn policy blocked and cairn policy check show it");
            var (why, file) = (read.GetValue(reason), SessionLog.Named(context, record));
            if (read.GetValue(remove) && why is not null) throw EngineException.Invalid("--reason", "does not go with --remove");
            var change = read.GetValue(remove)
                ? context.Engine.Policy.Remove(print, read.GetValue(project))
                : context.Engine.Policy.Allow(print, why ?? throw EngineException.Invalid("--reason", "is missing: say why it is no secret"), read.GetValue(project));
            var log = SessionLog.Record(file, change.ChangedAt,
                $"policy exception {change.Status} for {change.Exception.Fingerprint} ({Scope(change.Exception)}): {change.Exception.Reason}", $"The exception is {change.Status}");
            if (context.Json) Output.Json(new PolicyAllowReport(change, log), WireJson.Indented.PolicyAllowReport);
            else Show(change, log);
            return ExitCode.Done;
        });
    }

    private static void Show(PolicyAllowanceChange change, string? log)
    {
        Output.Line(change.Status == "allowed"
            ? $"Allowed [green]{change.Exception.Fingerprint}[/] ({Output.Safe(Scope(change.Exception))}), from the next save of any process on."
            : $"Removed the exception for [green]{change.Exception.Fingerprint}[/]: it is refused again.");
        if (change.Note is { } note) Output.Note($"[yellow]{Output.Safe(note)}[/]");
        if (change.Audited is false) Output.Note("[yellow]It is not in the audit: the database cannot be written.[/]");
        if (log is not null) Output.Line($"Recorded in {Output.Safe(log)}");
    }

    private static void Show(CommandContext context, PolicyAllowanceList list)
    {
        if (context.Json)
        {
            Output.Json(list, WireJson.Indented.PolicyAllowanceList);
            return;
        }
        if (list.Exceptions.Count == 0)
        {
            Output.Line("There are no exceptions.");
            return;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("fingerprint", "rule", "project", "since", "reason");
        foreach (var item in list.Exceptions)
            table.AddRow(item.Fingerprint, Output.Safe(item.Rule ?? "-"), Output.Safe(item.Project ?? "all"), item.AddedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Output.Safe(item.Reason));
        Output.Table(table);
    }

    private static string Scope(PolicyAllowance item) => $"{item.Rule ?? "rule not known"}, {(item.Project is { } project ? $"project {project}" : "all projects")}";
}
