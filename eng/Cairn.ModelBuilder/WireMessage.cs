using System.Buffers.Binary;
using System.Text;

namespace Cairn.ModelBuilder;

/// <summary>One field of a protocol-buffers message: its number, how it is stored, and what it holds.</summary>
/// <param name="Number">The field's number in its message.</param>
/// <param name="Type">0 a varint, 1 eight bytes, 2 bytes with their length, 5 four bytes.</param>
/// <param name="Value">What a field of type 0, 1 or 5 holds.</param>
/// <param name="Bytes">What a field of type 2 holds.</param>
internal sealed record WireField(int Number, int Type, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A field of type 2 as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>
/// A protocol-buffers message as its fields in the order in which they stand, by the public wire format. What nobody
/// changes is written back as it was read, fields that this program does not know included.
/// </summary>
internal sealed class WireMessage
{
    /// <summary>The fields.</summary>
    public List<WireField> Fields { get; } = [];

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are none.</exception>
    public static WireMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var message = new WireMessage();
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(bytes.Span, ref at);
            var (number, type) = ((int)(tag >> 3), (int)(tag & 7));
            message.Fields.Add(type switch
            {
                0 => new WireField(number, type, Varint(bytes.Span, ref at), default),
                1 => new WireField(number, type, BinaryPrimitives.ReadUInt64LittleEndian(Take(bytes, ref at, 8).Span), default),
                2 => new WireField(number, type, 0, Take(bytes, ref at, checked((int)Varint(bytes.Span, ref at)))),
                5 => new WireField(number, type, BinaryPrimitives.ReadUInt32LittleEndian(Take(bytes, ref at, 4).Span), default),
                _ => throw new InvalidDataException($"No message has a field of wire type {type}."),
            });
        }
        return message;
    }

    /// <summary>All fields of a number.</summary>
    public IEnumerable<WireField> All(int number) => Fields.Where(field => field.Number == number);

    /// <summary>The text of the first field of a number; empty when there is none.</summary>
    public string Text(int number) => All(number).FirstOrDefault()?.Text ?? "";

    /// <summary>Whole numbers of a repeated field, packed or not.</summary>
    public List<long> Numbers(int number)
    {
        var numbers = new List<long>();
        foreach (var field in All(number))
        {
            if (field.Type == 0) numbers.Add((long)field.Value);
            for (var at = 0; at < field.Bytes.Length;) numbers.Add((long)Varint(field.Bytes.Span, ref at));
        }
        return numbers;
    }

    /// <summary>Adds a field of a whole number.</summary>
    public WireMessage Add(int number, long value)
    {
        Fields.Add(new WireField(number, 0, (ulong)value, default));
        return this;
    }

    /// <summary>Adds a field of bytes.</summary>
    public WireMessage Add(int number, ReadOnlyMemory<byte> bytes)
    {
        Fields.Add(new WireField(number, 2, 0, bytes));
        return this;
    }

    /// <summary>Adds a field of text.</summary>
    public WireMessage Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a message as a field.</summary>
    public WireMessage Add(int number, WireMessage message) => Add(number, message.Write());

    /// <summary>The message's bytes.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        Span<byte> fixedBytes = stackalloc byte[8];
        foreach (var field in Fields)
        {
            WriteVarint(stream, ((ulong)field.Number << 3) | (uint)field.Type);
            switch (field.Type)
            {
                case 0:
                    WriteVarint(stream, field.Value);
                    break;
                case 2:
                    WriteVarint(stream, (ulong)field.Bytes.Length);
                    stream.Write(field.Bytes.Span);
                    break;
                default:
                    BinaryPrimitives.WriteUInt64LittleEndian(fixedBytes, field.Value);
                    stream.Write(fixedBytes[..(field.Type == 1 ? 8 : 4)]);
                    break;
            }
        }
        return stream.ToArray();
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, ref int at, int length)
    {
        if (length > bytes.Length - at) throw new InvalidDataException("The message ends inside a field.");
        at += length;
        return bytes.Slice(at - length, length);
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length) break;
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("The message ends inside a number.");
    }

    private static void WriteVarint(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7) stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
