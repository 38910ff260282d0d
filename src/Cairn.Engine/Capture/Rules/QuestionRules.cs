namespace Cairn.Engine.Capture.Rules;

/// <summary>What nobody has answered yet.</summary>
internal static class QuestionRules
{
    private const string Type = "question";

    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new SentenceRule
        {
            Id = "open-question-marker",
            Type = Type,
            Evidence = "a sentence that begins with Open question:, Unresolved: or To be decided:, and no answer after it",
            Confidence = 0.9,
            Speakers = SentenceRule.Everybody,
            Keywords = ["open", "unresolved", "to be decided", "tbd", "undecided"],
            Pattern = @"^(?:still )?(?:open questions?|open point|open issue|unresolved|to be decided|tbd|undecided|still open)\s*[:—–-]+\s*\S",
            Asks = true,
            Positives = [new("f: Open question: who renews the certificate?"), new("u: TBD: the retention of audit rows.")],
            Negatives = [new("f: There are no open questions."), new("u: Open question: who renews the certificate?\nf: Answer: the certificate is renewed by the ingress.")],
        },
        new SentenceRule
        {
            Id = "still-to-find-out",
            Type = Type,
            Evidence = "somebody says that it is unclear, or that we still need to decide or find out",
            Confidence = 0.84,
            Speakers = SentenceRule.Everybody,
            Keywords = ["unclear", "need to", "have to", "not clear", "remains"],
            Pattern = @"\b(?:we|i|someone|somebody|legal|the team) (?:still |first )?(?:still )(?:need|needs|have|has) to (?:decide|find out|figure out|clarify|ask|agree|confirm)\b|\b(?:it's|it is|it remains|remains|is)(?: still)? (?:unclear|not clear|an open question)(?: to me)? (?:whether|if|why|which|who|how|what|when)\b",
            Asks = true,
            Positives = [new("u: We still need to find out who owns the domain."), new("f: It is still unclear whether the vendor signs its builds.")],
            Negatives = [new("f: It is clear now why the vendor signs its builds."), new("u: We need to decide faster.")],
        },
        new SentenceRule
        {
            Id = "open-question-list",
            Type = Type,
            Evidence = "an item under a heading of open questions in a summary or a final answer",
            Confidence = 0.86,
            Speakers = SentenceRule.Result,
            Heading = @"^(?:[0-9. ]*)(?:still )?(?:open|unresolved|outstanding)(?: questions?| points| issues| decisions?)?$|^remaining (?:questions?|decisions?)$|^unanswered questions?$|^(?:to be decided|tbd|undecided)$",
            Unless = @"^(?:none|no open|nothing|n/a)\b",
            Asks = true,
            Positives = [new("s: Open questions:\n  - Which region hosts the backups?\n  ")],
            Negatives = [new("s: Open questions:\n  - None.\n  "), new("s: Questions answered:\n  - Which region hosts the backups?\n  ")],
        },
        new AskedLastRule
        {
            Id = "asked-last",
            Type = Type,
            Evidence = "the agent's final answer ends with a question, and nobody has answered",
            Confidence = 0.6,
            Positives = [new("u: Add paging.\nf: Done for users. Should the audit list be paged as well?")],
            Negatives = [new("u: Add paging.\nf: Done for users. Should the audit list be paged as well?\nu: yes"), new("u: Add paging.\nf: Done."), new("u: Add paging.\nf: Users are paged now; shall I do the same for audit?")],
        },
    ];
}
