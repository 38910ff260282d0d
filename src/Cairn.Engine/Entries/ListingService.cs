using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>Lists entries of every state by time, and counts them. It changes nothing.</summary>
public sealed class ListingService
{
    /// <summary>The greatest number of entries in one page.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>How many a page has unless told otherwise.</summary>
    public const int DefaultLimit = 200;

    private const int MaxType = 200;

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly RecallPolicy _recall;

    internal ListingService(Database database, ProjectResolver projects, RecallPolicy recall) => (_database, _projects, _recall) = (database, projects, recall);

    /// <summary>A page of entries, the newest first. Of a project that is not known yet, an empty one.</summary>
    /// <exception cref="EngineException">A field breaks a rule, or no entry has the id to begin behind.</exception>
    public EntryPage List(ListQuery query, CallContext context)
    {
        if (query.Limit is < 1 or > MaxLimit) throw EngineException.Invalid("limit", $"must be 1 to {MaxLimit}", ("limit", MaxLimit), ("size", query.Limit));
        if (query.State is not (null or "active" or "superseded" or "archived")) throw EngineException.Invalid("state", "must be one of: active, superseded, archived");
        var type = query.Type is { } given ? TextRules.Line("type", given, MaxType) : null;
        var identity = Identify(context);
        return _database.Read(connection =>
        {
            var project = identity is null ? null : ProjectStore.Find(connection, identity);
            if (identity is not null && project is null) return new EntryPage { Items = [], HasMore = false };
            var after = query.After is { } id ? EntryService.Find(connection, id) : null;
            var ruleSet = _recall.Current(connection);
            var rows = ListingStore.Page(connection, new Listing(project, type, query.State, after), query.Limit + 1, ruleSet);
            return new EntryPage { Items = [.. rows.Take(query.Limit).Select(row => _recall.Clean(row, ruleSet).Item)], HasMore = rows.Count > query.Limit };
        });
    }

    /// <summary>How many entries the project, or all, have of each type in each state, by type and state.</summary>
    public IReadOnlyList<EntryCount> Counts(CallContext context)
    {
        var identity = Identify(context);
        return _database.Read(connection =>
        {
            var project = identity is null ? null : ProjectStore.Find(connection, identity);
            if (identity is not null && project is null) return [];
            var redaction = _recall.Redaction();
            return ListingStore.Counts(connection, project).ConvertAll(count => count with { EntryType = redaction.Clean(count.EntryType, "type") });
        });
    }

    private ProjectIdentity? Identify(CallContext context) => context.Project is "*" ? null : _projects.Identify(context);
}
