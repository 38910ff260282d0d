using Cairn.Engine.Entries;

namespace Cairn.Engine.Recovery;

/// <summary>
/// What a value is besides of its column's type, where rows of several tables look alike: asked of pages that no tree
/// reaches. What a tree reaches is its own, whatever a later program writes there.
/// </summary>
internal static class RowTests
{
    private static readonly Dictionary<(string Table, string Column), Func<string, bool>> Tests = new()
    {
        [("entries", "id")] = static id => EntryId.Parse(id) == id,
        [("entries", "state")] = static state => state is "active" or "superseded" or "archived",
        [("entry_links", "relation_type")] = static relation => relation is "supersedes",
        [("purged_entries", "id")] = static id => EntryId.Parse(id) == id,
        [("project_aliases", "kind")] = static kind => kind is "origin" or "root" or "name",
        [("policy_rule_sets", "hash")] = static hash => hash.Length >= 12 && hash[..12].All(char.IsAsciiHexDigitLower),
        [("policy_events", "event")] = static name => name is "blocked" or "redacted" or "allowed" or "allow_removed" or "found" or "purged",
    };

    /// <summary>How many of a table's columns are tested.</summary>
    public static int Count(string table) => Tests.Keys.Count(test => test.Table == table);

    /// <summary>Whether a value may stand in a column.</summary>
    public static bool Pass(string table, string column, object? value) => value is not string text || !Tests.TryGetValue((table, column), out var test) || test(text);
}
