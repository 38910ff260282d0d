using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Cli;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>
/// What programs read: the names and kinds of every command's --json, as a snapshot. Each command is run once, in an
/// order in which each has something to tell. Words that stand for something: ID is an entry, RUN a retention run,
/// BACKUP the newest backup, PRINT a fingerprint.
/// </summary>
[Collection(typeof(Alone))]
public sealed class JsonOutputTests
{
    /// <summary>What writes for a client, a shell or another program by itself, and has no JSON of its own.</summary>
    private static readonly string[] Without = ["mcp", "hook", "browse", "completion", "setup generic"];

    private static readonly string[] Steps =
    [
        "migrate up", "migrate status", "version", "config", "health", "doctor", "status", "stop --all",
        "save 'We decided to keep the queue in NATS' --type decision --tag queue", "search queue", "get ID", "timeline ID", "brief", "update ID pin", "ingest README.md",
        "ingest --sessions claude --since 2025-01-01", "ingest --git", "project list", "project rename project billing", "project merge other billing",
        "session start", "session end --summary 'The queue is next'", "capture simulate events.jsonl", "capture commit", "capture audit", "capture stats", "capture undo s-1",
        "policy check sample.md", "policy rules", "policy test", "save --file sample.md", "policy blocked", "policy allow PRINT --reason documented", "policy allow --list", "policy rescan",
        "retention dry-run --max-entries-per-project 1", "retention approve RUN", "retention apply RUN", "retention undo RUN", "retention rerun RUN", "retention explain RUN", "retention purge --grace-days 0 --yes", "retention history",
        "backup create", "backup list", "backup verify --all", "backup scrub --all", "backup prune --keep 5 --dry-run",
        "freeze --reason looking", "unfreeze", "integrity check", "index check", "index stats", "index rebuild",
        "export --output memory.jsonl", "import memory.jsonl", "restore BACKUP", "recover", "purge ID --yes --reason done",
        "logs tail", "logs errors", "logs archive", "setup codex", "setup claude", "setup vscode", "setup cursor", "setup git", "setup --dry-run", "smoke",
        "embeddings off", "embeddings on", "embeddings status", "embeddings rebuild",
    ];

