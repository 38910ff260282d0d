namespace Cairn.Engine.Capture.Rules;

/// <summary>How the project is built, tested or run, where that was found out or told.</summary>
internal static class CommandRules
{
    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new WorkingCommandRule
        {
            Id = "works-after-failing",
            Type = "command",
            Evidence = "a command failed, and another form of it passed with no edit between",
            Confidence = 0.84,
            Positives = [new("u: Test it.\nc 1: npm test\nc 0: npm --prefix web test\nf: All pass.")],
            Negatives =
            [
                new("u: Test it.\nc 1: npm test\ne: a.ts\nc 0: npm --prefix web test\nf: All pass."), new("u: Look.\nc 2: ls srcs\nc 0: ls src\nf: Two files."),
                new("u: Test it.\nc 1: npm test\nc 0: npm test\nf: Flaky."), new("u: Test it.\nc 1: npm test\nc 0: npm install\nf: Installed."),
            ],
        },
        new ToldCommandRule
        {
            Id = "told-command",
            Type = "command",
            Evidence = "the user, or an answer after a successful run, says which command does something",
            Confidence = 0.88,
            Positives = [new("u: To build everything use `make all`."), new("u: How?\nc 0: docker compose up -d\nf: Start it with `docker compose up -d`.")],
            Negatives =
            [
                new("u: Never run `make drop`."), new("f: You could run `make all` to see."), new("u: How?\nc 1: make all\nf: Build it with `make all`."), new("u: What does `make all` do?"),
                new("u: run `make all`"),
            ],
        },
    ];
}
