using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>--quiet leaves out hints and progress; data, failures and warnings stay. An upgrade is told once.</summary>
public sealed class QuietTests
{
    [Theory]
    [InlineData("search nothing-like-that", "Nothing found")]
    [InlineData("retention dry-run --max-entries-per-project 1", "To archive them")]
    [InlineData("setup cursor", "from its next start")]
    [InlineData("setup cursor --remove", "What was saved stays")]
    public void Quiet_LeavesTheHintOut_AndTheDataIs(string line, string hint)
    {
        using var home = new TempHome();
        CliProcess.Save(home, "One");
        CliProcess.Save(home, "Two");
        var words = line.Split(' ');

        var quiet = CliProcess.Run(home, [.. words, "--quiet"]).ShouldExitWith(0);
        var loud = CliProcess.Run(home, words).ShouldExitWith(0);

        Assert.DoesNotContain(hint, quiet.Error + quiet.Output, StringComparison.Ordinal);
        if (!line.StartsWith("setup", StringComparison.Ordinal)) Assert.Contains(hint, loud.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_FailuresStay()
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 4, "0000000000000000", ["--quiet", "timeline", "0000000000000000"]);
        CliProcess.AssertRefused(home, 2, "is empty", ["save", "", "--quiet"]);
    }

    [Fact]
    public void Remove_SaysWhereTheEntriesStay_AndTheyDo()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "This is still wanted");
        CliProcess.Run(home, ["setup", "cursor"]).ShouldExitWith(0);

        var removed = CliProcess.Run(home, ["setup", "cursor", "--remove"]).ShouldExitWith(0);

        Assert.Contains($"What was saved stays: {home.DefaultDatabase}", removed.Error, StringComparison.Ordinal);
        Assert.Contains("This is still wanted", CliProcess.Run(home, ["get", id]).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void OlderDatabase_FirstCommandSaysOnceWhatWasMigrated_AndTheBackupIsThere()
    {
        using var home = new TempHome();
        Directory.CreateDirectory(Path.GetDirectoryName(home.DefaultDatabase)!);
        OlderSchema.Make(home.DefaultDatabase, 1);
        OlderSchema.AddEntries(home.DefaultDatabase, 3);

        var first = CliProcess.Run(home, ["save", "After the upgrade"]).ShouldExitWith(0);
        var second = CliProcess.Run(home, ["save", "Later"]).ShouldExitWith(0);

        var told = System.Text.RegularExpressions.Regex.Match(first.Error, @"from schema 1 to (\d+), with all that it holds\. As it was before: cairn restore (\S+)");
        Assert.True(told.Success, first.Error);
        Assert.Equal(OlderSchema.Latest.ToString(System.Globalization.CultureInfo.InvariantCulture), told.Groups[1].Value);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "backups", told.Groups[2].Value + ".db"))
            || File.Exists(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "backups", told.Groups[2].Value)), told.Value);
        Assert.Empty(second.Error);
        Assert.Equal(5, DatabaseFile.Count(home.DefaultDatabase, "entries"));
        var events = CliProcess.Json(home, ["logs", "tail", "--lines", "50"]).ToJsonString();
        Assert.Contains("\"migration\"", events, StringComparison.Ordinal);
    }
}
