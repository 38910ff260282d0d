using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Cairn.Benchmarks;

/// <summary>What the HTTP benchmark is told.</summary>
/// <param name="Binary">The path of cairn.</param>
/// <param name="Minutes">How long the clients call.</param>
/// <param name="Clients">How many there are at once.</param>
/// <param name="Rate">How many calls each makes a second; 0 is as many as it can.</param>
/// <param name="Embeddings">Whether entries get vectors meanwhile.</param>
internal sealed record HttpBenchmarkOptions(string Binary, double Minutes, int Clients, double Rate, bool Embeddings);

/// <summary>
/// Many clients of one server over HTTP: each saves once and searches four times, in turn. A call's time counts from when it
/// was due, so that one that had to wait for the call before it does not look fast.
/// </summary>
internal sealed class HttpBenchmark(HttpBenchmarkOptions options, TextWriter progress)
{
    private const int Looks = 8;
    private const double MayGrow = 1.15;
    private static readonly bool[] Kinds = [true, false];
    private static readonly double[] Shares = [0.5, 0.95, 0.99, 1];
    private static readonly string[] Header = ["call", "p50 ms", "p95", "p99", "most"];
    private static readonly string[] Folders = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"];

    private readonly Corpus _corpus = new(1);
    private readonly ConcurrentQueue<(bool Saves, double Milliseconds)> _calls = [];
    private readonly ConcurrentDictionary<string, int> _errors = [];
    private int _next;

    /// <summary>Runs it; false when a call failed or memory grew.</summary>
    public async Task<bool> RunAsync(TextWriter output)
    {
        var home = Directory.CreateTempSubdirectory("cairn-bench-").FullName;
        try
        {
            using var server = Process.Start(Cairn(home, "mcp", "--http", "127.0.0.1:0", "--json"))!;
            var listening = JsonNode.Parse(await server.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? throw new IOException(await server.StandardError.ReadToEndAsync().ConfigureAwait(false)))!;
            var url = new Uri((string)listening["url"]!);
            var token = (await File.ReadAllTextAsync((string)listening["token_file"]!).ConfigureAwait(false)).Trim();
            server.ErrorDataReceived += (_, line) => { if (line.Data is not null) progress.WriteLine(line.Data); };
            server.BeginErrorReadLine();
            var end = TimeSpan.FromMinutes(options.Minutes);
            var begun = Stopwatch.GetTimestamp();
            var clients = Enumerable.Range(0, options.Clients).Select(number => Task.Run(() => CallAsync(url, token, number, begun, end))).ToArray();
            var memory = new List<double>();
            for (var look = 1; look <= Looks; look++)
            {
                await Task.Delay(Max(end * look / Looks - Stopwatch.GetElapsedTime(begun))).ConfigureAwait(false);
                server.Refresh();
                memory.Add(server.WorkingSet64 / 1048576.0);
                await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{look * 100 / Looks} %: {_calls.Count:N0} calls, {_errors.Values.Sum()} errors, {memory[^1]:0.0} MiB")).ConfigureAwait(false);
            }
            await Task.WhenAll(clients).ConfigureAwait(false);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var stopping = Stopwatch.GetTimestamp();
            using (var stop = Process.Start(Cairn(home, "stop", "--all"))!) await stop.WaitForExitAsync().ConfigureAwait(false);
            await server.WaitForExitAsync().ConfigureAwait(false);
            return Show(output, memory, seconds, Stopwatch.GetElapsedTime(stopping).TotalMilliseconds, server.ExitCode);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private async Task CallAsync(Uri url, string token, int number, long begun, TimeSpan end)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        var pause = options.Rate > 0 ? TimeSpan.FromSeconds(1 / options.Rate) : TimeSpan.Zero;
        var due = pause * (number / (double)options.Clients);
        for (var turn = number; due < end && Stopwatch.GetElapsedTime(begun) < end; turn++)
        {
            var early = due - Stopwatch.GetElapsedTime(begun);
            if (early > TimeSpan.Zero) await Task.Delay(early).ConfigureAwait(false);
            if (pause == TimeSpan.Zero) due = Stopwatch.GetElapsedTime(begun);
            var saves = turn % 5 == 0;
            if (await FaultAsync(client, url, saves ? Save() : Search(turn)).ConfigureAwait(false) is { } fault) _errors.AddOrUpdate(fault, 1, static (_, count) => count + 1);
            _calls.Enqueue((saves, (Stopwatch.GetElapsedTime(begun) - due).TotalMilliseconds));
            due += pause;
        }
    }

    // What went wrong with a call; null when it did what it should.
    private static async Task<string?> FaultAsync(HttpClient client, Uri url, JsonObject call)
    {
        try
        {
            using var content = new StringContent(call.ToJsonString(), new MediaTypeHeaderValue("application/json", "utf-8"));
            using var answer = await client.PostAsync(url, content).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) return $"HTTP {(int)answer.StatusCode}";
            var line = text.Split('\n').Last(static line => line.StartsWith("data: ", StringComparison.Ordinal));
            var result = JsonNode.Parse(line["data: ".Length..])!["result"];
            return result is null ? "no result" : (string?)result["structuredContent"]?["error"]?["code"];
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException or InvalidOperationException)
        {
            return error.GetType().Name;
        }
    }

