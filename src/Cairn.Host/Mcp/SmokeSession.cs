using System.Diagnostics;
using System.Text.Json;
using Cairn.Host.Cli;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>The main path through a real server process over stdio: save_memory, search, get_entries, timeline.</summary>
internal static class SmokeSession
{
    private static readonly string[] Tags = ["smoke"];
    // A look at health is no event.
    private static readonly Dictionary<string, string?> NoLog = new() { ["MEMORY_LOG"] = "off" };
    private static readonly string[] NoIds = ["0000000000000000"];
    private static readonly string[] NoSources = ["cairn-health-no-such-file.md"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs all steps in order and stops at the first that fails. It leaves one entry in the project cairn-smoke.</summary>
    public static Task<SmokeReport> RunAsync(string database, Action<SmokeStep>? progress, CancellationToken cancellation) =>
        RunAsync(database, progress, SaveAndFindAsync, cancellation);

    /// <summary>Runs all tools, those that write too: for a database that is thrown away.</summary>
    public static Task<SmokeReport> CheckAsync(string database, CancellationToken cancellation) => RunAsync(database, null, async (run, client, limit) =>
    {
        var id = await SaveAndFindAsync(run, client, limit).ConfigureAwait(false);
        await run.StepAsync("update_memory", async () =>
            (await CallAsync(client, "update_memory", new() { ["id"] = id, ["action"] = "pin" }, limit).ConfigureAwait(false)).GetProperty("status").GetString()!).ConfigureAwait(false);
        await run.StepAsync("retention_dry_run", async () =>
            $"{(await CallAsync(client, "retention_dry_run", new() { ["max_age_days"] = 30 }, limit).ConfigureAwait(false)).GetProperty("total_candidates").GetInt32()} candidates").ConfigureAwait(false);
        await run.StepAsync("ingest_docs", async () =>
            $"{(await CallAsync(client, "ingest_docs", new() { ["sources"] = NoSources }, limit).ConfigureAwait(false)).GetProperty("processed_sources").GetInt32()} taken").ConfigureAwait(false);
        await run.StepAsync("refusal", () => RefusedAsync(client, "save_memory", [], "INVALID_ARGUMENT", limit)).ConfigureAwait(false);
    }, cancellation);

    /// <summary>Runs the reading tools alone: nothing is written.</summary>
    public static Task<SmokeReport> ReadAsync(string database, CancellationToken cancellation) => RunAsync(database, null, async (run, client, limit) =>
    {
        await run.StepAsync("search", async () =>
            $"{(await CallAsync(client, "search", new() { ["query"] = "smoke", ["project"] = "*" }, limit).ConfigureAwait(false)).GetProperty("total").GetInt32()} found").ConfigureAwait(false);
        await run.StepAsync("get_entries", async () =>
            $"{(await CallAsync(client, "get_entries", new() { ["ids"] = NoIds }, limit).ConfigureAwait(false)).GetProperty("items").GetArrayLength()} read").ConfigureAwait(false);
        await run.StepAsync("recent_context", async () =>
            $"{(await CallAsync(client, "recent_context", [], limit).ConfigureAwait(false)).EnumerateObject().Count()} parts").ConfigureAwait(false);
        await run.StepAsync("timeline", () => RefusedAsync(client, "timeline", new() { ["anchor_id"] = NoIds[0] }, "ENTRY_NOT_FOUND", limit)).ConfigureAwait(false);
    }, cancellation);

    private static async Task<SmokeReport> RunAsync(string database, Action<SmokeStep>? progress, Func<Run, McpClient, CancellationToken, Task> steps, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var run = new Run(progress);
        McpClient? client = null;
        try
        {
            await run.StepAsync("start", async () =>
            {
                client = await McpClient.CreateAsync(Transport(database), cancellationToken: limit.Token).ConfigureAwait(false);
                return $"{client.ServerInfo!.Name} {client.ServerInfo.Version}";
            }).ConfigureAwait(false);
            await run.StepAsync("tools/list", async () => Compare(await client!.ListToolsAsync(cancellationToken: limit.Token).ConfigureAwait(false))).ConfigureAwait(false);
            await steps(run, client!, limit.Token).ConfigureAwait(false);
            await run.StepAsync("stop", async () =>
            {
                await client!.DisposeAsync().ConfigureAwait(false);
                return "ended by itself";
            }).ConfigureAwait(false);
        }
        catch (StepFailedException)
        {
            if (client is not null) await client.DisposeAsync().ConfigureAwait(false);
        }
        return new SmokeReport(run.Steps.All(static step => step.Passed), database, run.Steps);
    }

    // What the server shows must be what this program would: else another one answers by this name.
    private static string Compare(IList<McpClientTool> tools)
    {
        var expected = ServerSession.Catalog();
        if (!expected.Select(static tool => tool.ProtocolTool.Name).SequenceEqual(tools.Select(static tool => tool.Name))) throw new McpException("the server shows other tools than this program has");
        for (var i = 0; i < expected.Count; i++)
            if (!JsonElement.DeepEquals(expected[i].ProtocolTool.InputSchema, tools[i].ProtocolTool.InputSchema)) throw new McpException($"{tools[i].Name} has another schema than in this program");
        return $"{tools.Count} tools";
    }

    private static async Task<string> SaveAndFindAsync(Run run, McpClient client, CancellationToken limit)
    {
        var marker = $"smoke-{Guid.NewGuid():N}";
        var id = "";
        await run.StepAsync("save_memory", async () =>
        {
            var saved = await CallAsync(client, "save_memory", new() { ["text"] = $"The smoke test was here: {marker}", ["project"] = "cairn-smoke", ["tags"] = Tags }, limit).ConfigureAwait(false);
            id = saved.GetProperty("id").GetString()!;
            return $"{saved.GetProperty("status").GetString()} {id}";
        }).ConfigureAwait(false);
        await run.StepAsync("search", async () =>
        {
            var found = await CallAsync(client, "search", new() { ["query"] = marker, ["project"] = "cairn-smoke" }, limit).ConfigureAwait(false);
            return found.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("id").GetString() == id) ? "found it" : throw new McpException("did not find what was saved");
        }).ConfigureAwait(false);
        await run.StepAsync("get_entries", async () =>
        {
            var entries = await CallAsync(client, "get_entries", new() { ["ids"] = new[] { id } }, limit).ConfigureAwait(false);
            return entries.GetProperty("items")[0].GetProperty("body").GetString()!.Contains(marker, StringComparison.Ordinal) ? "the text is whole" : throw new McpException("gave another text");
        }).ConfigureAwait(false);
        await run.StepAsync("timeline", async () =>
        {
            var timeline = await CallAsync(client, "timeline", new() { ["anchor_id"] = id }, limit).ConfigureAwait(false);
            return $"{timeline.GetProperty("items").GetArrayLength()} entries around it";
        }).ConfigureAwait(false);
        return id;
    }

