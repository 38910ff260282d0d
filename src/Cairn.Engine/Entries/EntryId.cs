using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.Engine.Entries;

/// <summary>
/// An entry's public id: 16 characters of Crockford's base32 (no I, L, O, U), 48 bits of Unix milliseconds and 32 random
/// bits. Ids sort by time, can be merged between databases, and read back whatever the case, with O for 0 and I or L for 1.
/// </summary>
internal static class EntryId
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;

    /// <summary>A new id for this moment.</summary>
    public static string New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[10];
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, Math.Max(0, now.ToUnixTimeMilliseconds()));
        time[2..].CopyTo(bytes);
        RandomNumberGenerator.Fill(bytes[6..]);
        return Spell(bytes);
    }

    /// <summary>
    /// The id of what another system knows by a name: always the same for the same name and time. Without a time, all of it
    /// but the first eight bits, which are 0, is of the name's hash: such ids sort before those with a time.
    /// </summary>
    public static string Derived(string name, DateTimeOffset? time)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        Span<byte> bytes = stackalloc byte[10];
        if (time is { } known)
        {
            Span<byte> milliseconds = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(milliseconds, Math.Max(0, known.ToUnixTimeMilliseconds()));
            milliseconds[2..].CopyTo(bytes);
            hash[..4].CopyTo(bytes[6..]);
        }
        else
        {
            hash[..9].CopyTo(bytes[1..]);
        }
        return Spell(bytes);
    }

    /// <summary>The id as it is stored, or null when the text cannot be one.</summary>
    public static string? Parse(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length != Length) return null;
        Span<char> id = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            id[i] = char.ToUpperInvariant(trimmed[i]) switch { 'O' => '0', 'I' or 'L' => '1', var c => c };
            if (!Alphabet.Contains(id[i])) return null;
        }
        return new string(id);
    }

    private static string Spell(ReadOnlySpan<byte> bytes)
    {
        Span<char> id = stackalloc char[Length];
        for (var i = 0; i < Length; i++) id[i] = Alphabet[Bits(bytes, i * 5)];
        return new string(id);
    }

    private static int Bits(ReadOnlySpan<byte> bytes, int offset)
    {
        var pair = (bytes[offset / 8] << 8) | (offset / 8 + 1 < bytes.Length ? bytes[offset / 8 + 1] : 0);
        return (pair >> (11 - offset % 8)) & 31;
    }
}
