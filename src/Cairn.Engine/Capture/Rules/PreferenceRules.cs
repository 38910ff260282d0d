namespace Cairn.Engine.Capture.Rules;

/// <summary>How the user wants it.</summary>
internal static class PreferenceRules
{
    private const string Type = "preference";

    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new SentenceRule
        {
            Id = "user-prefers",
            Type = Type,
            Evidence = "the user says: I prefer, my preference",
            Confidence = 0.9,
            Speakers = SentenceRule.User,
            Keywords = ["prefer"],
            Pattern = @"^(?:and |but |also |ok, |in general,? |generally,? |personally,? |usually,? )*(?:i|we)(?: really| strongly| generally| usually| always| much)* prefer \S|\bmy preference(?: is)?\b",
            Positives = [new("u: I prefer early returns over nested ifs."), new("u: My preference: one assertion a test.")],
            Negatives = [new("u: Would you prefer early returns?"), new("u: If you prefer, use a loop."), new("u: I prefer that."), new("f: I prefer early returns.")],
        },
        new SentenceRule
        {
            Id = "user-dislikes",
            Type = Type,
            Evidence = "the user says that they do not like, or hate, something",
            Confidence = 0.82,
            Speakers = SentenceRule.User,
            Keywords = ["like", "hate", "dislike", "can't stand"],
            Pattern = @"^(?:and |but |also |please, )*i(?: really| just)* (?:don't like|do not like|hate|dislike|can't stand) \S",
            Unless = @"\b(?:the idea|the look|how this|how it|the way (?:this|it)|where this)\b|\bto (?:ask|bother|say)\b",
            Positives = [new("u: I don't like abbreviations in names."), new("u: I hate commented-out code in commits.")],
            Negatives = [new("u: I don't like it."), new("u: I like it."), new("u: I don't like how this looks, make it blue.")],
        },
        new SentenceRule
        {
            Id = "in-future",
            Type = Type,
            Evidence = "the user says what to do from now on, in future or by default",
            Confidence = 0.86,
            Speakers = SentenceRule.User,
            Keywords = ["from now on", "in future", "in the future", "going forward", "by default", "next time"],
            Pattern = @"^(?:and |but |also |please )*(?:from now on|in (?:the )?future|going forward|next time|by default),? (?:please |always |never |do not |don't |just |only )*(?:[a-z]+)\b|\b(?:please )?(?:use|write|keep|answer|reply|add|put|run|make|name) .+ (?:from now on|in (?:the )?future|by default)[.!]?$",
            Unless = @"\b(?:from now on|in (?:the )?future|going forward|next time|by default),? (?:we|all|every|each|the|this|it|i|is|are|that|there)\b|\bsupport\b",
            Positives = [new("u: From now on keep diffs small."), new("u: In future please run the formatter before you answer."), new("u: Use British spelling by default.")],
            Negatives = [new("u: What happens in the future?"), new("u: From now on we use tabs."), new("u: The flag is off by default.")],
        },
        new SentenceRule
        {
            Id = "how-to-answer",
            Type = Type,
            Evidence = "the user says how the agent is always to answer, explain, comment or write commits",
            Confidence = 0.89,
            Speakers = SentenceRule.User,
            Keywords = ["answer", "reply", "respond", "explain", "commit", "comment", "talk"],
            Pattern = @"^(?:and |but |also |please )*(?:always|never|only|do not|don't)(?: please)? (?:answer|reply|respond|explain|talk|comment|write (?:comments?|commit messages?|commits|answers?))\b",
            Unless = @"\b(?:on|to) (?:the|this|that) (?:issue|ticket|pr|thread|mail|email)\b|^(?:don't|do not) explain\b|\bcommit (?:yet|this|that|anything|it)\b",
            Positives = [new("u: Please always answer in Spanish."), new("u: Never write comments that repeat the code.")],
            Negatives = [new("u: Answer my question."), new("u: Don't comment on the issue.")],
        },
        new SentenceRule
        {
            Id = "user-is-said-to-prefer",
            Type = Type,
            Evidence = "a summary says that the user prefers or likes something, or an item stands under preferences",
            Confidence = 0.86,
            Speakers = [SessionEventKind.CompactionSummary],
            Keywords = ["prefers", "likes", "dislikes"],
            Pattern = @"\b(?:the )?user (?:strongly |generally |explicitly )?(?:prefers|likes|dislikes|does not like) \S",
            Positives = [new("s: The user prefers tables over prose."), new("s: User dislikes emojis in commit messages.")],
            Negatives = [new("s: The user may prefer tables."), new("f: The user prefers tables over prose.")],
        },
        new SentenceRule
        {
            Id = "preference-list",
            Type = Type,
            Evidence = "an item under a heading of preferences in a summary",
            Confidence = 0.86,
            Speakers = [SessionEventKind.CompactionSummary],
            Heading = @"^(?:the )?(?:user'?s? )?(?:coding |style |stated )?preferences$",
            Positives = [new("s: Preferences:\n  - Short answers without lists.\n  ")],
            Negatives = [new("s: Preferences file:\n  - Where it is read at the start.\n  ")],
        },
    ];
}