    [Fact]
    public void Json_OfEveryCommand_IsTheSnapshot()
    {
        using var home = new TempHome();
        MakeProject(home);
        var (ids, print, run) = (new List<string>(), "", "");
        var shapes = new StringBuilder();
        foreach (var step in Steps)
        {
            var words = House.DocumentedCommand.Split(step).ConvertAll(word => word switch
            {
                "ID" => ids[0],
                "RUN" => run,
                "PRINT" => print,
                "BACKUP" => Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "backups"), "*.db").Select(Path.GetFileName).Max(StringComparer.Ordinal)!,
                _ => word,
            });
            if (step == "embeddings off") home.Environment.Remove("MEMORY_EMBEDDINGS"); // they cannot be switched on or rebuilt while it says off
            var ended = CliProcess.Run(home, ["--json", "--quiet", .. words]);
            Assert.True(ended.Error.Length == 0, $"{step}\n{ended.Error}");
            Assert.True(ended.ExitCode is 0 or ExitCode.Blocked && ended.Output.StartsWith('{'), $"{step}\n{ended.ExitCode}\n{ended.Output}\n{ended.Error}");
            var json = JsonNode.Parse(ended.Output)!;
            if (step.StartsWith("save '", StringComparison.Ordinal)) ids.Add((string)json["id"]!);
            if (step.StartsWith("retention dry-run", StringComparison.Ordinal)) run = (string)json["run_id"]!;
            if (step.StartsWith("policy check", StringComparison.Ordinal)) print = (string)json["findings"]![0]!["fingerprint"]!;
            shapes.Append("$ cairn ").Append(step).Append('\n');
            foreach (var line in Shape("", [json]).Distinct()) shapes.Append(line).Append('\n');
            shapes.Append('\n');
        }

        Snapshot.Match("json-output.txt", shapes.ToString());
    }

    [Fact]
    public void Json_OfEveryCommand_IsLookedAt()
    {
        var told = Steps.Concat(Without).ToList();

        Assert.All(Leaves(CommandLine.Create(), ""), command => Assert.Contains(told, step => step == command || step.StartsWith($"{command} ", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Shape(string path, IReadOnlyList<JsonNode?> values)
    {
        var objects = values.OfType<JsonObject>().ToList();
        foreach (var name in objects.SelectMany(static json => json.Select(static field => field.Key)).Distinct())
        {
            // Names that are data (projects, types, reasons, codes) are not part of the shape.
            var shown = path.EndsWith("by_reason", StringComparison.Ordinal) || path.EndsWith("metadata", StringComparison.Ordinal) ? "*" : name;
            foreach (var line in Shape($"{path}.{shown}".TrimStart('.'), [.. objects.Where(json => json.ContainsKey(name)).Select(json => json[name])])) yield return line;
        }
        var items = values.OfType<JsonArray>().SelectMany(static array => array).ToList();
        if (items.Count > 0) foreach (var line in Shape($"{path}[]", items)) yield return line;
        else if (values.Any(static value => value is JsonArray)) yield return $"{path}: array";
        foreach (var kind in values.OfType<JsonValue>().Select(static value => value.GetValueKind() switch { System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean", var other => other.ToString().ToLowerInvariant() }).Distinct())
            yield return $"{path}: {kind}";
    }

    private static IEnumerable<string> Leaves(System.CommandLine.Command command, string name) => command.Subcommands.Count == 0
        ? [name]
        : command.Subcommands.SelectMany(sub => Leaves(sub, $"{name} {sub.Name}".Trim()));

    private static void MakeProject(TempHome home)
    {
        ChildProcess.Run("git", ["init", "-q", "-b", "main"], home).ShouldExitWith(0);
        File.WriteAllText(Path.Combine(home.Project, "README.md"), "# Billing\n\nSends invoices.\n");
        File.WriteAllText(Path.Combine(home.Project, "events.jsonl"), """{"id": "m2", "client": "codex", "session_id": "01a20e18-af62", "kind": "final_answer", "occurred_at": "2026-11-24T15:09:08Z", "text": "We decided to use SQLite, because one file is easy to copy."}""");
        var sessions = Directory.CreateDirectory(Path.Combine(home.Path, ".claude", "projects", "p")).FullName;
        var where = JsonValue.Create(home.Project).ToJsonString();
        File.WriteAllText(Path.Combine(sessions, "s-1.jsonl"), $$$"""
            {"type":"user","uuid":"u1","sessionId":"s-1","cwd":{{{where}}},"timestamp":"2025-01-02T03:04:05.000Z","message":{"role":"user","content":"Which cache do we take?"}}
            {"type":"assistant","uuid":"u2","parentUuid":"u1","sessionId":"s-1","cwd":{{{where}}},"timestamp":"2025-01-02T03:04:09.000Z","message":{"role":"assistant","content":[{"type":"text","text":"Decision: we will use Valkey for the cache, because it is one process."}],"stop_reason":"end_turn"}}

            """.ReplaceLineEndings("\n"));
        File.WriteAllText(Path.Combine(home.Project, "sample.md"), $"A call with the sample key {"gh" + "p_" + new Random(7).GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 36)}\n");
        ChildProcess.Run("git", ["add", "README.md"], home).ShouldExitWith(0);
        ChildProcess.Run("git", ["-c", "user.name=A. Tester", "-c", "user.email=tester@example.invalid", "-c", "commit.gpgSign=false", "commit", "-q", "-m", "Invoices"], home).ShouldExitWith(0);
        CliProcess.Save(home, "An older note", "--project", "other");
        CliProcess.Save(home, "A note that goes first");
        CliProcess.Save(home, "A note that goes second");
    }
}
