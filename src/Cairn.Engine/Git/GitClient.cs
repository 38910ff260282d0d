namespace Cairn.Engine.Git;
internal sealed record GitWorktree(string Root, string MainRoot, string? Origin, string? Branch, string? Commit);
internal sealed class GitClient { public GitWorktree? Describe(string directory) { _ = directory + this; return null; } }
