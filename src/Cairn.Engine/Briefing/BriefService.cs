using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using Cairn.Engine.Tokens;

namespace Cairn.Engine.Briefing;

/// <summary>
/// Makes the brief for a session's start. The same database and request give the same brief: it asks
/// neither git nor a model nor, unless the focus says "yesterday", the clock.
/// </summary>
public sealed class BriefService
{
    private const int MaxFocus = 500;
    private const int MaxRelated = 50;
    private const int LeastTokensOfALine = 15;

    private static readonly (BriefSection Section, string Type)[] Types =
    [
        (BriefSection.Constraints, "constraint"), (BriefSection.Questions, "question"), (BriefSection.Decisions, "decision"), (BriefSection.Preferences, "preference"),
    ];

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly RecallPolicy _recall;
    private readonly SearchService _search;

    internal BriefService(Database database, ProjectResolver projects, RecallPolicy recall, SearchService search)
    {
        _database = database;
        _projects = projects;
        _recall = recall;
        _search = search;
    }

    /// <summary>The brief of the call's project. Of an unknown project it holds the name alone.</summary>
    /// <param name="request">Budget and focus.</param>
    /// <param name="context">The call: its project, and its session, which is not the last one before itself.</param>
    /// <param name="render">What the reader will be given of a brief: this is what the budget holds for.</param>
    /// <exception cref="EngineException">The budget or the focus breaks a rule, or all projects are asked for.</exception>
    public Brief Compose(BriefRequest request, CallContext context, Func<Brief, string> render)
    {
        Require(request, context);
        var related = request.Focus is { } focus
            ? _search.Search(new SearchQuery { Query = focus, Limit = MaxRelated, WordsOnly = true }, context).Items.Select(static item => item.Id).ToList()
            : [];
        var identity = _projects.Identify(context);
        var (frame, lines) = _database.Read(connection => Read(connection, request, context, identity, related));
        return Fit(frame, lines, request.MaxTokens, render);
    }

    private (Brief Frame, List<(BriefSection Section, BriefItem Item)> Lines) Read(
        DatabaseConnection connection, BriefRequest request, CallContext context, ProjectIdentity identity, List<string> related)
    {
        var frame = new Brief { Project = _recall.Redaction().Clean(ProjectResolver.Name(connection, identity), "project") };
        if (ProjectStore.Find(connection, identity) is not { } project) return (frame, []);

        var last = BriefStore.LastSession(connection, project, context.SessionId);
        if (last is var (time, _)) frame = frame with { Since = time.ToTime() };
        var most = request.MaxTokens / LeastTokensOfALine;
        var found = BriefStore.Known(connection, related);
        var pinned = BriefStore.Pinned(connection, project, most);
        var sections = new Dictionary<BriefSection, IReadOnlyList<long>>
        {
            [BriefSection.Handoff] = BriefStore.OfType(connection, project, EntryType.Handoff, 1),
            [BriefSection.Pinned] = [.. found.Select(static hit => hit.Key).Where(pinned.Contains), .. pinned],
            [BriefSection.Related] = [.. found.Where(static hit => !Types.Any(type => type.Type == hit.Type)).Select(static hit => hit.Key)],
            [BriefSection.Changes] = last is { } place ? BriefStore.Newest(connection, project, place, most) : [],
            [BriefSection.Recent] = BriefStore.Newest(connection, project, (long.MinValue, 0), most),
        };
        foreach (var (section, type) in Types)
            sections[section] = [.. found.Where(hit => hit.Type == type).Select(static hit => hit.Key), .. BriefStore.OfType(connection, project, type, most)];

        var plan = BriefPlan.Order(sections);
        var words = request.Focus is { } focus ? FullTextQuery.Parse(focus).Words : [];
        var ruleSet = _recall.Current(connection);
        var taken = plan.Take(most).ToList();
        var shown = FullTextIndex.Show(connection, taken.Select(static line => line.Key));
        var lines = taken.Select(line => (line.Section, Line(line.Section, _recall.Clean(shown[line.Key], ruleSet), words))).ToList();
        return (frame with { LeftOut = plan.Count }, lines);
    }

