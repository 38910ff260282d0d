namespace Cairn.Engine.Entries;

/// <summary>The known kinds of entry. The type is free text; these are the ones with a meaning of their own.</summary>
public static class EntryType
{
    /// <summary>The type of an entry that names none.</summary>
    public const string Default = "note";

    /// <summary>Where the next session goes on: retention lets none go.</summary>
    public const string Handoff = "handoff";

    /// <summary>All known types.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [Default, "decision", "bugfix", "constraint", "preference", "question", Handoff, "command", "commit", "document"];
}
