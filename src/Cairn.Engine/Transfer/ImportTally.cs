using Cairn.Engine.Entries;

namespace Cairn.Engine.Transfer;

/// <summary>The counts and remarks of an import, or of one batch of it: a transaction that has to be run again begins with a new one.</summary>
internal sealed class ImportTally
{
    private const int MaxRemarks = 100;

    private readonly List<ImportRemark> _skipped = [];
    private readonly List<ImportRemark> _notes = [];
    private long _imported;
    private long _duplicates;
    private long _skippedCount;
    private long _redactions;
    private long _noteCount;

    public long Read => _imported + _duplicates + _skippedCount;

    public long Imported => _imported;

    public void Skip(string where, string reason)
    {
        _skippedCount++;
        if (_skipped.Count < MaxRemarks) _skipped.Add(new ImportRemark(where, reason));
    }

    public void Note(string where, string reason)
    {
        _noteCount++;
        if (_notes.Count < MaxRemarks) _notes.Add(new ImportRemark(where, reason));
    }

    public void Duplicate() => _duplicates++;

    public void Import(string where, ImportDraft import)
    {
        _imported++;
        _redactions += import.Redactions.Count;
        foreach (var note in import.Notes) Note(where, note);
    }

    /// <summary>Adds the counts and remarks of a batch.</summary>
    public void Add(ImportTally batch)
    {
        _imported += batch._imported;
        _duplicates += batch._duplicates;
        _skippedCount += batch._skippedCount;
        _redactions += batch._redactions;
        _noteCount += batch._noteCount;
        _skipped.AddRange(batch._skipped.Take(MaxRemarks - _skipped.Count));
        _notes.AddRange(batch._notes.Take(MaxRemarks - _notes.Count));
    }

    public ImportResult Result(string format, bool dryRun) => new()
    {
        Format = format,
        DryRun = dryRun ? true : null,
        Read = Read,
        Imported = _imported,
        Duplicates = _duplicates,
        SkippedCount = _skippedCount,
        Skipped = _skipped.Count > 0 ? _skipped : null,
        Redactions = _redactions,
        NoteCount = _noteCount,
        Notes = _notes.Count > 0 ? _notes : null,
    };
}
