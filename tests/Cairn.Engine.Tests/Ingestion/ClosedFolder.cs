using System.Runtime.Versioning;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>A folder that nobody but root may enter, until it is disposed.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClosedFolder : IDisposable
{
    private readonly string _path;

    public ClosedFolder(string path)
    {
        _path = path;
        File.SetUnixFileMode(path, UnixFileMode.None);
    }

    /// <summary>Whether permissions hold for this user: they do not for root.</summary>
    public static bool IsClosedToUs => Environment.UserName != "root";

    public void Dispose() => File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
