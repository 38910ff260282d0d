using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

public sealed class BackupCommandTests : IDisposable
{
    private readonly TempHome _home = new();

    private string Standard => Path.Combine(_home.Path, "backups");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Create_List_Verify_InWords()
    {
        Save("The queue is drained before a deploy.");

        var created = Cairn("backup", "create").ShouldExitWith(0);
        Assert.Matches(@"^Backed up to .*memory-\d{8}T\d{9}Z\.db \(1 entry, 0\.[12] MB, schema \d+\)\n$", created.Output.ReplaceLineEndings("\n"));
        Assert.Empty(created.Error);

        var name = Name(Assert.Single(Directory.GetFiles(Standard, "*.db")));
        Assert.Matches($@"\n{Regex.Escape(name)} +\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d +0\.[12] MB +\d+ +1 +manual +ok", Cairn("backup", "list").ShouldExitWith(0).Output.ReplaceLineEndings("\n"));
        Assert.Equal($"pass {name}", Cairn("backup", "verify").ShouldExitWith(0).Output.Trim());
        Assert.Equal($"pass {name}", Cairn("backup", "verify", name).ShouldExitWith(0).Output.Trim());
        Assert.Equal($"pass {name}", Cairn("backup", "verify", Path.Combine("..", "backups", name)).ShouldExitWith(0).Output.Trim());
    }

    [Fact]
    public void Create_List_Verify_AsJson()
    {
        Save("The queue is drained before a deploy.");
        var folder = Path.Combine(_home.Path, "sicher ü");

        var created = Json("backup", "create", "--to", folder);
        var backup = created.Object("backup");
        Assert.Equal("created", created.String("status"));
        Assert.Equal("ok", backup.String("status"));
        Assert.Equal(Path.Combine(folder, backup.String("name")), backup.String("path"));
        Assert.Equal(1, (int)backup.Object("manifest").Object("counts")["active_entries"]!);
        Assert.False(created.ContainsKey("recorded_in"));

        var list = Json("backup", "list", "--in", folder);
        Assert.Equal(folder, list.String("folder"));
        Assert.True(JsonNode.DeepEquals(backup, Assert.Single(list.Array("backups"))));
        Assert.Empty(Json("backup", "list").Array("backups"));

        var verified = Json("backup", "verify", "--all", "--in", folder);
        Assert.Equal("pass", verified.String("status"));
        Assert.True((bool)Assert.Single(verified.Array("backups"))!["passed"]!);
    }

    [Fact]
    public void Verify_OneOfTwoIsDamaged_ExitsWithOneAndSaysWhich()
    {
        Save("Entry");
        Cairn("backup", "create").ShouldExitWith(0);
        Cairn("backup", "create").ShouldExitWith(0);
        var damaged = Directory.GetFiles(Standard, "*.db").Order(StringComparer.Ordinal).First();
        using (var file = new FileStream(damaged, FileMode.Open))
        {
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(0xAA);
        }

        var verified = Cairn("backup", "verify", "--all").ShouldExitWith(1);

        var lines = verified.Output.ReplaceLineEndings("\n").Trim().Split('\n');
        Assert.StartsWith("pass ", lines[0], StringComparison.Ordinal);
        Assert.Equal($"fail {Name(damaged)}: its content is not that of its manifest (SHA-256)", lines[1]);
        Cairn("backup", "verify").ShouldExitWith(0);
        Assert.Equal("fail", JsonNode.Parse(Cairn("backup", "verify", Name(damaged), "--json").ShouldExitWith(1).Output)!.AsObject().String("status"));
    }

    [Fact]
    public void Verify_WrongUse_ExitsWithTwo()
    {
        Cairn("backup", "verify", "x.db", "--all").ShouldExitWith(2);
        Cairn("backup", "verify", "x.db").ShouldExitWith(2);
        Cairn("backup", "verify").ShouldExitWith(1);
    }

    [Fact]
    public void Create_WithoutADatabase_ExitsWithOne() =>
        Assert.Contains("nothing to back up", Cairn("backup", "create").ShouldExitWith(1).Error, StringComparison.Ordinal);

    [Fact]
    public void Create_Record_AppendsALineEachTime()
    {
        Save("A text that no log may hold");
        var log = Path.Combine(_home.Project, "log.md");

        Cairn("backup", "create", "--record", "log.md").ShouldExitWith(0);
        File.AppendAllText(log, "- a line of somebody's without an end");
        Cairn("backup", "create", "--record", "log.md").ShouldExitWith(0);

        var lines = File.ReadAllText(log).Split('\n');
        Assert.Equal(["# Session log", ""], lines[..2]);
        Assert.Equal(6, lines.Length);
        foreach (var line in new[] { lines[2], lines[4] })
            Assert.Matches(@"^- \d{4}-\d\d-\d\d \d\d:\d\d UTC: backup memory-\d{8}T\d{9}Z\.db \(1 entry, schema \d+, sha256 [0-9a-f]{8}…\)$", line);
        Assert.Equal("- a line of somebody's without an end", lines[3]);
        Assert.Equal("", lines[5]);
    }

    [Fact]
    public void Create_RecordCannotBeWritten_SaysThatTheBackupIsThere()
    {
        Save("Entry");

        var failed = Cairn("backup", "create", "--record", _home.Project).ShouldExitWith(1);

        var backup = Assert.Single(Directory.GetFiles(Standard, "*.db"));
        Assert.Contains($"The backup {backup} was made, but not recorded: {_home.Project} cannot be written", failed.Error, StringComparison.Ordinal);
    }

    private void Save(string text) => Cairn("save", text).ShouldExitWith(0);

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, [.. arguments, "--db", _home.Database]);

    private JsonObject Json(params string[] arguments) => JsonNode.Parse(Cairn([.. arguments, "--json"]).ShouldExitWith(0).Output)!.AsObject();

    private static string Name(string path) => Path.GetFileName(path);
}
