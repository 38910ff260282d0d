namespace Cairn.Engine.Capture.Rules;

/// <summary>What must always, or may never, be so.</summary>
internal static class ConstraintRules
{
    private const string Type = "constraint";

    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new SentenceRule
        {
            Id = "constraint-marker",
            Type = Type,
            Evidence = "a sentence that begins with Constraint:, Rule:, Invariant:, Requirement: or Limitation:",
            Confidence = 0.92,
            Speakers = SentenceRule.Everybody,
            Keywords = ["constraint", "rule", "invariant", "requirement", "limitation", "non-negotiable"],
            Pattern = @"^(?:hard |project |team |house |important )?(?:constraint|rule|invariant|requirement|limitation|non-negotiable)s?\s*[:—–-]+\s*\S",
            Unless = @"\bviolat\w+|\bbut (?:is )?never used\b|\bfrom versions?\b|\b(?:not|already) satisfied\b",
            Positives = [new("u: Constraint: the image stays below 200 MB."), new("f: Invariant: a ledger's rows are never updated.")],
            Negatives = [new("u: What is the constraint here: size or time?"), new("f: The rule of the linter is too strict.")],
        },
        new SentenceRule
        {
            Id = "never-always",
            Type = Type,
            Evidence = "the user says never, or always, to do something",
            Confidence = 0.88,
            Speakers = SentenceRule.User,
            Keywords = ["never", "always", "under no circumstances", "not ever", "don't ever"],
            Pattern = @"^(?:and |but |also |so |please |remember to |remember: |note: |important: |ok, |you should |you must |we |we must |we should |make sure to )*(?:never|always|under no circumstances|do not ever|don't ever) (?:[a-z]+ly )?[a-z]{2,}",
            Unless = @"^(?:we )?(?:never|always) (?:mind|had|got|get|saw|been|was|were|returns?|fails?|works?|worked|the)\b|\b(?:answer|reply|respond|talk) (?:to )?me\b|, (?:can|could) you\b",
            Positives = [new("u: Never log request bodies."), new("u: Please always add a migration test."), new("u: We never force-push shared branches.")],
            Negatives = [new("u: Never mind."), new("u: It never ends."), new("f: Never log request bodies."), new("u: Why always add a test?")],
        },
        new SentenceRule
        {
            Id = "must",
            Type = Type,
            Evidence = "the user says that a thing must, must not or may only be so",
            Confidence = 0.83,
            Speakers = SentenceRule.User,
            Keywords = ["must ", "may only ", "may not ", "may never "],
            Pattern = @"^(?:[a-z0-9`'""/_.,-]+ ){1,9}(?:must|may only|may not|may never) (?:not |never |always |only |also |keep |stay )?[a-z]{2,}",
            Unless = @"\b(?:i|you|it|there|this|that|he|she|they|which|something|someone) (?:must|may)\b|^as an? |\bmust (?:have been|be (?:a|an|the|some|something|wrong|missing|because|due|broken|possible))\b|\bbut (?:it|they|the|is|was|are|gets?|shows?|does|runs?|now)\b|\bmust (?:read|look|see|fix|add|change|first)\b|\b(?:password|passphrase|pin|token|key)\b.*\bmust be \S*[0-9]",
            Positives = [new("u: Tests must not depend on the order they run in."), new("u: Every handler must check the tenant."), new("u: Workers may only read from the replica.")],
            Negatives = [new("u: There must be a bug in the parser."), new("u: You must read the file first."), new("u: It must have been the cache."), new("f: The field must not be empty."), new("u: The total must be 10 but is 12."), new("u: The password must be winter7 for the demo account.")],
        },
        new SentenceRule
        {
            Id = "has-to-stay",
            Type = Type,
            Evidence = "the user says that a thing has to stay, fit, work, run or support",
            Confidence = 0.83,
            Speakers = SentenceRule.User,
            Keywords = ["has to", "have to", "needs to", "need to"],
            Pattern = @"(?:has|have|needs|need) to (?:stay|remain|keep (?:working|running|building)|fit|work (?:on|with|without|in)|run (?:on|without|under|offline)|support|be compatible|build (?:on|with)|compile) \S",
            Unless = @"\b(?:i|you|we) (?:have|need) to\b|\bhave to \w+ yet\b",
            Positives = [new("u: The agent has to run on ARM without a JIT."), new("u: The API needs to stay compatible with version 2 clients.")],
            Negatives = [new("u: I have to run on time."), new("u: Does it have to run on ARM?")],
        },
        new SentenceRule
        {
            Id = "not-allowed",
            Type = Type,
            Evidence = "the user says that a thing is not allowed, forbidden, off limits, or that there is to be none of it, ever",
            Confidence = 0.85,
            Speakers = SentenceRule.User,
            Keywords = ["allowed", "forbidden", "prohibited", "banned", "off limits", "off-limits", "ever", "tolerat"],
            Pattern = @"\b(?:is|are) (?:not |never |strictly )?(?:allowed|forbidden|prohibited|banned|off[ -]limits|tolerated)\b|^no [a-z].*\b(?:are|is) (?:allowed|tolerated)\b|^no [a-z].*,? ever\b",
            Unless = @"\b(?:is|are) allowed\b.*\b(?:now|again|here)\b|^why\b",
            Positives = [new("u: Reflection is forbidden in the engine."), new("u: No new services are allowed without an owner."), new("u: No sleeps in tests, ever.")],
            Negatives = [new("u: Is reflection forbidden?"), new("f: Reflection is forbidden by the analyzer, so the build failed.")],
        },
        new SentenceRule
        {
            Id = "cannot-because",
            Type = Type,
            Evidence = "the user says that we cannot use, change, upgrade or touch a thing, and why",
            Confidence = 0.8,
            Speakers = SentenceRule.User,
            Keywords = ["can't ", "cannot ", "can not "],
            Pattern = @"\bwe (?:can't|cannot|can not) (?:use|upgrade|change|touch|rely on|depend on|move|rename|remove|drop|break|add|require|ship|store|deploy) .+(?: because | since |: |, as )",
            Positives = [new("u: We cannot use GPL code because the firmware is closed."), new("u: We can't rename the column: reports read it.")],
            Negatives = [new("u: Why can't we use GPL code?"), new("u: We can't upgrade.")],
        },
        new SentenceRule
        {
            Id = "keep-in-mind",
            Type = Type,
            Evidence = "the user says to keep a limit in mind: only, at most, never, must, may not",
            Confidence = 0.84,
            Speakers = SentenceRule.User,
            Keywords = ["keep in mind", "remember", "note that", "be aware", "bear in mind"],
            Pattern = @"^(?:please |and |also )?(?:keep in mind|remember|note|be aware|bear in mind)(?: that|,|:)? .*\b(?:only|at most|at least|never|always|must|may not|cannot|can't|no more than|limited to|not supported|rejects?|forbids?)\b",
            Positives = [new("u: Keep in mind that the sandbox only has one core."), new("u: Remember, the proxy rejects bodies above 1 MB.")],
            Negatives = [new("u: Do you remember why it only has one core?"), new("u: Remember to commit.")],
        },
        new SentenceRule
        {
            Id = "constraint-list",
            Type = Type,
            Evidence = "an item under a heading of constraints, rules or requirements in a summary or a final answer",
            Confidence = 0.85,
            Speakers = SentenceRule.Result,
            Heading = @"^(?:[0-9. ]*)(?:key |hard |project |technical |user |important |known )*(?:constraints?|rules|invariants|requirements|non-negotiables|limitations)(?: to keep| so far)?$",
            Positives = [new("s: Constraints:\n  - No network access in tests.\n  "), new("s: ## Hard rules\n  - Public types have comments in English.\n  ")],
            Negatives = [new("s: Linter rules to look at:\n  - The one about unused imports.\n  "), new("u: Constraints:\n  - what are they even?\n  ")],
        },
    ];
}
