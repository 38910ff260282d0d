using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Operations;

namespace Cairn.Host.Setup;

/// <summary>What health says of each client that is installed: what is registered there, whether it is this program and this database, when its hooks last ran.</summary>
internal static class ClientHealth
{
    /// <summary>A line for each client that is installed.</summary>
    /// <param name="clients">The clients.</param>
    /// <param name="self">This program.</param>
    /// <param name="database">Absolute path of the database.</param>
    /// <param name="runs">When hooks ran.</param>
    public static IEnumerable<HealthCheck> Check(IEnumerable<Client> clients, SelfProgram self, string database, IReadOnlyList<HookRun> runs) =>
        clients.Where(static client => client.IsInstalled).Select(client => Line(client, self, database, runs));

    /// <summary>A line on whether Codex trusts our hooks; null when they are not registered there.</summary>
    /// <param name="codex">The client.</param>
    /// <param name="program">Its executable; null when it was not found.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<HealthCheck?> TrustAsync(Client codex, string? program, CancellationToken cancellation)
    {
        if (!codex.IsInstalled || Registered(codex) is not { Count: > 0 } hooks) return null;
        HealthCheck Say(string status, string detail, string? fix = null) => new() { Name = "codex hooks", Status = status, Detail = detail, Fix = fix };
        const string Look = "type /hooks in Codex";
        if (program is null) return Say("warn", "Codex is not on PATH, so it cannot be asked whether it trusts them; until it does it skips them in silence", Look);
        if (await CodexTrust.AskAsync(program, Environment.CurrentDirectory, command => hooks.Any(hook => hook.Command == command), cancellation).ConfigureAwait(false) is not { } answer)
            return Say("warn", "Codex gave no answer on whether it trusts them; until it does it skips them in silence", Look);
        var skipped = answer.Where(static hook => hook.Trust is not ("trusted" or "managed")).ToList();
        return answer.Count == 0 ? Say("warn", "Codex does not list them: hooks are switched off there", "codex features list")
            : skipped.Count == 0 ? Say("pass", "Codex trusts them")
            : Say("warn", $"Codex skips in silence: {string.Join(", ", skipped.Select(static hook => $"{hook.Event} ({hook.Trust})"))}", Look);
    }

    private static HealthCheck Line(Client client, SelfProgram self, string database, IReadOnlyList<HookRun> runs)
    {
        var fix = $"cairn setup {client.Name}";
        try
        {
            var changes = client.Parts(self, database, withHooks: true).Select(part => (part.Kind, part.Edit(remove: false, dryRun: true).Change)).ToList();
            var server = changes[0].Change;
            if (server == SetupChange.Added) return new HealthCheck { Name = client.Name, Status = "pass", Detail = $"{client.Title} is installed, and cairn is not registered there: {fix}" };
            if (changes.Any(static part => part.Change == SetupChange.Updated))
                return new HealthCheck { Name = client.Name, Status = "warn", Detail = $"{client.Title} runs another cairn, or this one on another database than {database}", Fix = $"{fix} --dry-run" };
            if (Missing(client) is { Count: > 0 } missing)
                return new HealthCheck { Name = client.Name, Status = "warn", Detail = $"{client.Title}: the server is registered; some hooks are, but none at {string.Join(", ", missing)}", Fix = fix };
            var hooks = client.HooksPath is null ? "" : Registered(client).Count == 0 ? "; no hooks"
                : $"; hooks, last run: {string.Join(", ", Client.Events.Select(hook => $"{hook.Event} {Time(runs.LastOrDefault(run => run.Client == client.Name && run.Event == hook.Event))}"))}";
            return new HealthCheck { Name = client.Name, Status = "pass", Detail = $"{client.Title}: the server is registered{hooks}" };
        }
        catch (EngineException error)
        {
            return new HealthCheck { Name = client.Name, Status = "warn", Detail = error.Message, Fix = fix };
        }
    }

    private static IReadOnlyList<(string Event, string Command)> Registered(Client client)
    {
        try
        {
            return client.Hooks.Registered(new SetupFile(client.HooksPath!).Text());
        }
        catch (Exception error) when (error is EngineException or IOException or UnauthorizedAccessException)
        {
            return []; // the line on the client says so
        }
    }

    // None at all is what --no-hooks makes; some without others is an accident.
    private static List<string> Missing(Client client)
    {
        if (client.HooksPath is null || Registered(client) is not { Count: > 0 } hooks) return [];
        var others = client.Hooks.Others(new SetupFile(client.HooksPath).Text());
        return [.. Client.Events.Select(static hook => hook.Event).Where(name => !hooks.Any(hook => hook.Event == name) && !others.Contains(name))];
    }

    private static string Time(HookRun? run) => run is null ? "never" : run.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
