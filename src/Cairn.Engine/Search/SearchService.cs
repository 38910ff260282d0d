using System.Diagnostics;
using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Search.RankedIndex;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Search;

/// <summary>What is searched. The project is the <see cref="CallContext"/>'s; "*" means all.</summary>
public sealed record SearchQuery
{
    /// <summary>How many hits an answer has unless told otherwise.</summary>
    public const int DefaultLimit = 20;

    /// <summary>Any text; at most 4,000 characters.</summary>
    public required string Query { get; init; }

    /// <summary>Only entries of this type.</summary>
    public string? Type { get; init; }

    /// <summary>How many hits, 1 to 100.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>How many hits to pass over.</summary>
    public int Offset { get; init; }

    /// <summary>Only entries that happened at or after this time.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Only entries that happened before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only entries of this session.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only entries about this file, or about files under this folder.</summary>
    public string? Path { get; init; }

    /// <summary>Superseded entries as well.</summary>
    public bool IncludeSuperseded { get; init; }

    /// <summary>How long the answer may wait for the sentence model to be loaded; without it the answer goes by words alone.</summary>
    public TimeSpan ModelPatience { get; init; }

    /// <summary>By words alone, so that the answer does not depend on what a model has embedded by now.</summary>
    internal bool WordsOnly { get; init; }
}

/// <summary>The hits of a search, best first.</summary>
public sealed record SearchResult
{
    /// <summary>The hits.</summary>
    public required IReadOnlyList<IndexItem> Items { get; init; }

    /// <summary>How many entries match by their words, or are among the 300 nearest in meaning; at least so many when <see cref="TotalIsEstimate"/>.</summary>
    public required int Total { get; init; }

    /// <summary>True when more match than were looked at; left out otherwise.</summary>
    public bool? TotalIsEstimate { get; init; }

    /// <summary>The limit that held.</summary>
    public required int Limit { get; init; }

    /// <summary>The offset that held.</summary>
    public required int Offset { get; init; }

    /// <summary>How much could be found by its meaning; left out when that is everything, or when there is no search by meaning.</summary>
    public SemanticCoverage? Semantic { get; init; }

    /// <summary>True when the full-text index was missing or damaged, and was made anew for this search; left out otherwise.</summary>
    public bool? IndexRebuilt { get; init; }
}

/// <summary>Finds entries by their words and their meaning.</summary>
public sealed class SearchService
{
    /// <summary>The greatest number of hits in one answer.</summary>
    public const int MaxLimit = 100;

    /// <summary>The greatest number of hits that an answer passes over.</summary>
    public const int MaxOffset = 10_000;

    private const int Depth = 300;

    // What is near in meaning is weighed with its words, also where these alone would rank it low.
    private const int DepthWithMeaning = 1_000;

    // With fewer candidates than this, the parts of names are asked for as well. The same for every page of a search.
    private const int Enough = 20;

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly RecallPolicy _recall;
    private readonly EmbeddingService _embeddings;
    private readonly TermWeights _weights;
    private readonly RankedReader? _ranked;
    private readonly TimeProvider _time;

    internal SearchService(Database database, ProjectResolver projects, RecallPolicy recall, EmbeddingService embeddings, TimeProvider time, RankedReader? ranked = null)
    {
        _ranked = ranked;
        _weights = new TermWeights(ranked);
        _database = database;
        _projects = projects;
        _recall = recall;
        _embeddings = embeddings;
        _time = time;
    }

