namespace Cairn.Engine.Ingestion;

/// <summary>What is to be ingested. Project and session are the <see cref="CallContext"/>'s.</summary>
public sealed record IngestionRequest
{
    /// <summary>
    /// Files, folders or globs (*, **), relative to the project's root folder; null for
    /// <see cref="IngestionService.DefaultSources"/>.
    /// </summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>The type of the entries, at most 200 characters; document when absent.</summary>
    public string? EntryType { get; init; }
}

/// <summary>What an ingestion did.</summary>
public sealed record IngestionResult
{
    /// <summary>How many files are in memory as they are now.</summary>
    public required int ProcessedSources { get; init; }

    /// <summary>How many sections are new or changed.</summary>
    public required int ImportedEntries { get; init; }

    /// <summary>How many sections say what they said before.</summary>
    public required int DuplicateEntries { get; init; }

    /// <summary>How many entries were archived because their section or file is gone; null when none.</summary>
    public int? ArchivedEntries { get; init; }

    /// <summary>How many spans that look like secrets were replaced; null when none.</summary>
    public int? Redactions { get; init; }

    /// <summary>The sources and files that nothing was taken from; the first <see cref="IngestionService.MaxShown"/>.</summary>
    public required IReadOnlyList<string> SkippedSources { get; init; }

    /// <summary>The same, each with its reason.</summary>
    public required IReadOnlyList<SkippedSource> Skipped { get; init; }

    /// <summary>How many there are; null when all are listed.</summary>
    public int? SkippedTotal { get; init; }
}

/// <summary>A source or file that nothing was taken from.</summary>
/// <param name="Source">Its path below the project's root folder, or the source as it was given.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedSource(string Source, string Reason);

/// <summary>How far an ingestion is.</summary>
/// <param name="Done">Files that are done.</param>
/// <param name="Total">Files that there are.</param>
public sealed record IngestionProgress(int Done, int Total);
