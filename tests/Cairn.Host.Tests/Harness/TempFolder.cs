namespace Cairn.Host.Tests.Harness;

/// <summary>An empty folder that is deleted, with all that is in it, when the test is done.</summary>
internal sealed class TempFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Path { get; } = Directory.CreateTempSubdirectory("cairn-test-").FullName;

    /// <summary>The path of something in this folder; it need not exist.</summary>
    public string Combine(params ReadOnlySpan<string> names) =>
        System.IO.Path.Combine([Path, .. names]);

    // A hook that git runs goes on in the background, and may write there while all is being deleted.
    public void Dispose()
    {
        IOException? busy = null;
        if (!SpinWait.SpinUntil(() => TryDelete(out busy), Patience)) throw busy!;
    }

    private bool TryDelete(out IOException? busy)
    {
        busy = null;
        try
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        }
        catch (IOException error)
        {
            busy = error;
        }
        return busy is null;
    }
}
