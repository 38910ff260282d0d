namespace Cairn.Engine.Capture;

/// <summary>What became of one call of capture.</summary>
public sealed record CaptureResult
{
    /// <summary>The mode that held.</summary>
    public required CaptureMode Mode { get; init; }

    /// <summary>The project's name; null where nothing was looked at.</summary>
    public string? Project { get; init; }

    /// <summary>How many turns were looked at.</summary>
    public int Windows { get; init; }

    /// <summary>How many entries were saved.</summary>
    public int Saved { get; init; }

    /// <summary>How many candidates were not sure enough, doubted or refused.</summary>
    public int Skipped { get; init; }

    /// <summary>How many candidates are remembered already, or were judged by an earlier call.</summary>
    public int Duplicates { get; init; }

    /// <summary>The entries that were saved.</summary>
    public IReadOnlyList<string> SavedIds { get; init; } = [];

    internal CaptureResult With(string outcome, string? id) => outcome switch
    {
        CaptureVerdict.Save => this with { Saved = Saved + 1, SavedIds = [.. SavedIds, id!] },
        CaptureVerdict.Duplicate => this with { Duplicates = Duplicates + 1 },
        _ => this with { Skipped = Skipped + 1 },
    };
}

/// <summary>What capture would do with the events of a file. Nothing of it is stored.</summary>
public sealed record CaptureSimulation
{
    /// <summary>The mode that held.</summary>
    public required CaptureMode Mode { get; init; }

    /// <summary>How many events were read.</summary>
    public required int Events { get; init; }

    /// <summary>How many turns they are.</summary>
    public required int Windows { get; init; }

    /// <summary>The candidates, in order.</summary>
    public required IReadOnlyList<CaptureDecision> Decisions { get; init; }
}

/// <summary>One candidate, and what becomes of it. Secrets are cut out of its text.</summary>
public sealed record CaptureDecision
{
    /// <summary>saved, duplicate or skipped.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The rule that found it.</summary>
    public required string Rule { get; init; }

    /// <summary>The type of the entry.</summary>
    public required string EntryType { get; init; }

    /// <summary>How sure it is, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The title that the entry gets.</summary>
    public required string Title { get; init; }

    /// <summary>The text that the entry gets.</summary>
    public required string Text { get; init; }

    /// <summary>The events that it rests on.</summary>
    public required IReadOnlyList<string> EventIds { get; init; }

    /// <summary>The entry that says the same already.</summary>
    public string? EntryId { get; init; }
}

/// <summary>A row of the capture audit: what was decided of a candidate, and why. Never its text.</summary>
public sealed record CaptureEvent
{
    /// <summary>saved, duplicate, skipped, undone or reinstated.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why, in a word.</summary>
    public required string Reason { get; init; }

    /// <summary>The rule that found it; "-" of an undo.</summary>
    public required string Rule { get; init; }

    /// <summary>The type of the entry; "-" of an undo.</summary>
    public required string EntryType { get; init; }

    /// <summary>How sure it was, 0 to 1.</summary>
    public double? Confidence { get; init; }

    /// <summary>The client.</summary>
    public required string Client { get; init; }

    /// <summary>The client's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The project; null as well when its name looks like a secret.</summary>
    public string? Project { get; init; }

    /// <summary>The events that it rests on.</summary>
    public IReadOnlyList<string> EventIds { get; init; } = [];

    /// <summary>The entry that was saved, or says the same already.</summary>
    public string? EntryId { get; init; }

    /// <summary>When the last of its events happened.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }
}

/// <summary>Rows of the capture audit, newest first.</summary>
public sealed record CaptureAudit(IReadOnlyList<CaptureEvent> Events);

/// <summary>What an undo, or its taking back, did.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Changed">The entries that were archived, or brought back.</param>
/// <param name="Kept">Entries of the session that are pinned or were revised since, and stay as they are.</param>
public sealed record CaptureUndone(string SessionId, IReadOnlyList<string> Changed, IReadOnlyList<string> Kept);

/// <summary>Counts of the capture audit.</summary>
public sealed record CaptureStatistics
{
    /// <summary>The mode that holds for the project of this folder.</summary>
    public required CaptureMode Mode { get; init; }

    /// <summary>The oldest row that is counted; null when there is none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many sessions there were candidates in.</summary>
    public required int Sessions { get; init; }

    /// <summary>What became of the candidates of each type and rule.</summary>
    public required IReadOnlyList<CaptureRuleCount> Rules { get; init; }

    /// <summary>Why candidates were skipped, most frequent first.</summary>
    public required IReadOnlyList<CaptureReasonCount> Reasons { get; init; }
}

/// <summary>What became of a rule's candidates.</summary>
public sealed record CaptureRuleCount(string EntryType, string Rule, int Saved, int Duplicates, int Skipped, int Undone);

/// <summary>How often a reason was given for a skip.</summary>
public sealed record CaptureReasonCount(string Reason, int Count);
