namespace Cairn.Engine.Transfer;

/// <summary>What is to be imported.</summary>
public sealed record ImportRequest
{
    /// <summary>The file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>One of <see cref="ImportService.Formats"/>; null to see it from the file.</summary>
    public string? Format { get; init; }

    /// <summary>The project that all entries go to; null to keep their own.</summary>
    public string? Project { get; init; }

    /// <summary>Only say what would be done.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What an import did. <see cref="Read"/> is the sum of imported, duplicates and skipped.</summary>
public sealed record ImportResult
{
    /// <summary>The format that was read.</summary>
    public required string Format { get; init; }

    /// <summary>True when nothing was written.</summary>
    public bool? DryRun { get; init; }

    /// <summary>How many entries were read, with what could not be read.</summary>
    public required long Read { get; init; }

    /// <summary>How many are new.</summary>
    public required long Imported { get; init; }

    /// <summary>How many were there already.</summary>
    public required long Duplicates { get; init; }

    /// <summary>How many did not come in.</summary>
    public required long SkippedCount { get; init; }

    /// <summary>The first hundred of them, each with its reason.</summary>
    public IReadOnlyList<ImportRemark>? Skipped { get; init; }

    /// <summary>How many spans that look like secrets were replaced in what came in.</summary>
    public required long Redactions { get; init; }

    /// <summary>How many remarks there are on what did come in.</summary>
    public required long NoteCount { get; init; }

    /// <summary>The first hundred of them: what was shortened, which link has no other end.</summary>
    public IReadOnlyList<ImportRemark>? Notes { get; init; }
}

/// <summary>A remark on one thing of a source. It holds no text of an entry.</summary>
/// <param name="Where">The line, file or id.</param>
/// <param name="Reason">What is to be said of it.</param>
public sealed record ImportRemark(string Where, string Reason);
