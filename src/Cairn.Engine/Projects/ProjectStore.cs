using System.Globalization;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Projects;

/// <summary>The SQL of projects and their aliases.</summary>
internal static class ProjectStore
{
    private const string OriginKind = "origin";
    private const string RootKind = "root";
    private const string NameKind = "name";

    /// <summary>The key of the project that is meant, or null when it is not known yet.</summary>
    public static long? Find(DatabaseConnection connection, ProjectIdentity identity)
    {
        if (identity.Name is { } name) return FindByName(connection, name);
        return (identity.Origin is { } origin ? FindByAlias(connection, OriginKind, origin) : null)
            ?? (identity.Root is { } root ? FindByAlias(connection, RootKind, root) : null)
            ?? (identity.Ancestors is { Count: > 0 } ancestors ? FindByAncestor(connection, ancestors) : null)
            ?? (identity.SuggestedNames is [var first, ..] ? FindByNameAlone(connection, first) : null);
    }

    /// <summary>The key of the project that is meant; it is made, or learns a new origin or root, as needed.</summary>
    public static long FindOrCreate(DatabaseConnection connection, ProjectIdentity identity, DateTimeOffset now)
    {
        var key = Find(connection, identity);
        if (identity.Name is { } name) return key ?? Create(connection, name, now);

        key ??= Create(connection, FreeName(connection, identity.SuggestedNames!), now);
        if (identity.Origin is { } origin) AddAlias(connection, OriginKind, origin, key.Value, now);
        var insideKnownRoot = identity.Ancestors is { } ancestors && FindByAncestor(connection, ancestors) is not null;
        if (identity.Root is { } root && !insideKnownRoot) AddAlias(connection, RootKind, root, key.Value, now);
        if (identity.Worktree is { } worktree) AddAlias(connection, RootKind, worktree, key.Value, now);
        return key.Value;
    }

    /// <summary>Whether a project that is known does not know the worktree yet.</summary>
    public static bool IsNew(DatabaseConnection connection, ProjectIdentity identity) =>
        identity is { Name: null, Worktree: { } worktree } && Find(connection, identity) is not null && FindByAlias(connection, RootKind, worktree) is null;

    /// <summary>The key of the project with this name, or that once had it.</summary>
    public static long? FindByName(DatabaseConnection connection, string name) =>
        connection.Number("SELECT key FROM projects WHERE name = ?1", name) ?? FindByAlias(connection, NameKind, Folded(name));

    /// <summary>A project's present name.</summary>
    public static string Name(DatabaseConnection connection, long key) =>
        connection.Text("SELECT name FROM projects WHERE key = ?1", key)!;

    /// <summary>The first of the suggested names that no project has or had; with a number, when all are taken.</summary>
    public static string FreeName(DatabaseConnection connection, IReadOnlyList<string> suggestions)
    {
        foreach (var suggestion in suggestions)
            if (FindByName(connection, suggestion) is null) return suggestion;
        for (var number = 2; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{suggestions[0]}-{number}");
            if (FindByName(connection, name) is null) return name;
        }
    }

    /// <summary>All projects with the number of their entries, by name.</summary>
    public static List<Project> All(DatabaseConnection connection) => connection.Query(
        """
        SELECT p.name, p.created_at,
               (SELECT count(*) FROM entries e WHERE e.project_key = p.key),
               (SELECT max(e.occurred_at) FROM entries e WHERE e.project_key = p.key),
               (SELECT json_group_array(value) FROM project_aliases a WHERE a.project_key = p.key AND a.kind = 'origin'),
               (SELECT json_group_array(value) FROM project_aliases a WHERE a.project_key = p.key AND a.kind = 'root'),
               (SELECT json_group_array(value) FROM project_aliases a WHERE a.project_key = p.key AND a.kind = 'name')
        FROM projects p
        ORDER BY p.name
        """,
        static row => new Project
        {
            Name = row.GetString(0),
            CreatedAt = row.Time(1),
            Entries = row.GetInt64(2),
            LastEntryAt = row.IsDBNull(3) ? null : row.Time(3),
            Origins = JsonStrings.Read(row.GetString(4)),
            Roots = JsonStrings.Read(row.GetString(5)),
            FormerNames = JsonStrings.Read(row.GetString(6)),
        });

