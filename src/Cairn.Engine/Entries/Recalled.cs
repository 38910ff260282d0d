namespace Cairn.Engine.Entries;

/// <summary>Something read from an entry's row, with what decides whether it may be handed out as it is.</summary>
/// <param name="Item">What was read.</param>
/// <param name="ChangedAt">When the entry was last changed, in Unix milliseconds.</param>
/// <param name="RuleSet">The key of the rule set that found it clean; null for none.</param>
/// <param name="Body">The entry's text, where the item does not hold it and it is needed.</param>
internal readonly record struct Recalled<T>(T Item, long ChangedAt, long? RuleSet, string? Body = null);
