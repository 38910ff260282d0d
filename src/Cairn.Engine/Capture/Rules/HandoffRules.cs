namespace Cairn.Engine.Capture.Rules;

/// <summary>Where the next session goes on.</summary>
internal static class HandoffRules
{
    private const string Type = "handoff";

    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new SummaryRule
        {
            Id = "compaction-summary",
            Type = Type,
            Evidence = "the client's own summary of a long session",
            Confidence = 0.92,
            Positives = [new("s: We are moving the parser to spans. The lexer is done, the tokens are not; tests of both are in tests/parse. Continue with the tokens.")],
            Negatives = [new("s: Nothing."), new("f: We are moving the parser to spans. The lexer is done, the tokens are not.")],
        },
        new RemainingRule
        {
            Id = "remaining-work",
            Type = Type,
            Evidence = "a final answer that lists what remains or comes next",
            Confidence = 0.84,
            Positives = [new("u: Stop here.\nf: The lexer is done.\n  Remaining:\n  - the tokens\n  - the error messages")],
            Negatives =
            [
                new("u: Stop here.\nf: The lexer is done.\n  Next steps:\n  - You could try it on the big corpus\n  - If you want, I can add tests"), new("u: Stop here.\nf: The lexer is done.\n  Files:\n  - lexer.c"),
                new("u: Stop here.\nf: Remaining: none"),
            ],
        },
    ];
}
