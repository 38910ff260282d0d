namespace Cairn.Engine.Capture.Rules;

/// <summary>What was broken, why, and what mended it.</summary>
internal static class BugfixRules
{
    private const string Type = "bugfix";

    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new BugfixRule
        {
            Id = "failed-edited-passed",
            Type = Type,
            Evidence = "a check failed, files were edited, the same check passes, and the final answer says what was done",
            Confidence = 0.92,
            BySequence = true,
            Positives =
            [
                new("u: Fix the build.\nc 2: make all\ne: src/a.c\nc 0: make all\nf: The header was missing after the rename. I added it to src/a.c."),
                new("u: The date test fails.\nc 1: npm test\ne: src/date.ts\nc 0: npm test\nf: The test failed because months count from zero; I fixed the constructor."),
            ],
            Negatives =
            [
                new("u: Fix the build.\nc 2: make all\ne: src/a.c\nc 2: make all\nf: It is still broken."),
                new("u: Fix the build.\nc 2: make all\nc 0: make all\nf: It was a passing network error; I changed nothing."),
                new("u: Add paging.\ne: src/a.c\nc 0: make all\nf: Added paging."),
            ],
        },
        new BugfixRule
        {
            Id = "cause-and-fix",
            Type = Type,
            Evidence = "files were edited, and the final answer says both the cause and the fix",
            Confidence = 0.85,
            BySequence = false,
            Positives = [new("u: Mails arrive twice.\ne: mail.py\nf: Root cause: the job had two schedules. I removed the second one; the bug is gone.")],
            Negatives =
            [
                new("u: Mails arrive twice.\nf: The bug is caused by two schedules. To fix it you would have to remove one."),
                new("u: Mails arrive twice.\ne: mail.py\nf: It might be caused by two schedules, I could not reproduce it."),
            ],
        },
        new SentenceRule
        {
            Id = "fixed-list",
            Type = Type,
            Evidence = "an item under a heading of fixes in a summary",
            Confidence = 0.85,
            Speakers = [SessionEventKind.CompactionSummary],
            Heading = @"^(?:[0-9. ]*)(?:bugs? |errors? |issues? |problems? )?(?:fixed|fixes|solved|resolved|and fixes)(?: so far)?$|^(?:errors|bugs|problems) and fixes$|^bug ?fixes$",
            Positives = [new("s: Bugs fixed:\n  - Off by one in the pager: the last row was shown twice.\n  ")],
            Negatives = [new("s: Bugs to be fixed:\n  - Off by one in the pager, seen on the last page.\n  ")],
        },
    ];
}
