using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// A secret in any field is refused with rule and place, and is afterwards in no byte of an answer, of standard error or
/// of the database's folder.
/// </summary>
public sealed class PolicyTests
{
    // Put together here, so that no scanner of sources finds a key in this file.
    private static readonly string Secret = "sk-" + "ant-" + "api03-" + new Random(20264).GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 93) + "AA";

    [Fact]
    public void SaveMemory_SecretInTheText_IsBlockedWithRuleAndPlace()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var result = server.CallTool("save_memory", new JsonObject { ["text"] = $"Deploy notes\nkey = {Secret} of the model\n" });

        Assert.True(result.IsError);
        Assert.Equal("POLICY_BLOCKED", result.ErrorCode);
        var details = result.Structured.Object("error").Object("details");
        var violation = Assert.Single(details.Array("violations"))!.AsObject();
        var fingerprint = violation.String("fingerprint");
        Assert.Matches("^[0-9a-f]{16}$", fingerprint);
        Assert.Equal($$"""{"rule":"anthropic-api-key","field":"text","line":2,"column":7,"length":{{Secret.Length}},"fingerprint":"{{fingerprint}}"}""", violation.ToJsonString());
        Assert.False(details.ContainsKey("audited"));
        var message = result.Structured.Object("error").String("message");
        Assert.StartsWith("Nothing was saved", message, StringComparison.Ordinal);
        Assert.Contains($"anthropic-api-key in text at line 2, column 7, length {Secret.Length}, fingerprint {fingerprint}", message, StringComparison.Ordinal);
        Assert.Contains("Do not send the same text again", message, StringComparison.Ordinal);
        Assert.EndsWith(details.String("hint"), message, StringComparison.Ordinal);
        AssertNowhere(home, server, result);
    }

    [Fact]
    public void SaveMemory_SecretInAPrivateSpan_IsSavedWithoutIt()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var result = server.CallTool("save_memory", new JsonObject
        {
            ["text"] = $"The key is in the vault <private>{Secret}</private>",
            ["tags"] = new JsonArray("vault", $"<private>{ShortSecret}</private>"),
            ["metadata"] = new JsonObject { ["by"] = $"me<PRIVATE>{Secret}" },
        });

        Assert.False(result.IsError);
        var entry = server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(result.Structured.String("id")) }).Structured.Array("items")[0]!.AsObject();
        Assert.Equal(("The key is in the vault", """["vault"]""", """{"by":"me"}"""), (entry.String("body"), entry["tags"]!.ToJsonString(), entry["metadata"]!.ToJsonString()));
        AssertNowhere(home, server, result);
    }

    [Fact]
    public void SaveMemory_EncodedSecret_IsBlockedAtTheEncodedSpan()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=');

        var result = server.CallTool("save_memory", new JsonObject { ["text"] = $"one\ntwo {encoded}" });

        Assert.Equal("POLICY_BLOCKED", result.ErrorCode);
        var violation = Assert.Single(result.Structured.Object("error").Object("details").Array("violations"))!.AsObject();
        Assert.StartsWith($$"""{"rule":"anthropic-api-key","field":"text","line":2,"column":5,"length":{{encoded.Length}},""", violation.ToJsonString(), StringComparison.Ordinal);
        AssertNowhere(home, server, result);
    }

    [Theory]
    [InlineData("title")]
    [InlineData("project")]
    [InlineData("type")]
    [InlineData("source_ref")]
    [InlineData("session_id")]
    [InlineData("tags")]
    [InlineData("metadata")]
    [InlineData("metadata key")]
    public void SaveMemory_SecretInAnotherField_IsBlockedThere(string field)
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var (name, value, place) = field switch
        {
            "tags" => ("tags", (JsonNode)new JsonArray("fine", Secret), "tags[1]"),
            "metadata" => ("metadata", new JsonObject { ["deep"] = new JsonArray(1, new JsonObject { ["note"] = Secret }) }, "metadata.deep[1].note"),
            "metadata key" => ("metadata", new JsonObject { ["fine"] = 1, [Secret] = 2 }, "metadata (key 2)"),
            _ => (field, Secret, field),
        };
        // A tag has room for a short secret only.
        if (field == "tags") value = new JsonArray("fine", ShortSecret);

        var result = server.CallTool("save_memory", new JsonObject { ["text"] = "Nothing to see", [name] = value });

        Assert.Equal("POLICY_BLOCKED", result.ErrorCode);
        Assert.Contains(result.Structured.Object("error").Object("details").Array("violations"), violation => violation!.AsObject().String("field") == place);
        AssertNowhere(home, server, result);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("title")]
    [InlineData("source_ref")]
    [InlineData("reason")]
    public void UpdateMemory_SecretInAField_IsBlocked(string field)
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var id = ToolCalls.Save(server, "Before.");

        var result = server.CallTool("update_memory", new JsonObject { ["id"] = id, ["action"] = "revise", ["type"] = "decision", [field] = Secret });

        Assert.Equal("POLICY_BLOCKED", result.ErrorCode);
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
        AssertNowhere(home, server, result);
    }

    [Fact]
    public void SaveMemory_SecretOfTheClientOrItsSession_IsBlocked()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var result = server.CallTool("save_memory", new JsonObject { ["text"] = "Nothing to see" }, new JsonObject { ["threadId"] = Secret });

        Assert.Equal("POLICY_BLOCKED", result.ErrorCode);
        AssertNowhere(home, server, result);
    }

    [Fact]
    public void SecretsThatAreMisplaced_AreNeverSentBack()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var id = ToolCalls.Save(server, "An entry.");

        foreach (var (tool, arguments) in new (string, JsonObject)[]
        {
            ("save_memory", new JsonObject { ["text"] = "x", [Secret] = "y" }),
            ("save_memory", new JsonObject { ["text"] = "x", ["supersedes"] = new JsonArray(Secret) }),
            ("search", new JsonObject { ["query"] = "x", ["after"] = Secret }),
            ("search", new JsonObject { ["query"] = Secret }),
            ("search", new JsonObject { ["query"] = "x", ["project"] = Secret }),
            ("timeline", new JsonObject { ["anchor_id"] = Secret }),
            ("update_memory", new JsonObject { ["id"] = id, ["action"] = Secret }),
            ("update_memory", new JsonObject { ["id"] = Secret, ["action"] = "pin" }),
            ("update_memory", new JsonObject { ["id"] = id, ["action"] = "supersede", ["superseded_by"] = Secret }),
        })
            AssertNowhere(home, server, server.CallTool(tool, arguments));
        var unknown = server.Exchange("tools/call", new JsonObject { ["name"] = "no_such_tool", ["arguments"] = new JsonObject { ["a"] = Secret } });
        Assert.DoesNotContain(Secret, unknown.ToJsonString(), StringComparison.Ordinal);
    }

    private static string ShortSecret => "gh" + "p_" + "x7Qm2Lr9Tz4Bv6Nc1Kd8Wf3Hs5Jg0PyAeUi";

    private static void AssertNowhere(TempHome home, McpProcess server, ToolResult result)
    {
        foreach (var secret in new[] { Secret, ShortSecret })
        {
            // Its middle: nothing may show a part of it either.
            var part = secret[10..30];
            Assert.DoesNotContain(part, result.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(part, server.Error, StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(part);
            foreach (var file in Directory.EnumerateFiles(home.Path, "*", SearchOption.AllDirectories))
                Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(bytes) < 0, $"A part of the secret is in {file}.");
        }
    }
}
