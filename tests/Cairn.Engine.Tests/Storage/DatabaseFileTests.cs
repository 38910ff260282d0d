namespace Cairn.Engine.Tests.Storage;

public sealed class DatabaseFileTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Create_FirstWrite_MakesPrivateFiles()
    {
        _cairn.Save("Entry");

        Assert.Equal(["memory.db", "memory.db-shm", "memory.db-wal", "memory.db.lock"], Names());
        if (OperatingSystem.IsWindows()) return; // its files inherit the user's profile, which is private

        foreach (var name in Names()) Assert.Equal("600", Mode(Path.Combine(Folder, name)));
        Assert.Equal("700", Mode(Folder));
    }

    [Fact]
    public void Create_FolderThatIsThere_KeepsItsMode()
    {
        Directory.CreateDirectory(Folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead);
        _cairn.Save("Entry");

        if (!OperatingSystem.IsWindows()) Assert.Equal("740", Mode(Folder));
    }

    [Fact]
    public void Create_FoldersOfAnyDepth_AreMade()
    {
        using var cairn = new EngineFixture(options => options with { DatabasePath = Path.Combine(Path.GetDirectoryName(options.DatabasePath)!, "a", "b ü", "memory 記憶.db") });
        cairn.Save("Entry");

        Assert.True(File.Exists(cairn.DatabasePath));
    }

    [Fact]
    public void Create_FolderThatIsAFile_IsAStorageFailure()
    {
        File.WriteAllText(Folder, "a file");

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => _cairn.Save("Entry")).Code);
    }

    [Fact]
    public void Create_PathThatIsAFolder_IsAStorageFailure()
    {
        Directory.CreateDirectory(_cairn.DatabasePath);

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => _cairn.Save("Entry")).Code);
    }

    [Fact]
    public void Dispose_LastProcess_FoldsTheLogIntoTheFile()
    {
        using var other = _cairn.Another();
        _cairn.Save("Entry");
        Assert.Single(other.Projects.List());
        _cairn.Engine.Dispose();
        Assert.Equal(["memory.db", "memory.db-shm", "memory.db-wal", "memory.db.lock"], Names());

        other.Dispose();

        Assert.Equal(["memory.db", "memory.db.lock"], Names());
    }

    private string Folder => Path.GetDirectoryName(_cairn.DatabasePath)!;

    private IEnumerable<string> Names() => Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
