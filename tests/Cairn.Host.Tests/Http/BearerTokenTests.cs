using Cairn.Engine;
using Cairn.Host.Http;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Http;

/// <summary>The token's file.</summary>
public sealed class BearerTokenTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Folder => _folder.Combine("state", "cairn");

    [Fact]
    public void Of_FirstUse_MakesThirtyTwoBytesForTheirUserAlone_AndKeepsThem()
    {
        var made = BearerToken.Of(Folder);
        var text = File.ReadAllText(made.FilePath);

        Assert.Equal(44, text.Length);
        Assert.True(made.IsIn($"Bearer {text.TrimEnd('\n')}"));
        Assert.True(BearerToken.Of(Folder).IsIn($"bearer {text.TrimEnd('\n')}"));
        Assert.Equal(text, File.ReadAllText(made.FilePath));
        Assert.Single(Directory.GetFiles(Folder));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made.FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public void Of_ManyAtOnce_AgreeOnOne()
    {
        Parallel.For(0, 16, _ => BearerToken.Of(Folder));
        var text = File.ReadAllText(Path.Combine(Folder, "http-token")).TrimEnd('\n');
        Assert.True(BearerToken.Of(Folder).IsIn($"Bearer {text}"));
    }

    [Fact]
    public void Of_FileThatOthersMayRead_IsRefusedWithWhatToDo()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = BearerToken.Of(Folder).FilePath;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var error = Assert.Throws<EngineException>(() => BearerToken.Of(Folder));

        Assert.Contains("640", error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete the file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllText(path).TrimEnd('\n'), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA")]
    public void Of_FileWithoutAToken_IsRefused(string content)
    {
        var path = BearerToken.Of(Folder).FilePath;
        File.WriteAllText(path, content);
        Assert.Contains("Delete the file", Assert.Throws<EngineException>(() => BearerToken.Of(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsIn_AnythingButTheToken_IsFalse()
    {
        var token = BearerToken.Of(Folder);
        var text = File.ReadAllText(token.FilePath).TrimEnd('\n');
        foreach (var wrong in new[] { null, "", "Bearer", "Bearer ", $"Basic {text}", text, $"Bearer {text[..^1]}", $"Bearer {text}A", $"Bearer {text} {text}", $"Bearer {text.ToLowerInvariant()}0", $"Bearer é{text}" })
            Assert.False(token.IsIn(wrong), wrong);
    }

    public void Dispose() => _folder.Dispose();
}
