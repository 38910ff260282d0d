using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>The words by which the audit's rows say what was done.</summary>
internal static class RetentionSteps
{
    public const string DryRun = "dry-run";
    public const string Approve = "approve";
    public const string ApplyStarted = "apply_started";
    public const string ApplyBatch = "apply_batch";
    public const string ApplyFinished = "apply_finished";
    public const string UndoStarted = "undo_started";
    public const string UndoBatch = "undo_batch";
    public const string UndoFinished = "undo_finished";
    public const string PurgeStarted = "purge_started";
    public const string PurgeBatch = "purge_batch";
    public const string PurgeFinished = "purge_finished";
}

/// <summary>
/// How far a run has come: the rows of its steps. Approved, then applied, then undone or purged; a step that was started
/// and has no end was interrupted, and goes on when it is asked for again.
/// </summary>
internal sealed class RetentionState
{
    private readonly IReadOnlyList<RetentionAuditEvent> _rows;

    private RetentionState(IReadOnlyList<RetentionAuditEvent> rows) => _rows = rows;

    /// <summary>The run's first row.</summary>
    public RetentionAuditEvent DryRun => _rows[0];

    /// <summary>The run's id.</summary>
    public string RunId => DryRun.RunId;

    /// <summary>The rule and the time that it was made with.</summary>
    public RetentionInputs Inputs => RetentionJson.ReadInputs(DryRun.Inputs) ?? throw NotWhole($"at run {RunId} the inputs are none");

    /// <summary>The newest row of a step; null when it was not done.</summary>
    public RetentionAuditEvent? Last(string step) => _rows.LastOrDefault(row => row.Event == step);

    /// <summary>The oldest row of a step that was begun more than once, since it was interrupted; null when it was not done.</summary>
    public RetentionAuditEvent? First(string step) => _rows.FirstOrDefault(row => row.Event == step);

    /// <summary>Whether a step was done.</summary>
    public bool Has(string step) => Last(step) is not null;

    /// <summary>Whether entries were removed and nobody knows yet that their bytes have left the file.</summary>
    public bool PurgeIsOpen => Last(RetentionSteps.PurgeStarted) is { } started && !(Last(RetentionSteps.PurgeFinished)?.Key > started.Key);

    /// <summary>A run's state.</summary>
    /// <exception cref="EngineException">There is no such run.</exception>
    public static RetentionState Find(DatabaseConnection connection, string text)
    {
        var id = EntryId.Parse(text);
        var rows = id is null ? [] : RetentionStore.Of(connection, id);
        return rows is [{ Event: RetentionSteps.DryRun }, ..] ? new RetentionState(rows)
            : throw new EngineException(ErrorCode.EntryNotFound, $"No retention run has the id {id ?? "that was given"}. cairn retention history lists the runs.", new Dictionary<string, object> { ["field"] = "run" });
    }

    /// <summary>A run's state, when nobody has touched the record from its first row on.</summary>
    /// <exception cref="EngineException">There is no such run, or its record is not whole.</exception>
    public static RetentionState Require(DatabaseConnection connection, string text)
    {
        var state = Find(connection, text);
        var chain = RetentionStore.Verify(connection, state.DryRun.Key);
        return chain.Verified ? state : throw NotWhole($"at run {EntryId.Parse(chain.BrokenAt!) ?? "?"} {chain.Reason}");
    }

    private static EngineException NotWhole(string what) => new(ErrorCode.StorageFailure,
        $"The record of the retention runs is not whole: {what}. Nothing was changed, and this run cannot be trusted any more. Look at cairn retention history, and make a new dry run.");
}
