using System.Text;
using System.Text.Json;
using Cairn.Engine.Transfer;

namespace Cairn.Engine.Tests.Transfer;

/// <summary>What an export holds, and what it leaves alone on the disk.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TransferFixture _transfer = new();

    public void Dispose() => _transfer.Dispose();

    [Fact]
    public void ToStream_AllStates_WritesHeaderProjectsSessionsPurgedAndEntriesInOrder()
    {
        _transfer.Fill();
        using var output = new MemoryStream();

        var result = _transfer.From.Engine.Export.ToStream(output, null);

        var lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(("cairn", 1), (lines[0].GetProperty("format").GetString(), lines[0].GetProperty("version").GetInt32()));
        var kinds = lines.Skip(1).Select(line => line.GetProperty("kind").GetString()).ToList();
        Assert.Equal(["project", "session", "purged", "entry"], kinds.Distinct());
        Assert.Equal(kinds.Count(kind => kind == "entry"), result.Entries);
        Assert.Equal(["active", "archived", "superseded"], lines.Where(line => line.TryGetProperty("state", out _)).Select(line => line.GetProperty("state").GetString()).Distinct().Order());
        Assert.True(output.CanWrite);
    }

    [Fact]
    public void ToStream_OneProject_WritesThatAlone()
    {
        _transfer.Fill();
        using var output = new MemoryStream();

        var result = _transfer.From.Engine.Export.ToStream(output, "CON");

        Assert.Equal((1, 2), (result.Projects, result.Entries));
        Assert.DoesNotContain("Newest", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
        Assert.DoesNotContain("purged", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void ToStream_UnknownProject_IsNotFound()
    {
        using var output = new MemoryStream();
        var error = Assert.Throws<EngineException>(() => _transfer.From.Engine.Export.ToStream(output, "no such project"));
        Assert.Equal(ErrorCode.EntryNotFound, error.Code);
    }

    [Fact]
    public void ToFile_FileIsThere_IsReplacedOnlyWhenToldSo()
    {
        _transfer.From.Save("An entry");
        var path = _transfer.File("there.jsonl", "mine");

        Assert.Throws<EngineException>(() => _transfer.From.Engine.Export.ToFile(path, null, replace: false));
        Assert.Equal("mine", File.ReadAllText(path));
        _transfer.From.Engine.Export.ToFile(path, null, replace: true);

        Assert.Contains("An entry", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    public void ToFile_TheDatabaseItself_IsRefused(string suffix)
    {
        _transfer.From.Save("An entry");

        Assert.Throws<EngineException>(() => _transfer.From.Engine.Export.ToFile(_transfer.From.DatabasePath + suffix, null, replace: true));

        Assert.Single(_transfer.From.Find("entry"));
    }

    [Fact]
    public void ToFile_NoFolder_SaysSoAndLeavesNothing()
    {
        _transfer.From.Save("An entry");
        var error = Assert.Throws<EngineException>(() => _transfer.From.Engine.Export.ToFile(_transfer.PathOf("none/file.jsonl"), null, replace: false));
        Assert.Contains("its folder is missing", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_transfer.PathOf("none")));
    }

    [Fact]
    public void ToFile_UnknownProject_LeavesNothing()
    {
        _transfer.From.Save("An entry");
        Assert.Throws<EngineException>(() => _transfer.From.Engine.Export.ToFile(_transfer.PathOf("file.jsonl"), "none", replace: false));
        Assert.Empty(Directory.EnumerateFiles(_transfer.From.Folder));
    }

    [Fact]
    public void ToFileAndToFolder_OnUnix_AreReadableByTheirUserAlone()
    {
        _transfer.Fill();
        var file = _transfer.Export(ImportFormats.JsonLines);
        var folder = _transfer.Export(ImportFormats.Markdown);
        if (OperatingSystem.IsWindows()) return; // no such modes there

        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder).Append(file))
        {
            const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Directory.Exists(path) ? own | UnixFileMode.UserExecute : own, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void ToFolder_AllStates_WritesOneNamedFileAnEntry()
    {
        _transfer.From.Save("What we decided: *this*");
        _transfer.From.Save("\u6f22\u5b57", _transfer.From.In("con"));
        _transfer.From.Save("???", _transfer.From.In("a/b"));
        _transfer.From.Save("One", _transfer.From.In("a b"));

        var folder = _transfer.Export(ImportFormats.Markdown);

        var files = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal).ToList();
        Assert.Collection(files,
            file => Assert.Matches("^a-b-2/2026-03-14-one-[0-9A-Z]{16}.md$", file),
            file => Assert.Matches("^a-b/2026-03-14-untitled-[0-9A-Z]{16}.md$", file),
            file => Assert.Matches("^cairn/2026-03-14-what-we-decided-this-[0-9A-Z]{16}.md$", file),
            file => Assert.Matches("^con-/2026-03-14-\u6f22\u5b57-[0-9A-Z]{16}.md$", file));
    }

    [Fact]
    public void ToFolder_FolderHoldsSomething_IsRefusedAndKept()
    {
        _transfer.From.Save("An entry");
        Directory.CreateDirectory(_transfer.PathOf("notes"));
        _transfer.File("notes/mine.md", "mine");

        Assert.Throws<EngineException>(() => _transfer.From.Engine.Export.ToFolder(_transfer.PathOf("notes"), null));

        Assert.Equal(["mine.md"], Directory.EnumerateFileSystemEntries(_transfer.PathOf("notes")).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateDirectories(_transfer.From.Folder, "*.tmp"));
    }

    [Fact]
    public void ToStream_SavedMeanwhile_HoldsWhatWasThereAtTheStart()
    {
        for (var i = 0; i < 450; i++) _transfer.From.Save($"Entry {i}");
        using var output = new SavingStream(() => _transfer.From.Save($"Meanwhile {Guid.NewGuid()}"));

        var result = _transfer.From.Engine.Export.ToStream(output, null);

        Assert.Equal(450, result.Entries);
        Assert.True(output.Writes > 1);
    }

    /// <summary>Does something at each write.</summary>
    private sealed class SavingStream(Action save) : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            save();
            base.Write(buffer);
        }
    }
}
