using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 28: whatever happens, and whatever the settings for logs, standard output carries the protocol and nothing else.</summary>
public sealed class Row28CleanOutputTests
{
    private static readonly (string Name, string Value)[] Loud =
    [
        ("Logging__LogLevel__Default", "Trace"), ("DOTNET_ENVIRONMENT", "Development"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("LOG_LEVEL", "debug"), ("MEMORY_LOG_LEVEL", "debug"),
        ("MEMORY_LOG", "on"), ("DEBUG", "*"), ("CI", "true"), ("GIT_TRACE", "1"), ("GIT_TRACE_SETUP", "1"), ("NO_COLOR", "0"), ("TERM", "xterm-256color"), ("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "1"),
    ];

    [Fact]
    public void Row28_SessionOfErrorsAndLoudSettings_WritesNothingButTheProtocol()
    {
        var lines = 0;
        foreach (var trouble in new[] { "none", "config", "foreign", "locked log" })
        {
            using var home = new TempHome();
            foreach (var (name, value) in Loud) home.Environment[name] = value;
            if (trouble == "config") home.WriteConfig("{ \"db_path\": ");
            if (trouble == "foreign") DatabaseFile.Execute(home.Database, "CREATE TABLE theirs (x)");
            if (trouble == "locked log") File.WriteAllText(Path.Combine(home.Path, "logs"), "a file where the folder should be");
            if (trouble == "none") ChildProcess.Run("git", ["init", "--quiet"], home).ShouldExitWith(0);
            using var server = McpProcess.StartInitialized(home);

            server.ListTools();
            foreach (var tool in ToolCalls.Names)
            {
                server.CallTool(tool, ToolCalls.Valid(tool, "06BQ1Z7K3M9XWVTD"));
                server.CallTool(tool, new JsonObject { ["no_such_field"] = 1 });
            }
            server.SendRawLine("no JSON");
            server.SendRawLine("""{"jsonrpc":"2.0","id":"odd","method":"no/such/method"}""");
            server.Exchange("tools/call", new JsonObject { ["name"] = "no_such_tool" });
            server.Exchange("logging/setLevel", new JsonObject { ["level"] = "debug" });
            server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray("/etc/passwd", "none.md") });
            server.CloseInput();

            // Each line was held to be a message of the protocol as it was read, up to the last.
            Assert.Equal(0, server.WaitForExit());
            Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
            lines += server.LinesRead;
        }
        FaultRun.Report(28, "errors and loud log settings", $"{Loud.Length} settings, 4 kinds of trouble, each tool with good and bad arguments", lines,
            $"{lines} lines on standard output, 0 of them no JSON-RPC message", "nothing");
    }
}
