using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>Servers that make vectors of one database's entries, with the real model and the real program.</summary>
[Collection(typeof(Alone))]
public sealed class EmbeddingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Servers_TenOnOneDatabase_EmbedEachEntryOnce()
    {
        using var home = new TempHome(embeddings: true);
        var servers = Enumerable.Range(0, 10).Select(_ => McpProcess.StartInitialized(home)).ToList();
        for (var i = 0; i < 60; i++) ToolCalls.Save(servers[i % 10], Text(i));

        Await(home, 60);
        foreach (var server in servers)
        {
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
            server.Dispose();
        }

        Assert.Equal(60, Embedded(home));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Server_KilledWhileItEmbeds_IsFollowedByAnother()
    {
        using var home = new TempHome(embeddings: true);
        using (var killed = McpProcess.StartInitialized(home))
        {
            for (var i = 0; i < 300; i++) ToolCalls.Save(killed, Text(i));
            Assert.True(SpinWait.SpinUntil(() => DatabaseFile.Count(home.Database, "embeddings") > 0, Patience));
            killed.Kill();
        }
        var before = DatabaseFile.Column(home.Database, "SELECT key || hex(vector) FROM embeddings ORDER BY key");

        using var next = McpProcess.StartInitialized(home);
        ToolCalls.Search(next, "fact");
        Await(home, 300);

        Assert.Equal(before, DatabaseFile.Column(home.Database, "SELECT key || hex(vector) FROM embeddings ORDER BY key").Take(before.Count));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Server_WithEmbeddingsOff_HasNothingOfTheModelInMemory()
    {
        if (!OperatingSystem.IsLinux()) return; // only there a process can be looked into
        using var home = new TempHome(embeddings: true);
        home.WriteConfig("""{ "embeddings": false }""");
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, Text(1));

        var answer = server.CallTool("search", new JsonObject { ["query"] = "fact" });

        Assert.Null(answer.Structured["semantic"]);
        Assert.DoesNotContain("libonnxruntime", File.ReadAllText($"/proc/{server.Id}/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void Command_OffAndOn_ChangesOneWordOfTheConfiguration()
    {
        using var home = new TempHome(embeddings: true);
        home.WriteConfig("{\n  // mine\n  \"log\": true,\n}\n");

        Assert.Equal("off", CliProcess.Json(home, ["embeddings", "off"]).String("embeddings"));
        Assert.Equal("{\n  \"embeddings\": false,\n  // mine\n  \"log\": true,\n}\n", File.ReadAllText(home.ConfigFile));
        Assert.Equal("off", CliProcess.Json(home, ["embeddings", "status"]).String("state"));
        Assert.Equal("on", CliProcess.Json(home, ["embeddings", "on"]).String("embeddings"));
        Assert.Equal("{\n  \"embeddings\": true,\n  // mine\n  \"log\": true,\n}\n", File.ReadAllText(home.ConfigFile));
    }

    [Fact]
    public void Search_OfTheCommandLine_WaitsForTheModel()
    {
        using var home = new TempHome(embeddings: true);
        var id = CliProcess.Save(home, "The nightly job dumps PostgreSQL into object storage");
        CliProcess.Json(home, ["embeddings", "rebuild"]);

        var found = CliProcess.Json(home, ["search", "where do copies of our database go"]);

        Assert.Equal(id, found.Array("items")[0]!.AsObject().String("id"));
        Assert.Null(found["semantic"]);
    }

    private static void Await(TempHome home, int entries) => Assert.True(
        SpinWait.SpinUntil(() => DatabaseFile.Column(home.Database, "SELECT count(DISTINCT entry_key) FROM embeddings")[0] == entries.ToString(CultureInfo.InvariantCulture), Patience),
        $"{DatabaseFile.Count(home.Database, "embeddings")} of {entries} were embedded in time.");

    // What the servers say that they have embedded: more than there are entries, if one was done twice.
    private static int Embedded(TempHome home) => Directory.EnumerateFiles(Path.Combine(home.Path, "logs"), "*.jsonl").SelectMany(File.ReadLines)
        .Select(static line => JsonNode.Parse(line)!).Where(static line => (string?)line["event"] == "embeddings").Sum(static line => (int)line["entries"]!);

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"Fact {number} about the deployment of service {number % 7}");
}
