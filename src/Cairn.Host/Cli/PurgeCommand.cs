using System.CommandLine;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;

namespace Cairn.Host.Cli;

/// <summary>What was purged, why bytes may be left, and which backups still hold it.</summary>
internal sealed record PurgeReport(string Status, IReadOnlyList<string> Ids, string? BytesLeft, IReadOnlyList<BackupRemains>? Backups);

/// <summary>cairn purge: removes entries for good. No tool does this.</summary>
internal static class PurgeCommand
{
    public static CairnCommand Create()
    {
        var ids = new Argument<string[]>("id") { Description = "The entries", Arity = ArgumentArity.ZeroOrMore };
        var reason = new Option<string>("--reason") { Description = "Why; kept with the ids and the time" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var compact = new Option<bool>("--compact") { Description = "Purge nothing: finish a purge that left bytes behind" };
        return new CairnCommand("purge", "Remove entries for good, from every byte of the database. To be able to bring one back, use: cairn update ID forget",
            "cairn purge 06BQ1Z7K3M9XWVTD --reason \"held a customer's name\"", "cairn purge --compact")
        {
            ids, reason, yes, compact,
        }.Does(context =>
        {
            var wanted = context.Parsed.GetValue(ids) ?? [];
            if (context.Parsed.GetValue(compact)) return Compact(context, wanted);
            if (wanted.Length == 0) throw EngineException.Invalid("id", "is missing: name the entries to purge");
            var entries = context.Engine.Entries.Get(wanted);
            if (entries.Missing is [var first, ..]) throw EngineException.NotFound(first);
            if (!context.Parsed.GetValue(yes) && Output.IsInteractive && !Output.Confirm(Question(entries.Items))) return ExitCode.Failed;
            var purged = context.Engine.Purges.Purge([.. entries.Items.Select(static entry => entry.Id)], context.Parsed.GetValue(reason));
            if (!context.Json) Output.Line($"Purged [green]{string.Join(", ", purged.Ids)}[/].");
            return Report(context, "purged", purged.Ids, purged.BytesLeft);
        });
    }

    /// <summary>Says, after a purge, what may be left of it and where.</summary>
    public static int Report(CommandContext context, string status, IReadOnlyList<string> ids, string? bytesLeft)
    {
        var backups = Holding(context);
        if (context.Json) Output.Json(new PurgeReport(status, ids, bytesLeft, backups), WireJson.Indented.PurgeReport);
        else Show(bytesLeft, backups);
        return bytesLeft is null ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The backups that hold what was purged or redacted; null when their folder cannot be looked at.</summary>
    public static IReadOnlyList<BackupRemains>? Holding(CommandContext context)
    {
        try
        {
            return context.Engine.BackupScrubs.Holding();
        }
        catch (EngineException error) when (error.Code == ErrorCode.StorageFailure)
        {
            return null;
        }
    }

    /// <summary>Says what may be left, in words.</summary>
    public static void Show(string? bytesLeft, IReadOnlyList<BackupRemains>? backups)
    {
        if (bytesLeft is not null) Output.Note($"[yellow]{Output.Safe(bytesLeft)}[/]");
        if (backups is null) Output.Note("[yellow]The folder of the backups cannot be looked at: they may still hold it.[/]");
        else if (backups.Count > 0)
        {
            Output.Line("These backups still hold it. To take it out of them: cairn backup scrub --all");
            foreach (var backup in backups) Output.Line($"  {Output.Safe(backup.Name)}{(backup.Problem is { } problem ? $": {Output.Safe(problem)}" : "")}");
        }
        Output.Hint("[grey]Exports, and backups in other folders, were not looked at.[/]");
    }

    private static int Compact(CommandContext context, string[] ids)
    {
        if (ids.Length > 0) throw EngineException.Invalid("--compact", "goes without ids");
        var left = context.Engine.Purges.Compact();
        if (left is null && !context.Json) Output.Line("The database's files are written anew.");
        return Report(context, left is null ? "compacted" : "bytes_left", [], left);
    }

    private static string Question(IReadOnlyList<Entry> entries) =>
        entries is [var entry] ? $"Purge \"{entry.Title}\" ({entry.Id}) for good?" : $"Purge {entries.Count} entries for good, from \"{entries[0].Title}\" to \"{entries[^1].Title}\"?";
}