    private JsonObject Save()
    {
        var note = _corpus[Interlocked.Increment(ref _next)];
        return Call("save_memory", new JsonObject { ["text"] = note.Body, ["title"] = note.Title, ["project"] = note.Project });
    }

    private JsonObject Search(int turn)
    {
        var known = Math.Max(1, Volatile.Read(ref _next));
        var note = _corpus[turn * 31 % known];
        return Call("search", new JsonObject { ["query"] = string.Join(' ', note.Title.Split(' ')[..4]), ["project"] = note.Project });
    }

    private static JsonObject Call(string tool, JsonObject arguments) => new()
    {
        ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call",
        ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
    };

    private bool Show(TextWriter output, List<double> memory, double seconds, double stop, int exitCode)
    {
        var calls = _calls.ToArray();
        var grown = memory[^1] / memory[memory.Count / 2 - 1];
        var held = _errors.IsEmpty && grown <= MayGrow && exitCode == 0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Clients} clients over HTTP on {Environment.ProcessorCount} processors for {seconds / 60:0.0} minutes: {calls.Length:N0} calls, {calls.Length / seconds:0} a second; {_next:N0} entries"));
        Table.Write(output, Header, Kinds.Select(saves =>
        {
            var samples = new Samples();
            foreach (var call in calls.Where(call => call.Saves == saves)) samples.Add(call.Milliseconds);
            return Shares.Select(share => samples.Percentile(share).ToString("0.0", CultureInfo.InvariantCulture)).Prepend(saves ? "save_memory" : "search").ToArray();
        }));
        output.WriteLine($"errors: {(_errors.IsEmpty ? "none" : string.Join(", ", _errors.Select(static error => $"{error.Value} x {error.Key}")))}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory, MiB, at each eighth: {string.Join(", ", memory.Select(static mebibytes => mebibytes.ToString("0", CultureInfo.InvariantCulture)))}; the end is {grown:0.00} of the half (at most {MayGrow:0.00})"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stopped in {stop:0} ms with exit code {exitCode}"));
        output.WriteLine(held ? "held" : "NOT held");
        return held;
    }

    private ProcessStartInfo Cairn(string home, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(options.Binary, [.. arguments, "--db", Path.Combine(home, "memory.db")]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MEMORY_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var name in Folders) start.Environment[name] = home;
        if (!options.Embeddings) start.Environment["MEMORY_EMBEDDINGS"] = "off";
        return start;
    }

    private static TimeSpan Max(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
