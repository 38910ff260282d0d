using System.Buffers.Binary;
using System.Text;

namespace Cairn.Engine.Recovery;

/// <summary>What is wrong with a row that could be read.</summary>
[Flags]
internal enum RowDamage
{
    /// <summary>Nothing that its bytes show.</summary>
    None = 0,

    /// <summary>Its end is missing: a page that holds it cannot be read.</summary>
    Cut = 1,

    /// <summary>A text of it is not UTF-8; what is no character became U+FFFD.</summary>
    NotText = 2,
}

/// <summary>
/// A row as the bytes of SQLite's record format (fileformat2.html, section 2): a header of types, then the values. They
/// are null, long, double, string or byte[]. A row whose end is missing has fewer values, and the last may be half a text.
/// </summary>
internal sealed record SqliteRecord(object?[] Values, RowDamage Damage)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a record of which a part may be missing; null when the bytes are no record of this length.</summary>
    /// <param name="bytes">What is there of it.</param>
    /// <param name="length">How long it is as a whole.</param>
    public static SqliteRecord? Parse(ReadOnlySpan<byte> bytes, long length)
    {
        var offset = 0;
        if (!TryVarint(bytes, ref offset, out var header) || header < offset || header > bytes.Length) return null;
        var types = new List<long>();
        var total = header;
        while (offset < header)
        {
            if (!TryVarint(bytes[..(int)header], ref offset, out var type) || type is < 0 or 10 or 11) return null;
            types.Add(type);
            total += Size(type);
        }
        // The types say how long the record must be: whoever wrote it was exact, chance rarely is.
        return offset == header && total == length ? Read(bytes[(int)header..], types) : null;
    }

    /// <summary>Reads a number of 1 to 9 bytes, 7 bits in each, the highest first.</summary>
    public static bool TryVarint(ReadOnlySpan<byte> bytes, ref int offset, out long value)
    {
        value = 0;
        for (var i = 0; i < 9; i++)
        {
            if (offset >= bytes.Length) return false;
            var next = bytes[offset++];
            if (i == 8)
            {
                value = (value << 8) | next;
                return true;
            }
            value = (value << 7) | (uint)(next & 0x7f);
            if (next < 0x80) return true;
        }
        return false;
    }

    private static SqliteRecord Read(ReadOnlySpan<byte> body, List<long> types)
    {
        var values = new List<object?>(types.Count);
        var damage = RowDamage.None;
        foreach (var type in types)
        {
            var size = Size(type);
            if (size > body.Length)
            {
                damage |= RowDamage.Cut;
                if (type >= 13 && type % 2 == 1) values.Add(Text(body, cut: true, ref damage));
                break;
            }
            values.Add(Value(type, body[..(int)size], ref damage));
            body = body[(int)size..];
        }
        return new SqliteRecord([.. values], damage);
    }

    private static object? Value(long type, ReadOnlySpan<byte> bytes, ref RowDamage damage) => type switch
    {
        0 => null,
        <= 6 => Integer(bytes),
        7 => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        8 => 0L,
        9 => 1L,
        _ => type % 2 == 0 ? bytes.ToArray() : Text(bytes, cut: false, ref damage),
    };

    private static long Integer(ReadOnlySpan<byte> bytes)
    {
        long value = (sbyte)bytes[0];
        foreach (var next in bytes[1..]) value = (value << 8) | next;
        return value;
    }

    private static string Text(ReadOnlySpan<byte> bytes, bool cut, ref RowDamage damage)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            if (!cut) damage |= RowDamage.NotText;
            return Encoding.UTF8.GetString(bytes);
        }
    }

    private static long Size(long type) => type switch
    {
        <= 4 => type,
        5 => 6,
        6 or 7 => 8,
        8 or 9 => 0,
        _ => (type - 12) / 2,
    };
}
