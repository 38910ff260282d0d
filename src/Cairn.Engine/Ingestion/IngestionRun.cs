using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// One run of an ingestion: takes files one after the other, gathers what is to be written, writes it in transactions of
/// about a hundred sections, and counts. A file's event is written together with the last of its sections, so that a run
/// that was interrupted finds what is still to do.
/// </summary>
internal sealed class IngestionRun(Database database, EntryProvenance provenance, WritePolicy policy, PolicyPlace place, string entryType, string runId, CancellationToken cancellation)
{
    private const int BatchSections = 100;
    private const int BatchFiles = 500;

    // A file of 4 MiB can hold a million headings.
    private const int MaxSections = 20_000;

    // What a file's hash stands for beside its bytes, its type and the policy's rules and exceptions: another way to make
    // sections of them reads every file anew.
    private const int FormatVersion = 2;

    private readonly DocumentWriter _writer = new(provenance);
    private readonly List<FileWork> _batch = [];
    private readonly List<SkippedSource> _skipped = [];
    private readonly HashSet<string> _skippedNames = new(StringComparer.Ordinal);
    private readonly string _ruleSet = policy.RuleSet;
    private Dictionary<string, (byte[] Hash, int Count)> _last = new(StringComparer.Ordinal);
    private int _sections;
    private int _files;
    private int _redactions;
    private Tally _total;

    /// <summary>What cleans the names that this run answers.</summary>
    public Redaction Redaction { get; } = policy.Redaction(place);

    /// <summary>The files that were ingested and have active sections.</summary>
    public IReadOnlyCollection<string> KnownFiles() => database.Read(connection =>
    {
        var files = EntryStore.DocumentRefs(connection, provenance.ProjectKey).Select(DocumentNames.PathOf).Distinct(StringComparer.Ordinal);
        return IngestionStore.Last(connection, provenance.ProjectKey, files).Keys;
    });

    /// <summary>Says which files will come.</summary>
    public void Expect(IReadOnlyList<string> files) => _last = database.Read(connection => IngestionStore.Last(connection, provenance.ProjectKey, files));

    /// <summary>Notes a source or file that nothing is taken from.</summary>
    public void Skip(string source, string reason)
    {
        if (!_skippedNames.Add(source)) return;
        _skipped.Add(new SkippedSource(source, reason));
        Enqueue(new FileWork(source) { Finished = new IngestionEvent(source, "skipped", reason, 0, null) });
    }

    /// <summary>Mentions a file that its source does not mean. The journal is not told of it.</summary>
    public void PassOver(string source, string reason)
    {
        if (_skippedNames.Add(source)) _skipped.Add(new SkippedSource(source, reason));
    }

    /// <summary>Takes a file.</summary>
    /// <param name="path">Its path below the root.</param>
    /// <param name="shown">The path as it may be shown: another one when it holds what looks like a secret.</param>
    /// <param name="content">What was read.</param>
    public void Add(string path, string shown, DocumentBytes content)
    {
        if (content.Refusal is { } refusal)
        {
            Skip(shown, refusal);
            return;
        }
        if (shown != path)
        {
            Skip(shown, "its name cannot be stored: it looks like a secret, or is no valid text");
            return;
        }
        var hash = Hash(content.Bytes);
        if (_last.TryGetValue(path, out var last) && last.Hash.AsSpan().SequenceEqual(hash))
        {
            _files++;
            _total += new Tally(0, 0, last.Count, 0);
            Enqueue(new FileWork(path) { Finished = new IngestionEvent(path, "duplicate", null, last.Count, hash) });
            return;
        }
        if (DocumentReader.Text(content.Bytes) is not { } text)
        {
            Skip(path, "is binary, or no UTF-8 text");
            return;
        }
        var redaction = policy.Redaction(place);
        var sections = Section.Of(path, redaction.CleanSent(text, path)).Take(MaxSections + 1).ToList();
        if (sections.Count > MaxSections)
        {
            Skip(path, string.Create(CultureInfo.InvariantCulture, $"has more than {MaxSections} sections"));
            return;
        }
        try
        {
            AddSections(path, hash, content.WrittenAt, [.. sections.Select(section => Draft(path, section, redaction))], redaction.Violations);
        }
        catch (EngineException error) when (error.Code == ErrorCode.InvalidArgument)
        {
            Skip(path, error.Message);
        }
    }

    /// <summary>Takes note that a file is gone.</summary>
    public void AddGone(string path) => Enqueue(new FileWork(path) { Archives = true });

    /// <summary>Writes what is left, and says what was done.</summary>
    public IngestionResult Finish()
    {
        Flush();
        return new IngestionResult
        {
            ProcessedSources = _files,
            ImportedEntries = _total.Imported + _total.Superseded,
            DuplicateEntries = _total.Duplicate,
            ArchivedEntries = _total.Archived > 0 ? _total.Archived : null,
            Redactions = _redactions + Redaction.Count is > 0 and var redactions ? redactions : null,
            SkippedSources = [.. _skipped.Take(IngestionService.MaxShown).Select(static skip => skip.Source)],
            Skipped = [.. _skipped.Take(IngestionService.MaxShown)],
            SkippedTotal = _skipped.Count > IngestionService.MaxShown ? _skipped.Count : null,
        };
    }

