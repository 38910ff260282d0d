using Cairn.Engine.Storage;

namespace Cairn.Engine.Projects;

/// <summary>The rules of a project's name: 1 to 200 characters, one line, and not "*", which means all projects in a search.</summary>
internal static class ProjectName
{
    /// <summary>The greatest length, in UTF-16 characters.</summary>
    public const int MaxLength = 200;

    /// <summary>The name, trimmed; refuses one that breaks the rules.</summary>
    public static string Require(string field, string name)
    {
        var line = TextRules.Line(field, name, MaxLength);
        return line is "*" ? throw EngineException.Invalid(field, "\"*\" means all projects and can only be searched") : line;
    }

    /// <summary>The key of a project that must exist.</summary>
    public static long RequireKnown(DatabaseConnection connection, string field, string name) =>
        ProjectStore.FindByName(connection, name.Trim())
        ?? throw new EngineException(ErrorCode.EntryNotFound, $"{field}: no project has this name. cairn project list shows all.", new Dictionary<string, object> { ["field"] = field });
}
