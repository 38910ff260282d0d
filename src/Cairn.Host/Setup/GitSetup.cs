using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// Puts our block into a repository's post-commit hook, and takes it out again byte for byte. A hook in another language
/// is kept beside, under another name, and run by ours.
/// </summary>
internal sealed class GitSetup(string folder)
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Absolute path of the hook.</summary>
    public string HookPath { get; } = Path.Combine(folder, "post-commit");

    private string FormerPath => Path.Combine(folder, GitHook.FormerName);

    /// <summary>Adds our block, or brings it up to date.</summary>
    /// <exception cref="EngineException">The hook that is there may not be touched; nothing was changed.</exception>
    /// <exception cref="IOException">The file system failed.</exception>
    public SetupChange Add(IReadOnlyList<string> command, string database, bool dryRun)
    {
        var hook = Read();
        if (hook is not null && !IsExecutable(HookPath))
            throw EngineException.Invalid("post-commit", $"{HookPath} is not executable, so git does not run it; make it executable or take it away, then run this again. Nothing was changed");
        var wraps = File.Exists(FormerPath);
        var block = GitHook.Block(command, database);
        if (hook is not null && !GitHook.IsShell(hook))
        {
            if (wraps) throw EngineException.Invalid("post-commit", $"{FormerPath} is there already, and {HookPath} is no shell script. Nothing was changed");
            if (dryRun) return SetupChange.Added;
            File.Move(HookPath, FormerPath);
            Write(GitHook.Add(null, block, wraps: true), isNew: true);
            return SetupChange.Added;
        }
        // What is kept beside was once run by git: by a hook that we make it is again, by one that somebody put in its place it is not.
        var edited = GitHook.Add(hook, block, wraps);
        if (hook is not null && edited.AsSpan().SequenceEqual(hook)) return SetupChange.Unchanged;
        if (!dryRun) Write(edited, hook is null);
        return hook is not null && GitHook.Has(hook) ? SetupChange.Updated : SetupChange.Added;
    }

    /// <summary>Takes our block out; what was there before us is as it was.</summary>
    public SetupChange Remove(bool dryRun)
    {
        if (Read() is not { } hook || !GitHook.Has(hook)) return SetupChange.Unchanged;
        if (dryRun) return SetupChange.Removed;
        var rest = GitHook.Remove(hook);
        if (rest is not null) Write(rest, isNew: false);
        else if (File.Exists(FormerPath)) File.Move(FormerPath, HookPath, overwrite: true);
        else File.Delete(HookPath);
        return SetupChange.Removed;
    }

    private byte[]? Read() => new ConfigFile(HookPath).Read();

    private void Write(byte[] content, bool isNew)
    {
        Directory.CreateDirectory(folder);
        var before = isNew ? null : Read();
        if (!new ConfigFile(HookPath).TryReplace(before, content)) throw EngineException.Invalid("post-commit", "another program keeps changing it; run this again");
        if (isNew && !OperatingSystem.IsWindows()) File.SetUnixFileMode(HookPath, Executable);
    }

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0;
}
