using Cairn.Benchmarks.Policy;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>What the evaluation is asked for. Without a data folder, the coding set alone.</summary>
internal sealed record EvaluationOptions(string Binary, string? DataFolder, Split Split, bool ByKind, bool ShowMisses, DateOnly Today);

/// <summary>
/// How well what is asked for is found: by the real server over the wire, beside the peer's query over the same texts.
/// They take turns question by question, so that whatever else the machine does falls on both.
/// </summary>
internal sealed class EvaluationBenchmark(EvaluationOptions options, TextWriter progress)
{
    public const string Peer = "peer's query";
    private const int Limit = 20, Deep = 100;
    private const int WarmUp = 20;

    private readonly List<Outcome> _outcomes = [];
    private readonly List<Miss> _misses = [];
    private readonly List<string> _notes = [];

    public EvaluationReport Run()
    {
        Measure(CodingSet.Read(Path.Combine(AppContext.BaseDirectory, "Evaluation", "Data"), options.Today));
        if (options.DataFolder is { } folder)
            foreach (var set in PublicSets.In(folder)) Measure(set);
        else _notes.Add("LoCoMo and CoSQA: not there. --data names a folder with locomo-dev.json and sets.json.");

        _notes.Add("In %: recall, hits, MRR (over 20 hits) and nDCG. outdated first: replaced entries before their replacements; other projects: their hits; Cairn's must be 0.");
        _notes.Add($"The peer's query: every word quoted, joined with OR, unicode61, bm25, in process. Cairn: `{Path.GetFileName(options.Binary)} mcp` over its pipes. One search a question, in turns: compare ratios, not milliseconds.");
        var rows = _outcomes.GroupBy(static one => one.Question.Set).SelectMany(set => EvaluationRow.Of(set.Key, [.. set]).Concat(options.ByKind
            ? set.GroupBy(static one => one.Question.Kind).OrderBy(static kind => kind.Key, StringComparer.Ordinal).SelectMany(kind => EvaluationRow.Of($"{set.Key}: {kind.Key}", [.. kind]))
            : []));
        return new EvaluationReport([.. _notes], [.. rows], _misses);
    }

    private void Measure(EvaluationSet set)
    {
        using var memory = new CairnMemory(options.Binary);
        using var server = memory.Serve(RankingMode.Lexical);
        using var peer = new PeerQuery(memory.Beside("peer.db"));
        var without = memory.WithoutEmbeddings();
        if (_notes.Count == 0 && without is not null) _notes.Add($"hybrid: not there; {without}.");
        var documents = new Dictionary<string, Document>();
        foreach (var portion in set.Portions)
        {
            progress.WriteLine($"{set.Name}: saving {portion.Documents.Count} entries …");
            memory.Add(server, portion.Documents);
            peer.Add(portion.Documents);
            foreach (var document in portion.Documents) documents.Add(document.Name, document);

            var questions = portion.Questions.Where(Wanted).ToArray();
            progress.WriteLine($"{set.Name}: asking {questions.Length} questions …");
            if (questions.Length == 0) continue;
            var hybrid = without is null ? memory.ServeEmbedded(questions[0]) : null;
            List<(RankingMode, McpProcess)> servers = hybrid is null ? [(RankingMode.Lexical, server)] : [(RankingMode.Lexical, server), (RankingMode.Hybrid, hybrid)];
            using (hybrid)
            {
                foreach (var question in questions.Take(WarmUp))
                {
                    peer.Search(question, Limit);
                    foreach (var (_, one) in servers) memory.Search(one, question, Limit);
                }
                foreach (var question in questions) Ask(question, peer, documents, memory, servers);
            }
        }
        if (memory.NotSaved > 0) _notes.Add($"{set.Name}: {memory.NotSaved} entries were refused, or were there already.");
    }

    // The public sets are not split.
    private bool Wanted(Question question) =>
        options.Split == Split.All || (question.Set != CodingSet.Tune && question.Set != CodingSet.Holdout) || question.HeldOut == (options.Split == Split.Holdout);

    private void Ask(Question question, PeerQuery peer, Dictionary<string, Document> documents, CairnMemory memory, IReadOnlyList<(RankingMode, McpProcess)> servers)
    {
        var (names, peerMilliseconds) = peer.Search(question, Limit);
        Add(question, Peer, [.. names.Select(name => documents[name])], peerMilliseconds);
        foreach (var (mode, server) in servers)
        {
            var (found, milliseconds) = memory.Search(server, question, Limit);
            var metrics = Add(question, mode.Name, found, milliseconds);
            if (options.ShowMisses && metrics.Recall10 < 1) _misses.Add(MissOf(question, mode, memory.Search(server, question, Deep).Found));
        }
    }

    private RankingMetrics Add(Question question, string mode, IReadOnlyList<Document> found, double milliseconds)
    {
        string[] ranked = [.. found.Select(static document => document.Answer)];
        var metrics = RankingMetrics.Of(ranked, question.Answers);
        _outcomes.Add(new Outcome(
            question, mode, metrics, RankingMetrics.OutdatedFirst(ranked, question.Outdated, question.Answers), found.Count(document => document.Project != question.Project), milliseconds));
        return metrics;
    }

    private static Miss MissOf(Question question, RankingMode mode, IReadOnlyList<Document> found)
    {
        string[] ranked = [.. found.Select(static document => document.Answer)];
        return new Miss(question, mode.Name, [.. question.Answers.Select(answer => (answer, RankingMetrics.Place(ranked, new HashSet<string> { answer })))], found.Count > 0 ? $"{found[0].Name}: {found[0].Title}" : null);
    }
}
