using Cairn.Engine.Storage;

namespace Cairn.Engine.Projects;

/// <summary>The SQL by which whole projects are read out and brought in.</summary>
internal static class ProjectTransferStore
{
    /// <summary>All projects by their keys, with what else they are known by.</summary>
    public static List<(long Key, ProjectRecord Project)> All(DatabaseConnection connection)
    {
        var aliases = connection
            .Query("SELECT project_key, kind, value, added_at FROM project_aliases ORDER BY kind, value",
                static row => (Project: row.GetInt64(0), Alias: new ProjectAlias(row.GetString(1), row.GetString(2), row.Time(3))))
            .ToLookup(static row => row.Project, static row => row.Alias);
        return connection.Query("SELECT key, name, created_at FROM projects ORDER BY key",
            row => (row.GetInt64(0), new ProjectRecord(row.GetString(1), row.Time(2), [.. aliases[row.GetInt64(0)]])));
    }

    /// <summary>
    /// The project of this database that a project of another one is: the one that has an origin of it, else the one of
    /// its name, unless that is another repository's. Null when there is none.
    /// </summary>
    public static string? Match(DatabaseConnection connection, ProjectRecord project)
    {
        var origins = project.Aliases.Where(static alias => alias.Kind == "origin").Select(static alias => alias.Value).ToList();
        if (connection.Text(
            """
            SELECT p.name FROM project_aliases a JOIN projects p ON p.key = a.project_key
            WHERE a.kind = 'origin' AND a.value IN (SELECT value FROM json_each(?1)) ORDER BY p.key LIMIT 1
            """, JsonStrings.Write(origins)) is { } known) return known;
        if (ProjectStore.FindByName(connection, project.Name) is not { } key) return null;
        var hasOrigin = connection.Number("SELECT EXISTS (SELECT 1 FROM project_aliases WHERE project_key = ?1 AND kind = 'origin')", key) == 1;
        return origins.Count > 0 && hasOrigin ? null : ProjectStore.Name(connection, key);
    }

    /// <summary>Brings a project in, or gives the one that it is what it lacks. Returns the name that it has here.</summary>
    public static string Import(DatabaseConnection connection, ProjectRecord project)
    {
        var name = Match(connection, project);
        if (name is null)
        {
            name = ProjectStore.FreeName(connection, [project.Name]);
            connection.Execute("INSERT INTO projects (name, created_at) VALUES (?1, ?2)", name, project.CreatedAt);
        }
        var key = ProjectStore.FindByName(connection, name)!.Value;
        foreach (var alias in project.Aliases)
        {
            // A former name that is another project's name here goes on meaning that one.
            if (alias.Kind == "name" && ProjectStore.FindByName(connection, alias.Value) is not null) continue;
            connection.Execute("INSERT INTO project_aliases (kind, value, project_key, added_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                alias.Kind, alias.Value, key, alias.AddedAt);
        }
        return name;
    }
}
