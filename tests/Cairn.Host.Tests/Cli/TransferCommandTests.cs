using System.Text.Json;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn export and cairn import, as a user types them.</summary>
public sealed class TransferCommandTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void ExportAndImport_ThroughAFile_BringEverythingAlong()
    {
        var id = Save("We use SQLite");
        Run("update", id, "pin").ShouldExitWith(0);
        var file = Path.Combine(_home.Path, "memory.jsonl");

        var exported = Json("export", "--output", file, "--json");
        var imported = Json("import", file, "--db", Other, "--json");

        Assert.Equal(("jsonl", file, 1), (exported.GetProperty("format").GetString(), exported.GetProperty("path").GetString(), exported.GetProperty("entries").GetInt32()));
        Assert.Equal("""{"format":"jsonl","read":1,"imported":1,"duplicates":0,"skipped_count":0,"redactions":0,"note_count":0}""", Compact(imported));
        Assert.True(Json("get", id, "--db", Other, "--json").GetProperty("items")[0].GetProperty("pinned").GetBoolean());
    }

    [Fact]
    public void Export_WithoutOutput_WritesNothingButLinesToStdout()
    {
        Save("First");
        Save("Second");

        var result = Run("export").ShouldExitWith(0);

        Assert.All(result.Output.TrimEnd('\n').Split('\n'), line => JsonElement.Parse(line));
        Assert.Contains("Exported 2 entries of 1 projects", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ExportAndImport_Markdown_BringEverythingAlong()
    {
        Save("We use SQLite");
        var folder = Path.Combine(_home.Path, "notes");

        Run("export", "--format", "markdown", "--output", folder).ShouldExitWith(0);
        var result = Run("import", "markdown", folder, "--db", Other).ShouldExitWith(0);

        Assert.Contains("Imported 1 of 1 entries (markdown)", result.Output, StringComparison.Ordinal);
        Assert.Equal(Entries(Run("export")), Entries(Run("export", "--db", Other)));
    }

    [Fact]
    public void Export_FileIsThere_NeedsForce()
    {
        Save("An entry");
        var file = Path.Combine(_home.Path, "memory.jsonl");
        File.WriteAllText(file, "mine");

        Assert.Contains("--force", Run("export", "--output", file).ShouldExitWith(2).Error, StringComparison.Ordinal);
        Run("export", "--output", file, "--force").ShouldExitWith(0);

        Assert.NotEqual("mine", File.ReadAllText(file));
    }

    [Theory]
    [InlineData(2, "export", "--format", "markdown")]
    [InlineData(2, "export", "--format", "markdown", "--output", "x", "--force")]
    [InlineData(2, "export", "--format", "csv")]
    [InlineData(4, "export", "--project", "none")]
    [InlineData(2, "import")]
    [InlineData(2, "import", "none.jsonl")]
    [InlineData(2, "import", "csv", "none.jsonl")]
    [InlineData(2, "import", "jsonl", "a", "b")]
    public void ExportOrImport_WrongArguments_ExitsWithTheirCode(int code, params string[] arguments) =>
        Assert.NotEqual("", Run(arguments).ShouldExitWith(code).Error);

    [Fact]
    public void Import_DryRunOfServerMemory_SaysWhatItWouldDoAndSkips()
    {
        var file = Path.Combine(_home.Project, "graph.json");
        File.WriteAllLines(file, ["""{"type":"entity","name":"Ada","entityType":"person","observations":["Speaks French"]}""", "half a li"]);

        var result = Run("import", "graph.json", "--dry-run").ShouldExitWith(0);

        Assert.Contains("Would import 1 of 2 entries (server-memory)", result.Output, StringComparison.Ordinal);
        Assert.Contains("Skipped: line 2: is not JSON", result.Output, StringComparison.Ordinal);
        Assert.Empty(Entries(Run("export")));
    }

    private string Other => Path.Combine(_home.Path, "other.db");

    private string Save(string text) => Json("save", text, "--json").GetProperty("id").GetString()!;

    private JsonElement Json(params string[] arguments) => JsonElement.Parse(Run(arguments).ShouldExitWith(0).Output);

    private ProcessResult Run(params string[] arguments) => CliProcess.Run(_home, arguments.Contains("--db") ? arguments : [.. arguments, "--db", _home.Database]);

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    private static List<string> Entries(ProcessResult export) =>
        [.. export.ShouldExitWith(0).Output.Split('\n').Where(line => line.StartsWith("{\"kind\":\"entry\"", StringComparison.Ordinal))];
}
