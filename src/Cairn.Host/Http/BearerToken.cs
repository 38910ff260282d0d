using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cairn.Engine;

namespace Cairn.Host.Http;

/// <summary>
/// The token that every request must bring: 32 random bytes, as base64url in a file that is its user's alone. It is made at
/// first use and stays, so that clients keep their settings; it is shown nowhere.
/// </summary>
internal sealed class BearerToken
{
    private const int Bytes = 32;
    private const string Scheme = "Bearer ";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _token;

    private BearerToken(string path, string token) => (FilePath, _token) = (path, Encoding.ASCII.GetBytes(token));

    /// <summary>The file that holds it.</summary>
    public string FilePath { get; }

    /// <summary>Whether this is an Authorization header with the token. It takes as long for a wrong token as for the right one.</summary>
    public bool IsIn(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim(' ')), _token);

    /// <summary>Reads the token of a folder, or makes one there.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the file may be read by others, holds no token, or cannot be read or made.</exception>
    public static BearerToken Of(string folder)
    {
        var path = Path.Combine(folder, "http-token");
        try
        {
            if (!File.Exists(path)) Make(folder, path);
            return new BearerToken(path, Read(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid(path, "the token's file cannot be read or made: mend the permissions of its folder, or name another folder with XDG_STATE_HOME");
        }
    }

    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) is var mode && (mode & ~Private) != 0)
            throw EngineException.Invalid(path, $"others may read the token (mode {Convert.ToString((int)mode, 8)}). Delete the file, and a new token is made; or, if nobody has read it, chmod 600");
        var content = new byte[2 * Bytes];
        var text = Encoding.ASCII.GetString(content, 0, file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)).TrimEnd('\n', '\r');
        return Base64Url.IsValid(text, out var length) && length == Bytes && !text.Any(char.IsWhiteSpace) ? text
            : throw EngineException.Invalid(path, $"holds no token of {Bytes} bytes. Delete the file, and a new one is made");
    }

    // Written whole under another name, then named: another server that starts now reads all of it or makes its own in vain.
    private static void Make(string folder, string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        var unfinished = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)) + "\n"));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished); // another server was first
        }
    }
}
