using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// The SQL of the rule sets that have judged entries. Nothing is kept in memory: the look-up takes microseconds, and a key
/// that was remembered would be wrong once the file is restored or replaced.
/// </summary>
internal static class RuleSetStore
{
    /// <summary>The key of a rule set, or null when it has judged nothing here yet.</summary>
    public static long? Find(DatabaseConnection connection, string ruleSet) =>
        connection.Number("SELECT key FROM policy_rule_sets WHERE hash = ?1", ruleSet);

    /// <summary>The key of a rule set, which is noted when it is new.</summary>
    public static long FindOrAdd(WriteScope scope, string ruleSet) => Find(scope.Connection, ruleSet)
        ?? scope.Connection.Insert("INSERT INTO policy_rule_sets (hash, first_used_at) VALUES (?1, ?2)", ruleSet, scope.Now);
}