    /// <summary>The entries that match, best first.</summary>
    /// <exception cref="EngineException">The query is empty or a field breaks a rule.</exception>
    public SearchResult Search(SearchQuery query, CallContext context)
    {
        Require(query);
        var parsed = FullTextQuery.Parse(query.Query);
        query = query with { Path = query.Path is { } path ? Relative(path, context) : null };
        var identity = context.Project is "*" ? null : _projects.Identify(context);
        var meaning = query.WordsOnly || parsed.IsNames ? null : _embeddings.Ask(query.Query, query.ModelPatience);
        try
        {
            return _database.Read(connection => Search(connection, query, parsed, meaning, identity)) ?? Again();
        }
        catch (EngineException error) when (error.InnerException is { } cause && FullTextSchema.CanFailSearch(cause))
        {
            return Again();
        }

        // The index is missing, damaged or was detached by a save: made anew, once. Of several processes at once one does, and
        // the others find it whole when they get the lock.
        SearchResult Again()
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                var result = _database.Write(scope =>
                {
                    if (Attempt(() => Search(scope.Connection, query, parsed, meaning, identity)) is { } found) return found;
                    FullTextSchema.Rebuild(scope.Connection);
                    return Search(scope.Connection, query, parsed, meaning, identity)! with { IndexRebuilt = true };
                });
                if (result.IndexRebuilt is true) _database.Log(new LogEvent { Event = "index.rebuilt", Status = "ok", Milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 1) });
                return result;
            }
            catch (EngineException error) when (StorageErrors.IsUnwritable(error))
            {
                throw new EngineException(error.Code, $"The full-text index is missing or damaged, and cannot be made anew now. {error.Message}", error.Details, error);
            }
            catch (EngineException error) when (error.InnerException is { } cause && FullTextSchema.CanFailSearch(cause))
            {
                _database.Log(new LogEvent { Event = "index.rebuilt", Status = "error", Code = error.Code.Word() });
                throw new EngineException(error.Code, $"The full-text index could not be made anew by itself; saves go on without it. Run cairn integrity check, and then what it says. {error.Message}", error.Details, error);
            }
        }
    }

    /// <summary>The entry around which a timeline is to be: the one that is named, or the best hit of a query.</summary>
    /// <exception cref="EngineException">Both are given or none, or nothing is found.</exception>
    public string Anchor(string? anchorId, string? query, CallContext context, TimeSpan modelPatience = default)
    {
        if ((anchorId is null) == (query is null)) throw EngineException.Invalid("anchor_id", "give either anchor_id or query, and not both");
        if (anchorId is not null) return anchorId;
        return Search(new SearchQuery { Query = query!, Limit = 1, ModelPatience = modelPatience }, context).Items is [var best, ..] ? best.Id
            : throw new EngineException(ErrorCode.EntryNotFound, "No entry of this project has the words of the query. Try others, or search in all projects with project *.");
    }

    /// <summary>Of words, those that a search in a hurry looks for: see <see cref="FullTextIndex.Rarest"/>. Each with no count, and all, where there is no index just now.</summary>
    internal IReadOnlyList<(string Word, long Count)> Rarest(IReadOnlyList<string> words, int most)
    {
        try
        {
            if (_database.Read(connection => FullTextSchema.IsAttached(connection) ? FullTextIndex.Rarest(connection, words, most) : null) is { } rarest) return rarest;
        }
        catch (EngineException error) when (error.InnerException is { } cause && FullTextSchema.CanFailSearch(cause))
        {
            // The search itself mends it.
        }
        return [.. words.Select(static word => (word, 0L))];
    }

    private static SearchResult? Attempt(Func<SearchResult?> search)
    {
        try
        {
            return search();
        }
        catch (SqliteException error) when (FullTextSchema.CanFailSearch(error))
        {
            return null;
        }
    }

    private SearchResult? Search(DatabaseConnection connection, SearchQuery query, FullTextQuery parsed, EmbeddingService.Meaning? meaning, ProjectIdentity? identity)
    {
        if (!FullTextSchema.IsAttached(connection)) return null;
        var project = identity is null ? null : ProjectStore.Find(connection, identity);
        if (parsed.Match is null || (identity is not null && project is null))
            return new SearchResult { Items = [], Total = 0, Limit = query.Limit, Offset = query.Offset };

        var depth = Math.Max(meaning is null ? Depth : DepthWithMeaning, query.Offset + query.Limit);
        var filter = Filter(query, project);
        var (match, found) = (parsed.Match, FullTextIndex.Best(connection, parsed.Match, filter, depth, _ranked));
        if (found.Count < Enough && parsed.Wide != parsed.Match) (match, found) = (parsed.Wide!, FullTextIndex.Best(connection, parsed.Wide!, filter, depth, _ranked));
        SemanticCoverage? coverage = null;
        var near = meaning?.Compare(connection, filter, out coverage);
        var ranked = Rank(connection, found, near, near is null ? 0 : _weights.Sum(connection, match), filter, TimeHint.Parse(query.Query, _time.GetUtcNow()));
        var page = ranked.Skip(query.Offset).Take(query.Limit).ToList();
        var shown = FullTextIndex.Show(connection, page.Select(hit => hit.Key));
        var ruleSet = _recall.Current(connection);
        return new SearchResult
        {
            Items = Once(page.Select(hit => Show(shown[hit.Key], ruleSet, hit.Score, parsed.Words, () => near?.Passage(connection, hit.Key)))),
            Total = ranked.Count,
            TotalIsEstimate = found.Count == depth ? true : null,
            Limit = query.Limit,
            Offset = query.Offset,
            Semantic = coverage,
        };
    }

    // The best get their order with all that stands around them. What is found beyond follows as the index has it, so that
    // the pages of one search fit together however deep they go.
    private static List<(long Key, double Score)> Rank(DatabaseConnection connection, List<Candidate> found, NearEntries? near, double summedIdf, SearchFilter filter, TimeHint? time)
    {
        var best = found.Count > Depth ? found.GetRange(0, Depth) : found;
        if (near is not null) best = near.Join(best, found, summedIdf);
        var candidates = Context.Of(connection, best, filter);
        var replaced = filter.IncludeSuperseded ? ContextIndex.Replaced(connection, candidates.Select(static candidate => candidate.Key)) : [];
        var successors = replaced.Select(static pair => pair.Newer).Except(candidates.Select(static candidate => candidate.Key)).ToList();
        if (successors.Count > 0) candidates.AddRange(FullTextIndex.Passing(connection, successors, filter).Select(static successor => successor with { Group = 0 }));
        if (time is { } hint) candidates = candidates.ConvertAll(candidate => candidate with { IsTimely = hint.Holds(candidate.OccurredAt) });
        var ranked = RankFusion.Rank(candidates, summedIdf, near?.Cosines(candidates), replaced, near?.Distribution, near?.Covered ?? 1);
        if (found.Count <= Depth) return ranked;
        var first = ranked.Select(static hit => hit.Key).ToHashSet();
        ranked.AddRange(found.Skip(Depth).Where(candidate => !first.Contains(candidate.Key)).Select(static candidate => (candidate.Key, RankFusion.FourDigits(candidate.FullText))));
        if (filter.IncludeSuperseded) RankFusion.PutBelow(ranked, static hit => hit.Key, ContextIndex.Replaced(connection, ranked.Select(static hit => hit.Key)));
        return ranked;
    }

    // Of a page's hits of one project and type that say the same, the first stands for all. What was replaced was asked for, and is shown.
    private static List<IndexItem> Once(IEnumerable<(IndexItem Item, string Body)> hits)
    {
        var (items, kept) = (new List<IndexItem>(), new Dictionary<(string, string), (NearDuplicates Texts, List<int> Places)>());
        foreach (var (item, body) in hits)
        {
            if (item.State is null)
            {
                if (!kept.TryGetValue((item.Project, item.EntryType), out var alike)) kept.Add((item.Project, item.EntryType), alike = (new NearDuplicates(), []));
                if (alike.Texts.Find(body) is >= 0 and var same)
                {
                    var place = alike.Places[same];
                    items[place] = items[place] with { Similar = (items[place].Similar ?? 0) + 1 };
                    continue;
                }
                alike.Places.Add(items.Count);
            }
            items.Add(item);
        }
        return items;
    }

    private (IndexItem Item, string Body) Show(Recalled<IndexItem> row, long ruleSet, double score, IReadOnlyList<string> words, Func<int?> nearest)
    {
        var (item, body) = _recall.Clean(row, ruleSet);
        return (item with { Score = score, Snippet = Snippet.Around(body!, words, nearest) }, body!);
    }

    private static SearchFilter Filter(SearchQuery query, long? project) => new()
    {
        ProjectKey = project,
        Type = Line("type", query.Type),
        After = query.After,
        Before = query.Before,
        SessionId = Line("session_id", query.SessionId),
        Path = query.Path,
        IncludeSuperseded = query.IncludeSuperseded,
    };

    // As a save makes it, so that what was saved is found by the words that it was saved with.
    private static string? Line(string field, string? text) => text is null ? null : TextRules.Line(field, text, 200);

    // As entries name files: below the project's root, with slashes. The root itself is no filter; what lies elsewhere stays as it is.
    private string? Relative(string path, CallContext context)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) return path;
        var root = _projects.Folder(context);
        var text = path.Trim();
        if (root is not null && Path.IsPathFullyQualified(text)) text = Path.GetRelativePath(root, text);
        var parts = text.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".").ToList();
        if (parts.Count == 0) return null;
        return parts[0] == ".." || text[0] == '/' || Path.IsPathFullyQualified(text) ? path.Trim().Replace('\\', '/').TrimEnd('/') : string.Join('/', parts);
    }

    private static void Require(SearchQuery query)
    {
        TextRules.RequireStorable("query", query.Query);
        if (string.IsNullOrWhiteSpace(query.Query)) throw EngineException.Invalid("query", "is empty");
        if (query.Query.Length > FullTextQuery.MaxLength) throw TextRules.TooLong("query", "characters", FullTextQuery.MaxLength, query.Query.Length);
        if (query.Limit is < 1 or > MaxLimit) throw EngineException.Invalid("limit", $"must be 1 to {MaxLimit}", ("limit", MaxLimit), ("size", query.Limit));
        if (query.Offset is < 0 or > MaxOffset) throw EngineException.Invalid("offset", $"must be 0 to {MaxOffset}", ("limit", MaxOffset), ("size", query.Offset));
        foreach (var (field, text) in new[] { ("type", query.Type), ("session_id", query.SessionId), ("path", query.Path) })
            Line(field, text);
    }
}
