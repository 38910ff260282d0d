namespace Cairn.Engine.Capture.Rules;

/// <summary>What was settled, by the user or together.</summary>
internal static class DecisionRules
{
    private const string Type = "decision";

    // "we", "you", "the team": whoever works here. What others decided elsewhere is a doubt.
    private const string Deciders = @"(?:we|i|you|us|the team|team)(?:'ve| have| had|'re| are)?(?: both| all| now| then| just| finally| also)?";

    public static IReadOnlyList<CaptureRule> All { get; } =
    [
        new SentenceRule
        {
            Id = "decision-marker",
            Type = Type,
            Evidence = "a sentence that begins with Decision:, Decided:, Settled:, Agreed: or ADR and a number",
            Confidence = 0.93,
            Speakers = SentenceRule.Everybody,
            Keywords = ["deci", "settled", "agreed", "resolution", "adr"],
            Pattern = @"^(?:(?:final |key |design )?decision|decided|settled|agreed|resolution|adr[ -]?[0-9]+)\s*[:—–-]+\s*\S",
            Positives = [new("f: Decision: we keep one file per tenant."), new("u: Settled: exports are CSV with a header row."), new("f: ADR 12: commands are idempotent, as retries are normal.")],
            Negatives = [new("f: The decision is yours."), new("f: ```\n  Decision: we keep one file per tenant.\n  ```"), new("f: Decision: should we keep one file?")],
        },
        new SentenceRule
        {
            Id = "we-decided",
            Type = Type,
            Evidence = "we, I, you or the team decided, agreed, chose or opted",
            Confidence = 0.9,
            Speakers = SentenceRule.Everybody,
            Keywords = ["decided", "agreed", "opted", "settled on", "chose"],
            Pattern = $@"\b{Deciders} (?:decided|agreed|opted|settled|chose|chosen) (?:to|on|for|against|that|not to)\b",
            Positives = [new("u: We decided to keep the old parser until the summer."), new("f: You decided against plugins."), new("u: The team agreed on trunk-based development.")],
            Negatives =
            [
                new("f: We have not decided on a parser."), new("u: Have we decided on a parser?"), new("f: They decided to drop the parser."), new("f: If we decided to drop it, two tests would go."),
                new("f: The file says \"we decided to drop the parser\"."),
            ],
        },
        new SentenceRule
        {
            Id = "chosen-with-reason",
            Type = Type,
            Evidence = "the agent sums up that it or we chose, kept or picked something over, because or instead of",
            Confidence = 0.84,
            Speakers = SentenceRule.Everybody,
            Keywords = ["chose", "picked", "went with", "opted", "selected"],
            Pattern = @"\b(?:i|we) (?:chose|picked|went with|opted for|selected|settled on) .+(?: because | over | since | instead of | rather than | so that |: )",
            Positives = [new("f: I chose a bitmap over a hash set because the keys are dense."), new("f: We went with two tables instead of one wide one.")],
            Negatives = [new("f: I chose a file to start with."), new("f: I would have picked a bitmap over a hash set.")],
        },
        new SentenceRule
        {
            Id = "user-goes-with",
            Type = Type,
            Evidence = "the user says that we go with, stick with, switch to or move to something",
            Confidence = 0.86,
            Speakers = SentenceRule.User,
            Keywords = [" go", "stick", "stay", "switch", "mov", "standardi", "settl", "drop", "adopt", "replaced"],
            Pattern = @"(?:\b(?:let's|let us|we'll|we will|we're|we are|we|i'll)(?: all| now| just)? (?:go with|going with|went with|stick with|sticking with|stay with|staying with|switch to|switching to|switched to|switched from|switched .+ to|move to|moving to|moved to|moved from|moved .+ to|standardi[sz]ed? on|standardi[sz]ing on|settle on|adopt|adopted)|^(?:ok |okay |ok, |yes, )?(?:go|stick) with) \S",
            Unless = @"\bwe (?:go|move|switch) to the\b|\bmoved? to (?:a|the|another|src|lib|pkg) ?(?:folder|file|directory|line|next|branch)",
            Positives = [new("u: Let's go with the ring buffer for telemetry."), new("u: We're sticking with REST for the public API."), new("u: ok, we switched to pnpm last month")],
            Negatives = [new("u: Let's go with that."), new("u: Should we switch to pnpm?"), new("u: Go with option 2."), new("u: We'll probably switch to pnpm.")],
        },
        new SentenceRule
        {
            Id = "use-instead-of",
            Type = Type,
            Evidence = "the user says that we use or keep one thing instead of another",
            Confidence = 0.8,
            Speakers = SentenceRule.User,
            Keywords = ["instead of", "rather than"],
            Pattern = @"\b(?:let's|let us|we|we'll|we will) (?:now |always |only )?(?:use|keep|store|take|write|ship|deploy|run|build|replace) .+(?: instead of | rather than )",
            Positives = [new("u: Let's use records instead of tuples across the engine."), new("u: We store cents rather than floats.")],
            Negatives = [new("u: Why do we use records instead of tuples?"), new("u: Maybe we use records instead of tuples.")],
        },
        new SentenceRule
        {
            Id = "we-will",
            Type = Type,
            Evidence = "we will, or will not, use, keep, store or support something; with its reason it is sure",
            Confidence = 0.76,
            Speakers = SentenceRule.Everybody,
            Keywords = ["we will ", "we'll ", "we won't ", "we will not "],
            Pattern = @"\bwe(?: will|'ll| won't| will not)(?: only| no longer| not| keep)? (?:use|using|keep|store|support|supporting|ship|publish|deploy|host|build|model|represent|drop|replace|version) \S",
            Positives = [new("f: We will store money as cents, because floats lose some."), new("u: We won't support Windows 8: nobody uses it.")],
            Negatives = [new("f: If the load grows we will use a queue, because one process is not enough."), new("f: We will use it then."), new("a: We will use sed, because it is quick.")],
        },
        new SentenceRule
        {
            Id = "from-now-on-we",
            Type = Type,
            Evidence = "from now on, or going forward, we do something",
            Confidence = 0.88,
            Speakers = SentenceRule.Everybody,
            Keywords = ["from now on", "going forward", "henceforth", "from here on"],
            Pattern = @"\b(?:from now on|going forward|henceforth|from here on),? (?:we|all|every|each|the) \S",
            Unless = @"\b(?:fails?|failed|breaks?|broke|crash\w*|throws?)\b",
            Positives = [new("u: From now on we tag releases with a leading v."), new("f: Going forward, all ids are ULIDs.")],
            Negatives = [new("u: What do we do from now on?"), new("u: From now on answer in French."), new("u: From now on the build fails with exit 1.")],
        },
        new SentenceRule
        {
            Id = "we-dropped",
            Type = Type,
            Evidence = "the user tells what we dropped, replaced or introduced, and since when or why",
            Confidence = 0.82,
            Speakers = SentenceRule.User,
            Keywords = ["dropped", "removed", "deprecated", "replaced", "introduced", "retired"],
            Pattern = @"\bwe (?:have |just |already )*(?:dropped|deprecated|retired|replaced|introduced|removed) (?:support )?.+(?: as of | since | because | in favou?r of | with | by | last )",
            Positives = [new("u: We dropped IE support as of version 9."), new("u: We replaced Moment by the platform's Intl because of its size.")],
            Negatives = [new("u: Have we dropped IE support since version 9?"), new("u: We removed the file.")],
        },
        new SentenceRule
        {
            Id = "decision-list",
            Type = Type,
            Evidence = "an item under a heading of decisions in a summary or a final answer",
            Confidence = 0.88,
            Speakers = SentenceRule.Result,
            Heading = @"^(?:[0-9. ]*)(?:key |design |technical |architectural |important |main )*(?:decisions?|choices)(?: made| taken| so far)?$|^what we decided$",
            Positives = [new("s: Decisions:\n  - Ids are ULIDs, made by the client.\n  "), new("f: ## Key decisions\n  - The queue lives in the same database.\n  ")],
            Negatives = [new("s: Open decisions:\n  - Ids: ULIDs or UUIDs\n  "), new("s: Files:\n  - Ids.cs holds ids made by the client\n  ")],
        },
    ];
}
