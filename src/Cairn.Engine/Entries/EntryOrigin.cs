namespace Cairn.Engine.Entries;

/// <summary>Who brought an entry in.</summary>
public static class EntryOrigin
{
    /// <summary>A person, through the command line.</summary>
    public const string User = "user";

    /// <summary>A coding agent, through the Model Context Protocol.</summary>
    public const string Agent = "agent";

    /// <summary>A section of an ingested document.</summary>
    public const string Document = "document";

    /// <summary>A commit.</summary>
    public const string Commit = "commit";

    /// <summary>A captured session.</summary>
    public const string Transcript = "transcript";

    /// <summary>Another memory's export.</summary>
    public const string Import = "import";
}
