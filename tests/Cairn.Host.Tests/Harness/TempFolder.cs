namespace Cairn.Host.Tests.Harness;

/// <summary>An empty folder that is deleted, with all that is in it, when the test is done.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cairn-test-").FullName;

    /// <summary>The path of something in this folder; it need not exist.</summary>
    public string Combine(params ReadOnlySpan<string> names) =>
        System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
