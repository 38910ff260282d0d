using Cairn.Engine.Entries;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>What an export is written to.</summary>
internal interface IExportTarget
{
    /// <summary>Writes the header, a project, a session or a purged id.</summary>
    void Line(byte[] json);

    /// <summary>Writes an entry; the first is number 1.</summary>
    void Entry(EntryRecord entry, long number);

    /// <summary>Writes out what is still held back.</summary>
    void End();
}
