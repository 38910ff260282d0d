using System.Text;

namespace Cairn.Host.Setup;

/// <summary>
/// The text of a post-commit hook with and without our block. Pure, and byte for byte: what is taken out of what was put in
/// is what was there.
/// </summary>
internal static class GitHook
{
    private const string Begin = "# >>> cairn: each commit goes into memory, beside the commit; gone with: cairn setup git --remove\n";
    private const string End = "# <<< cairn\n";
    private const string Own = "#!/bin/sh\n# cairn made this file\n";
    private const string Wrapper = $"{Own}\"$(dirname \"$0\")\"/{FormerName} \"$@\"\n";

    /// <summary>The file name under which a hook in another language is kept beside, to be run by ours.</summary>
    public const string FormerName = "post-commit.before-cairn";

    private static readonly string[] Shells = ["sh", "bash", "dash", "zsh", "ksh", "ash", "busybox"];

    /// <summary>Whether a hook's text is a shell's, so that lines may stand in it. Git gives what names no program to a shell.</summary>
    public static bool IsShell(byte[] hook)
    {
        if (hook.AsSpan().Contains((byte)0)) return false;
        if (!hook.AsSpan().StartsWith("#!"u8)) return true;
        var end = hook.AsSpan().IndexOf((byte)'\n');
        if (end < 0) return false;
        var words = Encoding.Latin1.GetString(hook, 2, end - 2).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var program = words.Select(static word => word[(word.LastIndexOf('/') + 1)..]).FirstOrDefault(static word => word != "env" && !word.StartsWith('-'));
        return program is not null && Shells.Contains(program, StringComparer.Ordinal);
    }

    /// <summary>The hook with our block right behind its first line, so that nothing of the hook's own ends before it; a former block of ours goes.</summary>
    /// <param name="hook">A shell's text; null when there is none.</param>
    /// <param name="block">What <see cref="Block"/> gave.</param>
    /// <param name="wraps">Whether a file that we make is to run the hook that is kept beside; a hook that somebody else made never does.</param>
    public static byte[] Add(byte[]? hook, byte[] block, bool wraps)
    {
        var former = (hook is null ? null : Remove(hook)) ?? Encoding.UTF8.GetBytes(wraps ? Wrapper : Own);
        var line = former.AsSpan().StartsWith("#!"u8) ? former.AsSpan().IndexOf((byte)'\n') + 1 : 0;
        return [.. former.AsSpan(0, line), .. block, .. former.AsSpan(line)];
    }

    /// <summary>
    /// The hook without our block; null when nothing but what we made is left. The call of a hook that is kept beside is no
    /// part of the block: lines that somebody added to our file go on behind it.
    /// </summary>
    public static byte[]? Remove(byte[] hook)
    {
        var (begin, end) = (hook.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Begin)), hook.AsSpan().IndexOf(Encoding.UTF8.GetBytes(End)));
        if (begin < 0 || end < begin) return hook;
        byte[] rest = [.. hook.AsSpan(0, begin), .. hook.AsSpan(end + End.Length)];
        return Encoding.UTF8.GetString(rest) is Own or Wrapper ? null : rest;
    }

    /// <summary>Whether our block is in a hook.</summary>
    public static bool Has(byte[] hook) => hook.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Begin)) >= 0;

    /// <summary>
    /// Our lines. The commit's id is asked for at once, for HEAD may move on; the rest runs by itself, with all streams
    /// closed, so that git waits for none of it, and its end says nothing. A rebase rewrites what is known, and is left out.
    /// </summary>
    /// <param name="command">The program and its first arguments.</param>
    /// <param name="database">Absolute path of the database.</param>
    public static byte[] Block(IReadOnlyList<string> command, string database)
    {
        var program = string.Join(' ', command.Select(Quoted));
        return Encoding.UTF8.GetBytes(
            Begin
            + "if [ ! -d \"$(git rev-parse --git-path rebase-merge)\" ] && [ ! -d \"$(git rev-parse --git-path rebase-apply)\" ]; then\n"
            + "  cairn_commit=$(git rev-parse --verify --quiet HEAD || :)\n"
            + $"  ( {program} capture commit \"$cairn_commit\" --db {Quoted(database)} </dev/null >/dev/null 2>&1 & ) </dev/null >/dev/null 2>&1 || :\n"
            + "fi\n"
            + End);
    }

    private static string Quoted(string text) => $"'{(OperatingSystem.IsWindows() ? text.Replace('\\', '/') : text).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
