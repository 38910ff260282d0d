using Cairn.Engine;
using Cairn.Host.Cli;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

public sealed class SessionLogTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 24, 19, 25, 59, TimeSpan.FromHours(1));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_NewFile_HasAHeading()
    {
        new SessionLog(_folder.Combine("log.md")).Append(Time, "backup made");

        Assert.Equal("# Session log\n\n- 2026-11-24 18:25 UTC: backup made\n", File.ReadAllText(_folder.Combine("log.md")));
    }

    [Fact]
    public void Append_ControlCharacters_StayOnOneLine()
    {
        File.WriteAllText(_folder.Combine("log.md"), "# Mine\n");

        new SessionLog(_folder.Combine("log.md")).Append(Time, "a\nb\r\tc");

        Assert.Equal("# Mine\n- 2026-11-24 18:25 UTC: a?b??c\n", File.ReadAllText(_folder.Combine("log.md")));
    }

    [Fact]
    public void Append_ManyAtOnce_KeepsEachLineWhole()
    {
        var path = _folder.Combine("log.md");

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => new SessionLog(path).Append(Time, $"line {i:000}."));

        var lines = File.ReadAllLines(path);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"- 2026-11-24 18:25 UTC: line {i:000}."), lines[2..].Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("freeze", "--reason", "a look")]
    [InlineData("backup", "create")]
    [InlineData("migrate", "up")]
    [InlineData("policy", "allow", "3f9c0a5be2d41786", "--reason", "a sample")]
    [InlineData("recover")]
    public void Record_TheDatabaseItself_IsRefusedBeforeAnythingIsDone(params string[] command)
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x");
        var link = Path.Combine(home.Project, "log.md");
        if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(link, home.DefaultDatabase);
        var folder = Path.GetDirectoryName(home.DefaultDatabase)!;
        var before = Files();

        foreach (var file in new[] { home.DefaultDatabase, home.DefaultDatabase + "-wal", OperatingSystem.IsWindows() ? home.DefaultDatabase : link })
            CliProcess.AssertRefused(home, 2, "is the database itself. Nothing was done", [.. command, "--record", file]);

        Assert.Equal(before, Files());
        DatabaseFile.AssertIntact(home.DefaultDatabase);

        List<string> Files() => [.. Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Append_FolderIsMissing_SaysSo()
    {
        var error = Assert.Throws<EngineException>(() => new SessionLog(_folder.Combine("missing", "log.md")).Append(Time, "x"));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
    }
}
