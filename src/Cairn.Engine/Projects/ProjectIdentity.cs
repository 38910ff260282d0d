namespace Cairn.Engine.Projects;

/// <summary>By what a project can be recognised from where a call comes from; nothing of it has been looked up yet.</summary>
/// <param name="Name">The name given outright, or null when it has to be found by origin or root.</param>
/// <param name="Origin">The repository's normalised origin.</param>
/// <param name="Root">The repository's main root, or the directory itself.</param>
/// <param name="Worktree">The linked worktree's root, where it is not the main one: what was said there belongs to the project also when it is removed.</param>
/// <param name="Ancestors">Folders above a directory that is in no repository: one of them may be a known root.</param>
/// <param name="SuggestedNames">Names for a new project, best first.</param>
/// <param name="Branch">The branch that is checked out.</param>
/// <param name="Commit">The commit that is checked out.</param>
internal sealed record ProjectIdentity(
    string? Name,
    string? Origin = null,
    string? Root = null,
    string? Worktree = null,
    IReadOnlyList<string>? Ancestors = null,
    IReadOnlyList<string>? SuggestedNames = null,
    string? Branch = null,
    string? Commit = null);
