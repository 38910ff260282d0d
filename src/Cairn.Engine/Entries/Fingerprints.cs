using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// Names for secrets that tell nobody what they are: HMAC-SHA256 of the characters in UTF-8 under a random key of this
/// installation. The key is a file for its user alone; it is made when something is found for the first time.
/// </summary>
internal sealed class Fingerprints(string folder)
{
    /// <summary>How many hex digits of the HMAC are shown.</summary>
    public const int Length = 16;

    private const int KeyBytes = 32;

    /// <summary>Where the key is, or will be.</summary>
    public string KeyPath { get; } = Path.Combine(folder, "policy.key");

    /// <summary>The file that one process at a time holds while it writes the key or the exceptions.</summary>
    public static string LockPath(string folder) => Path.Combine(folder, "policy.lock");

    /// <summary>Whether a text has the form of a fingerprint.</summary>
    public static bool IsOne(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The fingerprint of a secret under the key that <see cref="Key"/> gave.</summary>
    public static string Of(ReadOnlySpan<char> secret, byte[] key)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(secret)];
        Encoding.UTF8.GetBytes(secret, bytes);
        try
        {
            return Convert.ToHexStringLower(HMACSHA256.HashData(key, bytes))[..Length];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>
    /// The key, made when there is none. It is read again each time: findings are rare, and another process may have made
    /// it. Null where the folder cannot be used: what was found is refused all the same, without a fingerprint.
    /// </summary>
    /// <exception cref="EngineException">The file is there and holds no key.</exception>
    public byte[]? Key()
    {
        try
        {
            return Read() ?? SmallFile.Locked(LockPath(folder), () => Read() ?? Make());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The key, or null when there is none yet.</summary>
    /// <exception cref="EngineException">The file is there and holds no key.</exception>
    public byte[]? Read()
    {
        var key = SmallFile.Read(KeyPath, KeyBytes);
        return key is null or { Length: KeyBytes } ? key : throw new EngineException(ErrorCode.StorageFailure,
            $"{KeyPath} is damaged: it is not a key of {KeyBytes} bytes, so nothing that looks like a secret can be named, let pass or saved. Move it away; a new one is made when it is needed, and exceptions must then be allowed anew.");
    }

    private byte[] Make()
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        SmallFile.Replace(KeyPath, key);
        return key;
    }
}
