using Cairn.Engine.Policy;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>A frozen database: reads go on, and every process refuses to write.</summary>
public sealed record FreezeState
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Who froze it: USER@MACHINE.</summary>
    public required string Who { get; init; }

    /// <summary>The file that freezes it.</summary>
    public required string File { get; init; }
}

/// <summary>What a freeze did.</summary>
public sealed record FreezeOutcome
{
    /// <summary>The freeze that holds.</summary>
    public required FreezeState Freeze { get; init; }

    /// <summary>False when it was frozen before: that freeze stays as it is.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Why nobody can say whether a write that began before is still under way; null when none is.</summary>
    public string? Caution { get; init; }
}

/// <summary>What an unfreeze did.</summary>
public sealed record UnfreezeOutcome
{
    /// <summary>The freeze that was lifted; null when there was none.</summary>
    public FreezeState? Lifted { get; init; }

    /// <summary>The interrupted restore that was given up, in words; null when there was none.</summary>
    public string? GivenUp { get; init; }

    /// <summary>When this was.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Stops all processes from writing, and lets them write again. Works with a file beside the database, so also when that cannot be used.</summary>
public sealed class FreezeService
{
    /// <summary>The longest reason, in UTF-16 characters.</summary>
    public const int MaxReason = 300;

    private readonly Database _database;
    private readonly SecretScanner _scanner;
    private readonly TimeProvider _time;

    internal FreezeService(Database database, SecretScanner scanner, TimeProvider time)
    {
        _database = database;
        _scanner = scanner;
        _time = time;
    }

    /// <summary>The freeze that holds; null when there is none.</summary>
    public FreezeState? Current => _database.Freeze.Read() is { } note ? State(note) : null;

    /// <summary>
    /// Freezes the database. Once this returns without a caution, no process writes, nor will one before the freeze is lifted.
    /// </summary>
    /// <param name="reason">One line, which everybody who is refused is told.</param>
    /// <exception cref="EngineException">The reason is empty, too long, or looks like a secret; or the file cannot be written.</exception>
    public FreezeOutcome Freeze(string reason)
    {
        var line = TextRules.Line("reason", reason, MaxReason);
        if (_scanner.Scan(line) is [var finding, ..])
            throw new EngineException(ErrorCode.PolicyBlocked, $"reason: this looks like a secret ({finding.RuleId}). Nothing was frozen: everybody who is refused is told the reason, so give another one.",
                new Dictionary<string, object> { ["field"] = "reason", ["rule"] = finding.RuleId });
        var note = new FreezeNote(line, _time.GetUtcNow(), $"{Environment.UserName}@{Environment.MachineName}");
        var isNew = _database.Freeze.TryWrite(note);
        return new FreezeOutcome { Freeze = isNew ? State(note) : Current ?? State(note), IsNew = isNew, Caution = AwaitWriters() };
    }

    /// <summary>Lifts the freeze, and gives up a restore that was interrupted: whichever database is there then, stays.</summary>
    /// <exception cref="EngineException">A restore is under way, or a file cannot be removed.</exception>
    public UnfreezeOutcome Unfreeze()
    {
        var lifted = Current;
        var givenUp = _database.Restoring.Exists ? RestoreService.GiveUp(_database) : null;
        if (lifted is not null) _database.Freeze.Remove();
        return new UnfreezeOutcome { Lifted = lifted, GivenUp = givenUp, At = _time.GetUtcNow() };
    }

    /// <summary>Lifts the freeze alone: what a restore that was interrupted has left stays to be gone on with.</summary>
    /// <exception cref="EngineException">The file cannot be removed.</exception>
    public void Lift() => _database.Freeze.Remove();

    private string? AwaitWriters()
    {
        if (!_database.Exists) return $"there is no database at {_database.Path} yet";
        try
        {
            _database.AwaitWriters();
            return null;
        }
        catch (EngineException error)
        {
            return error.Message;
        }
    }

    private FreezeState State(FreezeNote note) => new() { Reason = note.Reason, Since = note.Since, Who = note.Who, File = _database.Freeze.Path };
}