    private static BriefItem Line(BriefSection section, (IndexItem Item, string? Body) entry, IReadOnlyList<string> words)
    {
        var (item, body) = (entry.Item, entry.Body!);
        // A title that was made of the text's first line is not said twice.
        var rest = body.StartsWith(item.Title.TrimEnd('…'), StringComparison.Ordinal) ? body[item.Title.TrimEnd('…').Length..] : body;
        var snippet = Snippet.Around(rest, words).Trim(' ', '.', '…') is { Length: > 0 } ? Snippet.Around(rest, words) : null;
        return new BriefItem
        {
            Id = item.Id,
            EntryType = section is BriefSection.Pinned or BriefSection.Related or BriefSection.Changes or BriefSection.Recent ? item.EntryType : null,
            Title = item.Title,
            Snippet = snippet == item.Title ? null : snippet,
            Date = DateText.Day(item.CreatedAt),
            Redacted = item.Redacted,
        };
    }

    // The greatest number of lines whose rendering stays within the budget. With much text that is not ASCII the bound
    // would leave most of the budget unused: then the tokenizer counts, and a quarter of a second is paid.
    private static Brief Fit(Brief frame, List<(BriefSection Section, BriefItem Item)> lines, int maxTokens, Func<Brief, string> render)
    {
        var total = frame.LeftOut ?? 0;
        var exact = IsMostlyForeign(render(Take(frame, lines, lines.Count, total)));
        bool Fits(Brief brief) => exact ? TokenCount.Fits(render(brief), maxTokens) : TokenBound.Of(render(brief)) <= maxTokens;
        var (fitting, beyond) = (0, lines.Count + 1);
        while (beyond - fitting > 1)
        {
            var middle = (fitting + beyond) / 2;
            if (Fits(Take(frame, lines, middle, total))) fitting = middle;
            else beyond = middle;
        }
        var brief = Take(frame, lines, fitting, total);
        return fitting > 0 || Fits(brief) ? brief : brief with { Project = null };
    }

    private static bool IsMostlyForeign(string text) => text.Count(static c => !char.IsAscii(c)) * 8 > text.Length;

    private static Brief Take(Brief frame, List<(BriefSection Section, BriefItem Item)> lines, int count, int total)
    {
        var sections = lines.Take(count).ToLookup(static line => line.Section, static line => line.Item);
        IReadOnlyList<BriefItem>? Of(BriefSection section) => sections[section].ToList() is { Count: > 0 } items ? items : null;
        return frame with
        {
            Handoff = sections[BriefSection.Handoff].FirstOrDefault(),
            Pinned = Of(BriefSection.Pinned),
            Constraints = Of(BriefSection.Constraints),
            Questions = Of(BriefSection.Questions),
            Decisions = Of(BriefSection.Decisions),
            Related = Of(BriefSection.Related),
            Changes = Of(BriefSection.Changes),
            Preferences = Of(BriefSection.Preferences),
            Recent = Of(BriefSection.Recent),
            LeftOut = total > count ? total - count : null,
        };
    }

    private static void Require(BriefRequest request, CallContext context)
    {
        if (context.Project is "*") throw EngineException.Invalid("project", "a brief is of one project");
        if (request.MaxTokens is < BriefRequest.MinMaxTokens or > BriefRequest.MaxMaxTokens)
            throw EngineException.Invalid("max_tokens", $"must be {BriefRequest.MinMaxTokens} to {BriefRequest.MaxMaxTokens}", ("limit", BriefRequest.MaxMaxTokens), ("size", request.MaxTokens));
        if (request.Focus is { } focus) TextRules.Line("focus", focus, MaxFocus);
    }
}
