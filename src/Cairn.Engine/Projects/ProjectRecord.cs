namespace Cairn.Engine.Projects;

/// <summary>A project as it goes from one database to another.</summary>
internal sealed record ProjectRecord(string Name, DateTimeOffset CreatedAt, IReadOnlyList<ProjectAlias> Aliases);

/// <summary>By what else a project is known: an origin, a root or a name that it once had.</summary>
internal sealed record ProjectAlias(string Kind, string Value, DateTimeOffset AddedAt);
