using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Host.Cli;
using Cairn.Host.Mcp;

namespace Cairn.Host.Browse;

/// <summary>Answers requests from the engine. Nothing is written.</summary>
internal sealed class BrowseSource(CommandContext context)
{
    // A person can wait for what later searches answer at once.
    private static readonly TimeSpan ModelPatience = TimeSpan.FromSeconds(3);

    /// <summary>The name of the folder's project.</summary>
    public string Here { get; } = context.Engine.Projects.Current(context.Origin(null));

    /// <summary>What was asked for. An expected failure is a reply as well.</summary>
    public Reply Answer(Request request)
    {
        try
        {
            return request switch
            {
                Request.List list => List(list),
                Request.Search search => Search(search),
                Request.Around around => Around(around),
                Request.Whole whole => Whole(whole),
                Request.Choices choices => new Reply.Choices([.. Choices(choices.Scope)]),
                _ => throw new ArgumentOutOfRangeException(nameof(request), request, null),
            };
        }
        catch (EngineException error)
        {
            return new Reply.Failed($"{error.Code.Word()} {error.Message}");
        }
    }

    /// <summary>A page of a list; its failures are the caller's.</summary>
    public Reply.Items List(Request.List request)
    {
        var origin = Origin(request.Scope);
        var page = context.Engine.Listings.List(new ListQuery { Type = request.Scope.EntryType, State = request.Scope.State, After = request.After }, origin);
        // Counting looks at every entry of the scope: once, and not where the page is all there is.
        var total = page.HasMore && request.After is null ? Number(Counts(request.Scope).Sum(static count => count.Entries)) : null;
        return new Reply.Items(page.Items, page.HasMore ? request with { After = page.Items[^1].Id } : null, total);
    }

    private Reply Search(Request.Search request)
    {
        if (request.Scope.State is "archived") return new Reply.Failed("A search passes over what is archived. q goes back to the list of it.");
        var origin = Origin(request.Scope);
        var found = context.Engine.Freshness.Mark(context.Engine.Search.Search(new SearchQuery
        {
            Query = request.Words,
            Type = request.Scope.EntryType,
            Limit = SearchService.MaxLimit,
            Offset = request.Offset,
            IncludeSuperseded = request.Scope.State is not "active",
            ModelPatience = ModelPatience,
        }, origin), origin);
        var next = request.Offset + SearchService.MaxLimit;
        var items = request.Scope.State is { } state ? [.. found.Items.Where(item => (item.State ?? "active") == state)] : found.Items;
        var more = next < found.Total && next <= SearchService.MaxOffset ? request with { Offset = next } : null;
        return new Reply.Items(items, more, request.Scope.State is "superseded" ? null : $"{(found.TotalIsEstimate is true ? "at least " : "")}{Number(found.Total)}");
    }

    private Reply.Items Around(Request.Around request)
    {
        var around = context.Engine.Entries.Timeline(request.Id, EntryService.MaxDepth, EntryService.MaxDepth);
        return new Reply.Items(around.Items, null, null, around.Items.TakeWhile(item => item.Id != around.AnchorId).Count());
    }

    private Reply Whole(Request.Whole request) => context.Engine.Excerpts.Get([request.Id], null, null, context.Origin(null), EntryTools.Wire).Items is [var entry, ..]
        ? new Reply.Whole(entry)
        : new Reply.Failed($"There is no entry {request.Id} any more.");

    private IEnumerable<Choice> Choices(Scope scope)
    {
        yield return new Choice("project", "all", null, scope with { Project = "*" });
        yield return new Choice("project", $"{Here} (this folder)", null, scope with { Project = null });
        foreach (var project in context.Engine.Projects.List())
            yield return new Choice("project", project.Name, project.Entries, scope with { Project = project.Name });

        var counts = context.Engine.Listings.Counts(Origin(scope));
        yield return new Choice("type", "any", null, scope with { EntryType = null });
        foreach (var type in counts.Where(count => scope.State is null || count.State == scope.State).GroupBy(static count => count.EntryType, StringComparer.OrdinalIgnoreCase))
            yield return new Choice("type", type.Key, type.Sum(static count => count.Entries), scope with { EntryType = type.Key });

        yield return new Choice("state", "any", null, scope with { State = null });
        foreach (var state in new[] { "active", "superseded", "archived" })
            yield return new Choice("state", state, counts.Where(count => count.State == state && (scope.EntryType is null || IsType(count, scope))).Sum(static count => count.Entries), scope with { State = state });
    }

    private IEnumerable<EntryCount> Counts(Scope scope) => context.Engine.Listings.Counts(Origin(scope))
        .Where(count => (scope.State is null || count.State == scope.State) && (scope.EntryType is null || IsType(count, scope)));

    private static bool IsType(EntryCount count, Scope scope) => string.Equals(count.EntryType, scope.EntryType, StringComparison.OrdinalIgnoreCase);

    private CallContext Origin(Scope scope) => context.Origin(scope.Project);

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
