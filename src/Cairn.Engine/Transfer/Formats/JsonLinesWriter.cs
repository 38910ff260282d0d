using System.Buffers;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>Writes an export as lines of JSON.</summary>
internal sealed class JsonLinesWriter(Stream output) : IExportTarget
{
    private const int FlushBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new(FlushBytes);

    public void Line(byte[] json)
    {
        _held.Write(json);
        _held.Write("\n"u8);
        if (_held.WrittenCount >= FlushBytes) WriteOut();
    }

    public void Entry(EntryRecord entry, long number) => Line(CairnFormat.Line(entry));

    public void End()
    {
        WriteOut();
        output.Flush();
    }

    private void WriteOut()
    {
        output.Write(_held.WrittenSpan);
        _held.ResetWrittenCount();
    }
}
