namespace Cairn.Engine.Tests.Git;

/// <summary>Changes the environment of the test process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(InheritedEnvironmentTests), DisableParallelization = true)]
[Collection(nameof(InheritedEnvironmentTests))]
public sealed class InheritedEnvironmentTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Describe_VariablesOfAHook_DoNotPointElsewhere()
    {
        var folder = _sandbox.RepositoryWithCommit("tool");
        var other = _sandbox.RepositoryWithCommit("other");
        _sandbox.Git(other, "checkout", "--quiet", "-b", "wrong");
        var trace = Path.Combine(_sandbox.Root, "trace");
        (string Name, string Value)[] variables =
        [
            ("GIT_DIR", Path.Combine(other, ".git")),
            ("GIT_COMMON_DIR", Path.Combine(other, ".git")),
            ("GIT_WORK_TREE", other),
            ("GIT_INDEX_FILE", Path.Combine(other, ".git", "index")),
            ("GIT_PREFIX", "src/"),
            ("GIT_NAMESPACE", "other"),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "remote.origin.url"),
            ("GIT_CONFIG_VALUE_0", "https://git.example/wrong"),
            ("GIT_TRACE", trace),
        ];
        try
        {
            foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
            var worktree = GitSandbox.Client().Describe(folder)!;

            Assert.Equal((folder, folder, null, "main"), (worktree.Root, worktree.MainRoot, worktree.Origin, worktree.Branch));
            Assert.False(File.Exists(trace));
        }
        finally
        {
            foreach (var (name, _) in variables) Environment.SetEnvironmentVariable(name, null);
        }
    }
}
