using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture;

/// <summary>What speaks against taking a sentence at its word: that it asks, supposes, denies, reports or lists ideas. Pure.</summary>
internal static partial class Doubts
{
    /// <summary>The doubt as a word of <see cref="CaptureReason"/>; null when there is none.</summary>
    public static string? Of(Sentence sentence)
    {
        var probe = sentence.Probe;
        if (sentence.IsQuestion) return CaptureReason.Question;
        if (sentence.Heading is { } heading && Ideas().IsMatch(heading)) return CaptureReason.Suggestion;
        if (Undone().IsMatch(probe)) return CaptureReason.Negated;
        if (sentence.IsPasted || Told().IsMatch(probe)) return CaptureReason.Reported;
        if (Tentative().IsMatch(probe) || Condition().IsMatch(probe)) return CaptureReason.Hypothetical;
        if (OneChange().IsMatch(probe)) return CaptureReason.OneOff;
        if (Pointing().IsMatch(probe)) return CaptureReason.Vague;
        return null;
    }

    /// <summary>Whether it says what could, might or would be.</summary>
    public static bool IsTentative(string probe) => Tentative().IsMatch(probe);

    [GeneratedRegex(@"\b(?:ideas?|options?|suggest\w*|alternatives?|proposals?|proposed|recommend\w*|possib\w*|findings?|nits?|examples?|templates?|what could|could be|questions for|pros|cons)\b")]
    private static partial Regex Ideas();

    [GeneratedRegex(@"\b(?:not|n't|never|nobody|no one|nothing|yet to|before we|until we|whether we|whether to) (?:yet |been |have |has |had |really |finally )*(?:decided?|settled?|agreed?|chosen|choose|chose)\b|n't (?:yet )?(?:decided?|settled?|agreed?|chosen|choose)\b|\bundecided\b|\bno decision\b")]
    private static partial Regex Undone();

    [GeneratedRegex(@"\b(?:authors?|articles?|blog|post|readme|documents?|docs|design|spec|specification|page|ticket|issue|mail|email|file|code|test|reviewers?|they|he|she|comments?|message|log|history|upstream|someone|people|competitors?|which|who) (?:also |just |once |already )?(?:says?|said|writes?|wrote|states?|claims?|claimed|decided|chose|suggest\w*|recommend\w*|prefers? to|describes?|went with)\b|\b(?:according to|quote[sd]?|suggested message|commit message:)")]
    private static partial Regex Told();

    [GeneratedRegex(@"\b(?:could|might|perhaps|maybe|probably|possibly|would|i'd|we'd|suggest\w*|recommend\w*|propos\w+|consider\w*|options?|alternativel?y?|alternatives|suppos\w+|guess|suspect|not sure|unsure|thinking (?:about|of)|lean\w*|if you (?:want|like|prefer|agree)|let me know|tell me|up to you|your call|ideas?|seems?|hopefully|ideally|some ?day|eventually|in theory|imagine|what if)\b|\bmay (?!not\b|only\b|never\b)")]
    private static partial Regex Tentative();

    [GeneratedRegex(@"^(?:if|unless|should|suppose|assuming|in case|provided|when(?:ever)? we (?:have|get)|once we)\b|\bif (?:we|you|i|they) (?:had|have|decided?|go|use|keep|choose|ever|want)\b")]
    private static partial Regex Condition();

    [GeneratedRegex(@"\b(?:in|for|with) this (?:commit|change|pr|pull request|branch|file|turn|patch|diff|step|session|task|test|one)\b|\b(?:this time|just this once|right now|in this case|for today|for the moment)\b|\b(?:go|use|stick|start) with (?:a |the )?(?:quick|first|short|small|brief)\b|\bfirst, (?:and )?then\b|, then tell me\b|\b(?:wait )?until i\b|\b(?:never|always) \w+ now\b|\bbefore you (?:stop|finish|end|go on|continue)\b|\bso (?:please )?(?:change|remove|fix|rename|update|delete) (?:it|them|this|that)\b|\b(?:remove|delete|undo) (?:it|that|them)\b|\bgo ahead\b|\bwhy did you\b|\bthis (?:test )?(?:run|round)\b|\b(?:is|are) (?:rebooting|restarting|deploying|upgrading|migrating|being \w+ed)\b|\b(?:at the moment|currently)\b")]
    private static partial Regex OneChange();

    [GeneratedRegex(@"\b(?:with|to|on|use|keep|drop|adopt|take|prefer|like|against) (?:it|that|this|them|those|these|both|yours?|mine|either|option|(?:the )?(?:option|variant|first|second|third|last|former|latter|other|same)(?: one| option)?)(?:$|[.,;!:]| (?:\d|then|now|as|one|please|for now|instead|too|idea)\b)|\bgo with [ab12](?:$|[.,;!: ])")]
    private static partial Regex Pointing();
}
