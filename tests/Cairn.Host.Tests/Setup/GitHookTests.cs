using System.Text;
using Cairn.Host.Setup;
using CsCheck;

namespace Cairn.Host.Tests.Setup;

/// <summary>The promise to a hook that is there: taken out, nothing of ours is left, and nothing of it is missing.</summary>
public sealed class GitHookTests
{
    private static readonly byte[] Block = GitHook.Block(["/opt/it's here/cairn"], "/home/u/memory.db");

    private static readonly Gen<byte[]> Hook = Gen.Select(
        Gen.OneOf("#!/bin/sh\n", "#!/usr/bin/env bash\r\n", "#! /bin/sh -e\n", "", "\n"),
        Gen.OneOf("", "exit 0", "echo é\nexit 1\n", "# <<< cairn\n", "exec other \"$@\"\n", "\n\n"),
        static (first, rest) => Encoding.UTF8.GetBytes(first + rest));

    [Fact]
    public void Add_AnyShellHook_IsUndoneByRemove() => Gen.Select(Hook.Where(static hook => hook.Length > 0), Gen.Bool).Sample(static (hook, wraps) =>
    {
        Assert.True(GitHook.IsShell(hook));
        var added = GitHook.Add(hook, Block, wraps);

        Assert.True(GitHook.Has(added));
        Assert.Equal(added, GitHook.Add(added, Block, wraps));
        Assert.Equal(hook, GitHook.Remove(added));
        Assert.Equal(hook, GitHook.Remove(GitHook.Add(added, GitHook.Block(["another"], "db"), wraps)));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Remove_OfOurOwnFile_LeavesNone(bool wraps)
    {
        var made = GitHook.Add(null, Block, wraps);

        Assert.Null(GitHook.Remove(made));
        Assert.Null(GitHook.Remove(GitHook.Add(made, GitHook.Block(["another"], "db"), wraps)));
        Assert.StartsWith("#!/bin/sh\n", Encoding.UTF8.GetString(made), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/usr/bin/env python3\nprint()\n", false)]
    [InlineData("#!/usr/bin/node\n", false)]
    [InlineData("\u007fELF\0", false)]
    [InlineData("#!/bin/sh", false)] // no line to stand behind
    [InlineData("#!/usr/bin/env -S bash -e\n", true)]
    [InlineData("echo no first line\n", true)]
    public void IsShell_TellsByTheFirstLine(string hook, bool expected) => Assert.Equal(expected, GitHook.IsShell(Encoding.UTF8.GetBytes(hook)));
}
