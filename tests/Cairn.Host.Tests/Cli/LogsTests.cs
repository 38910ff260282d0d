using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>The event log: what servers and commands write to it, what they never do, and cairn logs.</summary>
public sealed class LogsTests
{
    [Fact]
    public void Session_WithDistinctiveWords_LeavesItsShapeAndNoneOfThem()
    {
        using var home = new TempHome();
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("z9Y8x7W6v5", 4))[..36];
        using (var server = McpProcess.StartInitialized(home))
        {
            var id = ToolCalls.Save(server, "quartzword is what was said, about feldsparword");
            server.CallTool("save_memory", new JsonObject { ["text"] = "With a title", ["title"] = "olivineword", ["tags"] = new JsonArray("garnetword"), ["project"] = "topazword", ["source_ref"] = "src/berylword.cs" });
            server.CallTool("search", new JsonObject { ["query"] = "quartzword  and\tsomething else", ["type"] = "agateword", ["path"] = "src/jadeword", ["limit"] = 5 });
            server.CallTool("save_memory", new JsonObject { ["text"] = $"The token is {secret}" });
            server.CallTool("update_memory", new JsonObject { ["id"] = id, ["action"] = "forget", ["reason"] = "opalword" });
            server.CallTool("save_memory", new JsonObject { ["text"] = 7, ["pearlword"] = "x" });
            server.CallTool("timeline", new JsonObject { ["anchor_id"] = "rubyword" });
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }
        CliProcess.Run(home, ["save", "coralword", "--title", "amberword", "--db", home.Database]).ShouldExitWith(0);
        CliProcess.Run(home, ["save", $"Mine is {secret}", "--db", home.Database]).ShouldExitWith(3);
        CliProcess.Run(home, ["get", "lapisword", "--db", home.Database]).ShouldExitWith(4);

