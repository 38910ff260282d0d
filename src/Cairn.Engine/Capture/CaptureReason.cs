namespace Cairn.Engine.Capture;

/// <summary>Why a candidate was saved or not, as the audit says it.</summary>
internal static class CaptureReason
{
    /// <summary>Saved: its rule and its evidence make it sure enough for the mode.</summary>
    public const string Evidence = "evidence";

    /// <summary>It asks.</summary>
    public const string Question = "question";

    /// <summary>It says what could, might or would be.</summary>
    public const string Hypothetical = "hypothetical";

    /// <summary>It says that something is not so.</summary>
    public const string Negated = "negated";

    /// <summary>It tells what somebody else said, or wrote elsewhere.</summary>
    public const string Reported = "reported";

    /// <summary>It stands among ideas, options or findings.</summary>
    public const string Suggestion = "suggestion";

    /// <summary>It holds for one change alone.</summary>
    public const string OneOff = "one_off";

    /// <summary>It points at something that stands elsewhere ("that one").</summary>
    public const string Vague = "vague";

    /// <summary>It is a question that was answered.</summary>
    public const string Answered = "answered";

    /// <summary>It is less sure than the mode asks for.</summary>
    public const string LowConfidence = "low_confidence";

    /// <summary>The same is remembered already.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Nearly the same is remembered already.</summary>
    public const string NearDuplicate = "near_duplicate";

    /// <summary>It holds what looks like a secret, and the project refuses such texts.</summary>
    public const string Policy = "policy";

    /// <summary>The turn has said too many things of its type already.</summary>
    public const string TooMany = "too_many";

    /// <summary>The turn edits a path that is denied.</summary>
    public const string PathDenied = "path_denied";

    /// <summary>The turn edits files, and none of them is allowed.</summary>
    public const string PathNotAllowed = "path_not_allowed";
}
