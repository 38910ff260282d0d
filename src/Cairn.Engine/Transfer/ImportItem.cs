using Cairn.Engine.Entries;
using Cairn.Engine.Projects;

namespace Cairn.Engine.Transfer;

/// <summary>One thing that a source holds, and where: a line, a file, an id.</summary>
internal abstract record ImportItem(string Where)
{
    public sealed record OfProject(string Where, ProjectRecord Project) : ImportItem(Where);

    public sealed record OfSession(string Where, SessionRecord Session) : ImportItem(Where);

    public sealed record OfPurged(string Where, PurgedRecord Purged) : ImportItem(Where);

    /// <summary>An entry; a foreign one is made to fit where it is too long.</summary>
    public sealed record OfEntry(string Where, EntryRecord Entry, bool IsForeign = false, string? Note = null) : ImportItem(Where);

    /// <summary>What cannot be read, and why; the rest goes on.</summary>
    public sealed record Unreadable(string Where, string Reason) : ImportItem(Where);
}

/// <summary>What is imported from: a file or folder of one format. It yields what can be read and says what cannot.</summary>
internal interface IImportSource
{
    /// <summary>The format's name, as the command line has it.</summary>
    string Format { get; }

    /// <summary>All that it holds, in order, read as it is asked for.</summary>
    /// <exception cref="EngineException">It cannot be read on: damaged, or not of this format after all.</exception>
    IEnumerable<ImportItem> Read();
}
