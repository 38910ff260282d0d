using System.Text.Json.Nodes;
using System.Xml.Linq;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>The version stands in Directory.Build.props; what must repeat it says the same.</summary>
public sealed class VersionTests
{
    private static readonly string Version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    [Fact]
    public void Program_SaysTheVersion()
    {
        using var home = new TempHome();

        Assert.Equal(Version, CliProcess.Json(home, ["version"]).String("version"));
    }

    [Theory]
    [InlineData("src/Cairn.Host/.mcp/server.json", "version")]
    [InlineData("src/Cairn.Host/.mcp/server.json", "packages.0.version")]
    [InlineData("plugins/cairn/.codex-plugin/plugin.json", "version")]
    [InlineData("plugins/cairn/.claude-plugin/plugin.json", "version")]
    public void File_ThatRepeatsTheVersion_SaysTheSame(string file, string path)
    {
        JsonNode? found = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)));
        foreach (var name in path.Split('.')) found = int.TryParse(name, out var at) ? found![at] : found![name];

        Assert.Equal(Version, (string?)found);
    }

    [Fact]
    public void Package_IsTheOneThatServerJsonNames()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", "Cairn.Host", "Cairn.Host.csproj"));
        var server = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "Cairn.Host", ".mcp", "server.json")))!;

        Assert.Equal(project.Descendants("PackageId").Single().Value, (string?)server["packages"]![0]!["identifier"]);
    }
}
