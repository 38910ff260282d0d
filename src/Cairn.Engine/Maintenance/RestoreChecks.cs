using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>Looks at a database that was just restored, as its users will: nothing is written.</summary>
internal sealed class RestoreChecks(Database database, EntryService entries, SearchService search)
{
    private const int ShortestWord = 4;

    private static readonly CallContext Everywhere = new() { WorkingDirectory = Path.GetTempPath(), Project = "*" };

    /// <summary>All checks, in order, up to the first that fails.</summary>
    /// <param name="expected">What the backup's manifest says.</param>
    /// <param name="smoke">A check from outside; null for none.</param>
    public IReadOnlyList<HealthCheck> Run(BackupCounts expected, Func<HealthCheck>? smoke)
    {
        var checks = new List<HealthCheck>();
        foreach (var check in Checks(expected, smoke))
        {
            checks.Add(check);
            if (check.Status == "fail") break;
        }
        return checks;
    }

    /// <summary>What differs from the manifest; null when nothing does. A database that cannot be read differs.</summary>
    public string? Mismatch(BackupCounts expected)
    {
        try
        {
            return database.Maintain(connection => BackupCounts.From(Backup.Count(connection))) == expected ? null : "it does not hold what the backup's manifest says";
        }
        catch (EngineException error)
        {
            return error.Message;
        }
    }

    private IEnumerable<HealthCheck> Checks(BackupCounts expected, Func<HealthCheck>? smoke)
    {
        yield return Check("integrity", "quick check ok", () => database.Maintain(Backup.Problem));
        yield return Check("count", string.Create(CultureInfo.InvariantCulture, $"{expected.Entries:N0} entries, {expected.Projects:N0} projects"), () => Mismatch(expected));
        if (expected.ActiveEntries > 0)
        {
            Entry? newest = null;
            yield return Check("get", "the newest entry is whole", () => (newest = Newest()) is { Body.Length: > 0 } ? null : "the newest entry cannot be read");
            yield return Check("search", "a word of it finds it", () => Word(newest!) is not { } word || Finds(word, newest!.CreatedAt) ? null : "a word of the newest entry finds nothing");
            yield return Check("timeline", "it is in the timeline", () => entries.Timeline(newest!.Id, 1, 1).Items.Any(item => item.Id == newest.Id) ? null : "the newest entry is not in the timeline");
        }
        if (smoke is not null) yield return smoke();
    }

    private Entry? Newest() => database.Read(EntryStore.NewestActive) is { } id && entries.Get([id]).Items is [var entry] ? entry : null;

    private bool Finds(string word, DateTimeOffset since) =>
        search.Search(new SearchQuery { Query = word, After = since, Limit = SearchService.MaxLimit }, Everywhere).Total > 0;

    private static HealthCheck Check(string name, string passed, Func<string?> problem)
    {
        string? found;
        try
        {
            found = problem();
        }
        catch (EngineException error)
        {
            found = error.Message;
        }
        return new HealthCheck { Name = name, Status = found is null ? "pass" : "fail", Detail = found ?? passed };
    }

    // A plain word: how others are cut is a matter of the index.
    private static string? Word(Entry entry) => $"{entry.Title} {entry.Body}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(static word => word.Length is >= ShortestWord and <= 40 && word.All(char.IsAsciiLetter) && !StopWords.Contains(word));
}