    /// <summary>Gives a project a new name; the old one goes on leading to it.</summary>
    public static void Rename(DatabaseConnection connection, long key, string name, DateTimeOffset now)
    {
        var former = Name(connection, key);
        connection.Execute("DELETE FROM project_aliases WHERE kind = 'name' AND value = ?1", Folded(name));
        connection.Execute("UPDATE projects SET name = ?2 WHERE key = ?1", key, name);
        RenameCaptured(connection, former, name);
        if (Folded(former) != Folded(name)) AddAlias(connection, NameKind, Folded(former), key, now);
    }

    /// <summary>Moves one project's aliases and name to another and removes it. Its entries and sessions must have been moved.</summary>
    public static void Absorb(DatabaseConnection connection, long from, long into, DateTimeOffset now)
    {
        var former = Name(connection, from);
        connection.Execute("UPDATE project_aliases SET project_key = ?2 WHERE project_key = ?1", from, into);
        connection.Execute("UPDATE ingestion_events SET project_key = ?2 WHERE project_key = ?1", from, into);
        RenameCaptured(connection, former, Name(connection, into));
        connection.Execute("DELETE FROM projects WHERE key = ?1", from);
        AddAlias(connection, NameKind, Folded(former), into, now);
    }

    // The capture audit names the project as it is called.
    private static void RenameCaptured(DatabaseConnection connection, string former, string name) =>
        connection.Execute("UPDATE capture_events SET project = ?2 WHERE project = ?1", former, name);

    private static long Create(DatabaseConnection connection, string name, DateTimeOffset now) =>
        connection.Insert("INSERT INTO projects (name, created_at) VALUES (?1, ?2)", name, now);

    /// <summary>A project that is known by its name alone was made by naming it: a repository of that name is that project.</summary>
    private static long? FindByNameAlone(DatabaseConnection connection, string name) => connection.Number(
        """
        SELECT key FROM projects p
        WHERE p.name = ?1 AND NOT EXISTS (SELECT 1 FROM project_aliases a WHERE a.project_key = p.key AND a.kind IN ('origin', 'root'))
        """, name);

    private static long? FindByAlias(DatabaseConnection connection, string kind, string value) =>
        connection.Number("SELECT project_key FROM project_aliases WHERE kind = ?1 AND value = ?2", kind, value);

    /// <summary>The root folders that lead to a project, the one known longest first.</summary>
    public static List<string> Roots(DatabaseConnection connection, long key) => connection.Query(
        "SELECT value FROM project_aliases WHERE project_key = ?1 AND kind = 'root' ORDER BY added_at, value", static row => row.GetString(0), key);

    /// <summary>The deepest of these folders that is a known root.</summary>
    public static string? NearestRoot(DatabaseConnection connection, IReadOnlyList<string> folders) => connection.Text(
        """
        SELECT value FROM project_aliases
        WHERE kind = 'root' AND value IN (SELECT value FROM json_each(?1))
        ORDER BY length(value) DESC LIMIT 1
        """, JsonStrings.Write(folders));

    private static long? FindByAncestor(DatabaseConnection connection, IReadOnlyList<string> ancestors) =>
        NearestRoot(connection, ancestors) is { } root ? FindByAlias(connection, RootKind, root) : null;

    private static void AddAlias(DatabaseConnection connection, string kind, string value, long key, DateTimeOffset now) => connection.Execute(
        "INSERT INTO project_aliases (kind, value, project_key, added_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", kind, value, key, now);

    private static string Folded(string name) => name.ToLowerInvariant();
}
