using System.Diagnostics;
using Cairn.Engine.Git;

namespace Cairn.Engine.Tests.Git;

/// <summary>A temporary folder of real repositories, made by the git of this machine without its user's configuration.</summary>
internal sealed class GitSandbox : IDisposable
{
    private static readonly string[] Settings =
    [
        "-c", "init.defaultBranch=main", "-c", "user.name=A. Tester", "-c", "user.email=tester@example.invalid",
        "-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always",
    ];

    private readonly string _emptyConfiguration;

    public GitSandbox()
    {
        Root = GitPlace.RealPath(Directory.CreateTempSubdirectory("cairn git ").FullName)!;
        _emptyConfiguration = Path.Combine(Root, "empty.config");
        File.WriteAllText(_emptyConfiguration, "");
        // The temporary folder's name may be a short one (RUNNER~1) there; git says the long one.
        if (OperatingSystem.IsWindows()) Root = Path.GetDirectoryName(Path.GetFullPath(Git(Repository("probe"), "rev-parse", "--show-toplevel")))!;
    }

    public string Root { get; }

    /// <summary>A client that gives a busy machine time.</summary>
    public static GitClient Client() => Client(Environment.GetEnvironmentVariable("PATH"), TimeSpan.FromMinutes(1));

    public static GitClient Client(string? searchPath, TimeSpan timeout) => new(new GitProcess(timeout, searchPath));

    public string Folder(params ReadOnlySpan<string> names) => Directory.CreateDirectory(Path.Combine([Root, .. names])).FullName;

    /// <summary>A repository with nothing in it.</summary>
    public string Repository(string name)
    {
        var folder = Folder(name);
        Git(folder, "init", "--quiet");
        return folder;
    }

    /// <summary>A repository with one commit on the branch main.</summary>
    public string RepositoryWithCommit(string name)
    {
        var folder = Repository(name);
        Commit(folder);
        return folder;
    }

    /// <summary>Makes an empty commit and returns its id.</summary>
    public string Commit(string folder)
    {
        Git(folder, "commit", "--quiet", "--allow-empty", "--message", "A commit");
        return Git(folder, "rev-parse", "HEAD");
    }

    /// <summary>Commits what was added, at a time in Unix seconds.</summary>
    public void CommitAt(long seconds, string folder) => Git(folder, seconds, "commit", "--quiet", "--message", "A commit");

    /// <summary>Runs git, which must succeed, and returns what it says.</summary>
    public string Git(string folder, params ReadOnlySpan<string> arguments) => Git(folder, null, arguments);

    private string Git(string folder, long? seconds, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(GitProcess.FindExecutable(Environment.GetEnvironmentVariable("PATH"))!)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Settings) start.ArgumentList.Add(argument);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(variable);
        start.Environment["GIT_CONFIG_GLOBAL"] = _emptyConfiguration;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        if (seconds is not null) start.Environment["GIT_COMMITTER_DATE"] = start.Environment["GIT_AUTHOR_DATE"] = $"@{seconds} +0000";

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments.ToArray())}: {errors.Result}");
        return output.TrimEnd('\n');
    }

    /// <summary>A folder with a program called git that is this shell script. For systems that have a shell.</summary>
    public string FakeGit(string script)
    {
        var folder = Folder("fake");
        Script(Path.Combine(folder, "git"), script);
        return folder;
    }

    /// <summary>An executable shell script; on Windows a file that git's own shell would run.</summary>
    public static void Script(string file, string script)
    {
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        // Git's objects are read-only, which Windows takes as a reason not to delete them.
        if (OperatingSystem.IsWindows())
            foreach (var file in new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories))
                file.IsReadOnly = false;
        Directory.Delete(Root, recursive: true);
    }
}