        var text = Text(home);
        Assert.DoesNotContain("word", text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[4..], text, StringComparison.Ordinal);
        Assert.DoesNotContain(home.Path, text, StringComparison.Ordinal);
        var events = Events(home);
        Assert.Contains(events, static line => Is(line, "server.start", "client", "cairn-tests"));
        Assert.Contains(events, static line => Is(line, "server.stop", "reason", "end of input"));
        Assert.Equal(
            ["save_memory ok ", "save_memory ok ", "search ok ", "save_memory error POLICY_BLOCKED", "update_memory ok ", "save_memory error INVALID_ARGUMENT", "timeline error ENTRY_NOT_FOUND"],
            events.Where(static line => line.String("event") == "tool").Select(static line => $"{line.String("tool")} {line.String("status")} {(string?)line["code"]}"));
        var search = Assert.Single(events, static line => (string?)line["tool"] == "search");
        Assert.Equal((4, 0, "path,type"), ((int)search["terms"]!, (int)search["hits"]!, string.Join(',', search.Array("filters").Select(static filter => (string)filter!))));
        Assert.All(events.Where(static line => line.String("event") == "tool"), static line => Assert.True((double)line["milliseconds"]! > 0 && line.ContainsKey("request")));
        Assert.Equal(
            ["save ok ", "save error POLICY_BLOCKED", "get error ENTRY_NOT_FOUND"],
            events.Where(static line => line.String("event") == "command").Select(static line => $"{line.String("command")} {line.String("status")} {(string?)line["code"]}"));
    }

    [Fact]
    public void RequestIdAndClientName_ThatAreNoPlainWords_AreLeftOut()
    {
        using var home = new TempHome();
        using (var server = McpProcess.Start(home))
        {
            server.SendRawLine("""{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"peridot\nword","version":"1"}}}""");
            server.ReadMessage();
            server.SendRawLine("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
            server.SendRawLine("""{"jsonrpc":"2.0","id":"zircon \"word\" of somebody","method":"tools/call","params":{"name":"search","arguments":{"query":"x"}}}""");
            server.ReadMessage();
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }

        Assert.DoesNotContain("word", Text(home), StringComparison.Ordinal);
    }

    [Fact]
    public void Tail_Errors_Archive_SayWhatWasLogged()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        CliProcess.Run(home, ["get", "06BQ1Z7K3M9XWVTD"]).ShouldExitWith(4);
        CliProcess.Run(home, ["get", "06BQ1Z7K3M9XWVTD"]).ShouldExitWith(4);
        CliProcess.Run(home, ["search", "x"]).ShouldExitWith(0);

        Assert.Matches("cairn save .*\n.*cairn get ENTRY_NOT_FOUND", CliProcess.Run(home, ["logs", "tail"]).ShouldExitWith(0).Output);
        Assert.Single(CliProcess.Json(home, ["logs", "tail", "-n", "1"]).Array("events"));
        var failures = Assert.Single(CliProcess.Json(home, ["logs", "errors", "--since", "1h"]).Array("failures"))!.AsObject();
        Assert.Equal(("ENTRY_NOT_FOUND", "cairn get", 2), (failures.String("code"), failures.String("operation"), (int)failures["count"]!));
        Assert.Matches(@"(?m)^2 +ENTRY_NOT_FOUND +cairn get ", CliProcess.Run(home, ["logs", "errors"]).ShouldExitWith(0).Output);
        Assert.Contains("Nothing to archive", CliProcess.Run(home, ["logs", "archive"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        CliProcess.AssertRefused(home, 2, "in the future", ["logs", "archive", "--before", "2999-01-01"]);
        CliProcess.AssertRefused(home, 2, "--since", ["logs", "errors", "--since", "often"]);
        CliProcess.AssertRefused(home, 2, "must be 1 to", ["logs", "tail", "-n", "0"]);
    }

    [Fact]
    public void Follow_LineOfAnotherProcess_AndOfTheNextDay_ComesUntilTheSignal()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        using var follow = McpProcess.Start(home, ["logs", "tail", "-n", "1", "--follow", "--json"]);
        Assert.Equal("save", Line().String("command"));

        CliProcess.Run(home, ["get", "06BQ1Z7K3M9XWVTD"]).ShouldExitWith(4);
        Assert.Equal(("get", "ENTRY_NOT_FOUND"), (Line() is var line ? line.String("command") : "", line.String("code")));

        var today = Assert.Single(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "logs"), "*.jsonl"));
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(today)!, "2999-01-01.jsonl"), File.ReadLines(today).Single(static line => line.Contains("\"save\"", StringComparison.Ordinal)) + "\n");
        Assert.Equal("save", Line().String("command"));

        if (OperatingSystem.IsWindows()) return; // .NET cannot send Ctrl+C there
        Signal.Send(follow.Id, Signal.Interrupt);
        Assert.Equal(0, follow.WaitForExit());
        Assert.Equal("\n", follow.Error);

        JsonObject Line() => JsonNode.Parse(follow.ReadLine()!)!.AsObject();
    }

    [Fact]
    public void Archive_PastDay_IsPackedAway()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        var folder = Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "logs");
        File.Move(Assert.Single(Directory.GetFiles(folder)), Path.Combine(folder, "2026-01-02.jsonl"));

        var archived = CliProcess.Json(home, ["logs", "archive"]);

        Assert.Equal(Path.Combine(folder, "archive", "2026-01-02.jsonl.gz"), (string?)Assert.Single(archived.Array("files")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LogIsOff_ByVariableOrFile_NothingIsLogged(bool byVariable)
    {
        using var home = new TempHome();
        if (byVariable) home.Environment["MEMORY_LOG"] = "off";
        else home.WriteConfig("""{"log": false}""");

        CliProcess.Save(home, "x");

        Assert.False(Directory.Exists(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "logs")));
        Assert.Contains("The event log is off", CliProcess.Run(home, ["logs", "tail"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LogVariable_IsNeitherOnNorOff_IsRefusedByName()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_LOG"] = "perhaps";

        CliProcess.AssertRefused(home, 2, "MEMORY_LOG", ["save", "x"]);
    }

    [Fact]
    public void LogThatCannotBeWritten_IsSaidOnce_AndFailsNothing()
    {
        using var home = new TempHome();
        File.WriteAllText(Path.Combine(home.Path, "logs"), "in the way");
        using var server = McpProcess.StartInitialized(home);

        ToolCalls.AssertWorks(server, "withoutalog");
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());

        Assert.Single(server.Error.Split('\n'), static line => line.Contains("The event log is not kept", StringComparison.Ordinal));
    }

    private static bool Is(JsonObject line, string name, string field, string value) => line.String("event") == name && (string?)line[field] == value;

    private static string Text(TempHome home) => string.Concat(Directory.GetFiles(Path.Combine(home.Path, "logs")).Select(File.ReadAllText));

    private static List<JsonObject> Events(TempHome home) =>
        [.. CliProcess.Json(home, ["logs", "tail", "-n", "1000", "--db", home.Database]).Array("events").Select(static line => line!.AsObject())];
}
