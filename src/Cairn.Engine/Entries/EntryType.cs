namespace Cairn.Engine.Entries;

/// <summary>The known kinds of entry. The type is free text; these are the ones with a meaning of their own.</summary>
public static class EntryType
{
    /// <summary>The type of an entry that names none.</summary>
    public const string Default = "note";

    /// <summary>All known types.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [Default, "decision", "bugfix", "constraint", "preference", "question", "handoff", "command", "commit", "document"];
}