    private void AddSections(string path, byte[] hash, DateTimeOffset writtenAt, List<EntryDraft> drafts, IReadOnlyList<PolicyViolation> redactions)
    {
        if (redactions is [var first, ..] && place.Mode == PolicyMode.Block)
        {
            policy.Refuse(redactions, place);
            Skip(path, string.Create(CultureInfo.InvariantCulture, $"looks like it holds a secret ({first.Rule} at line {first.Line}, column {first.Column}), and the policy's mode is block"));
            return;
        }
        _redactions += redactions.Count;
        _files++;
        var places = drafts.Select(static draft => draft.SourceRef!).ToHashSet(StringComparer.Ordinal);
        var tally = new FileTally();
        var parts = drafts.Chunk(BatchSections).DefaultIfEmpty([]).ToList();
        for (var i = 0; i < parts.Count; i++)
            Enqueue(new FileWork(path) { Drafts = parts[i], WrittenAt = writtenAt, Tally = tally, Places = places, ContentHash = hash, Archives = i == parts.Count - 1, Redactions = i == parts.Count - 1 ? redactions : [] });
    }

    private EntryDraft Draft(string path, Section section, Redaction redaction)
    {
        var entry = redaction.Clean(new NewEntry
        {
            Text = section.Text,
            Title = Printable(section.Title), // before the policy: what a control character keeps apart comes together
            Type = entryType,
            SourceRef = DocumentNames.SourceRef(path, section.Anchor),
            Metadata = section.Metadata,
        });
        return EntryDraft.From(entry with { Title = Shorten(entry.Title!) });
    }

    private static string Printable(string title) => string.Concat(title.Where(static c => !char.IsControl(c)));

    // The innermost heading counts most: outer ones go first.
    private static string Shorten(string line)
    {
        if (line.Length <= EntryDraft.MaxTitle) return line;
        var headings = line.Split(" > ");
        for (var outer = 1; outer < headings.Length; outer++)
            if (string.Join(" > ", ["…", .. headings[outer..]]) is { Length: <= EntryDraft.MaxTitle } shorter) return shorter;
        if (headings[^1].Length <= EntryDraft.MaxTitle) return headings[^1];
        return headings[^1][..(EntryDraft.MaxTitle - (char.IsHighSurrogate(headings[^1][EntryDraft.MaxTitle - 2]) ? 2 : 1))] + "…";
    }

    private byte[] Hash(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{FormatVersion}\0{entryType}\0{_ruleSet}\0"));
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }

    private void Enqueue(FileWork work)
    {
        _batch.Add(work);
        _sections += work.Drafts.Length;
        if (_sections >= BatchSections || _batch.Count >= BatchFiles) Flush();
    }

    private void Flush()
    {
        if (_batch.Count == 0) return;
        cancellation.ThrowIfCancellationRequested();
        // Counted anew by every attempt, and taken over when one has been committed.
        var tallies = database.Write(scope =>
        {
            var counted = new Dictionary<FileTally, Tally>();
            foreach (var work in _batch) Write(scope, work, counted);
            return counted;
        });
        foreach (var (file, tally) in tallies)
        {
            _total += tally + new Tally(-file.Sum.Imported, -file.Sum.Superseded, -file.Sum.Duplicate, -file.Sum.Archived);
            file.Sum = tally;
        }
        _batch.Clear();
        _sections = 0;
    }

    private void Write(WriteScope scope, FileWork work, Dictionary<FileTally, Tally> counted)
    {
        if (work.Finished is { } known)
        {
            IngestionStore.Add(scope, runId, provenance.ProjectKey, known);
            return;
        }
        var tally = counted.GetValueOrDefault(work.Tally, work.Tally.Sum);
        foreach (var draft in work.Drafts)
        {
            // A file from the future says nothing about when it was written.
            var outcome = _writer.Put(scope, draft, work.WrittenAt < scope.Now ? work.WrittenAt : scope.Now);
            tally += outcome switch
            {
                DocumentOutcome.Imported => new Tally(1, 0, 0, 0),
                DocumentOutcome.Superseded => new Tally(0, 1, 0, 0),
                _ => new Tally(0, 0, 1, 0),
            };
        }
        if (work.Archives)
        {
            tally += new Tally(0, 0, 0, _writer.ArchiveOthers(scope, DocumentNames.SourceRef(work.Path, null), work.Places));
            IngestionStore.Add(scope, runId, provenance.ProjectKey, Event(work, tally));
            PolicyEventStore.Add(scope.Connection, policy.Events(PolicyEvent.Redacted, work.Redactions, place, null, scope.Now));
        }
        counted[work.Tally] = tally;
    }

    private static IngestionEvent Event(FileWork work, Tally tally)
    {
        var outcome = tally switch
        {
            { Imported: > 0 } => "imported",
            { Superseded: > 0 } => "superseded",
            { Archived: > 0 } => "archived",
            _ => "duplicate",
        };
        return new IngestionEvent(work.Path, outcome, null, work.ContentHash is null ? tally.Archived : work.Places.Count, work.ContentHash);
    }

    private readonly record struct Tally(int Imported, int Superseded, int Duplicate, int Archived)
    {
        public static Tally operator +(Tally a, Tally b) => new(a.Imported + b.Imported, a.Superseded + b.Superseded, a.Duplicate + b.Duplicate, a.Archived + b.Archived);
    }

    // The sections of one file may be spread over several transactions; this is what they have come to so far.
    private sealed class FileTally
    {
        public Tally Sum { get; set; }
    }

    // A file or a part of one, to be written: its sections, and with the last of them what else ends a file.
    private sealed record FileWork(string Path)
    {
        public EntryDraft[] Drafts { get; init; } = [];

        public DateTimeOffset WrittenAt { get; init; }

        public FileTally Tally { get; init; } = new();

        public HashSet<string> Places { get; init; } = [];

        public byte[]? ContentHash { get; init; }

        public bool Archives { get; init; }

        public IReadOnlyList<PolicyViolation> Redactions { get; init; } = [];

        public IngestionEvent? Finished { get; init; }
    }
}
