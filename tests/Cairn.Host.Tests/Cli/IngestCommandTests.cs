using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn ingest, run as a user runs it.</summary>
public sealed class IngestCommandTests
{
    [Fact]
    public void Ingest_TheDocumentsOfThisRepository_AreFoundAgain()
    {
        using var home = new TempHome();
        Copy(Repository.Root, home.Project);
        var sources = new[] { "ingest", "*.md", "docs" };

        var first = Json(CliProcess.Run(home, [.. sources, "--json"]));
        var again = Json(CliProcess.Run(home, [.. sources, "--json"]));
        var found = Json(CliProcess.Run(home, ["search", "one SQLite file shared by processes, and no daemon", "--json"]));

        Assert.Empty(first.Array("skipped"));
        Assert.True((int)first["imported_entries"]! > 30);
        Assert.Equal((0, (int)first["imported_entries"]!), ((int)again["imported_entries"]!, (int)again["duplicate_entries"]!));
        Assert.Contains(found.Array("items").Take(3), item => ((string)item!["source_ref"]!).StartsWith("docs/decisions.md#1-one-sqlite-file", StringComparison.Ordinal));
    }

    [Fact]
    public void Ingest_ForPeople_SaysWhatWasDoneAndWhatWasSkipped()
    {
        using var home = new TempHome();
        File.WriteAllText(Path.Combine(home.Project, "x.md"), "# A\n\nText\n");

        var result = CliProcess.Run(home, ["ingest", "x.md", "/etc/hosts"]).ShouldExitWith(0);

        Assert.Contains("Files: 1. Entries: 1 new or changed, 0 as they were.", result.Output, StringComparison.Ordinal);
        Assert.Contains("skipped /etc/hosts: is an absolute path", result.Output, StringComparison.Ordinal);
    }

    private static JsonObject Json(ProcessResult result) => JsonNode.Parse(result.ShouldExitWith(0).Output)!.AsObject();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "docs"));
        foreach (var file in Directory.EnumerateFiles(from, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(from, "docs"), "*.md")))
            File.WriteAllText(Path.Combine(to, Path.GetRelativePath(from, file)), File.ReadAllText(file));
    }
}