    private static async Task<string> RefusedAsync(McpClient client, string tool, Dictionary<string, object?> arguments, string code, CancellationToken cancellation)
    {
        var result = await client.CallToolAsync(tool, Wire(arguments), cancellationToken: cancellation).ConfigureAwait(false);
        var found = result.IsError is true && result.StructuredContent is { } content ? content.GetProperty("error").GetProperty("code").GetString() : "no error";
        return found == code ? $"refused with {code}, as it should" : throw new McpException($"answered {found} instead of {code}");
    }

    private static StdioClientTransport Transport(string database)
    {
        var self = SelfProgram.Current;
        return new StdioClientTransport(new StdioClientTransportOptions { Name = "cairn", Command = self.Command, Arguments = [.. self.Arguments, "mcp", "--db", database], EnvironmentVariables = NoLog });
    }

    private static async Task<JsonElement> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        var result = await client.CallToolAsync(tool, Wire(arguments), cancellationToken: cancellation).ConfigureAwait(false);
        if (result.IsError is true) throw new McpException(result.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text ?? "the tool failed");
        return result.StructuredContent ?? throw new McpException("the tool gave no structured content");
    }

    private static Dictionary<string, object?> Wire(Dictionary<string, object?> arguments) => arguments.ToDictionary(static pair => pair.Key, static pair => pair.Value switch
    {
        string[] list => JsonSerializer.SerializeToElement(list, HostJson.Default.StringArray),
        var value => value,
    });

    private sealed class StepFailedException : Exception;

    private sealed class Run(Action<SmokeStep>? progress)
    {
        public List<SmokeStep> Steps { get; } = [];

        public async Task StepAsync(string name, Func<Task<string>> work)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                Add(name, true, started, await work().ConfigureAwait(false));
            }
            catch (Exception error) when (error is McpException or IOException or OperationCanceledException or KeyNotFoundException or InvalidOperationException)
            {
                Add(name, false, started, error is OperationCanceledException ? "no answer in time" : error.Message);
                throw new StepFailedException();
            }
        }

        private void Add(string name, bool passed, long started, string detail)
        {
            var step = new SmokeStep(name, passed, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1), detail);
            Steps.Add(step);
            progress?.Invoke(step);
        }
    }
}
