using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>Trees that try to get at files outside of them, or to hold the reader up. They yield nothing but reasons.</summary>
public sealed class IngestTrapTests
{
    private const string Outside = "The text outside of the root.";

    [Theory]
    [InlineData("../secret.md")]
    [InlineData("docs/../../secret.md")]
    [InlineData("..")]
    [InlineData("docs/..")]
    [InlineData(@"docs\..\..\secret.md")]
    [InlineData("../**/*.md")]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("//server/share/x.md")]
    [InlineData(@"\\server\share\x.md")]
    [InlineData(@"C:\Windows\win.ini")]
    [InlineData("c:x.md")]
    [InlineData("~/x.md")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\0b.md")]
    [InlineData("none.md")]
    [InlineData("none/**/*.md")]
    [InlineData("https://example.invalid/x.md")]
    public void Ingest_SourceThatIsNoneBelowTheRoot_IsSkippedWithAReason(string source)
    {
        using var folder = new DocumentFolder();
        File.WriteAllText(Path.Combine(folder.Fixture.Folder, "secret.md"), Outside);
        folder.Write("docs/x.md", "Text");

        Assert.NotEmpty(folder.Refusal(source));

        Assert.Empty(folder.Entries());
        Assert.Equal(1, folder.Events().Count(row => row.EndsWith(" skipped 0", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(".env", "KEY=value")]
    [InlineData(".ENV.local", "KEY=value")]
    [InlineData("server.Pem", "certificate")]
    [InlineData("Id_Rsa", "key")]
    [InlineData(".ssh/notes.md", "Text")]
    [InlineData(".Git/notes.md", "Text")]
    [InlineData("zero.md", "a\0b")]
    [InlineData("empty.md", "")]
    [InlineData("blank.md", " \n\n ")]
    public void Ingest_FileNotToBeRead_IsSkippedWithAReason(string path, string text)
    {
        using var folder = new DocumentFolder();
        folder.Write(path, text);

        if (path == "blank.md") Assert.Equal((0, 0, 0), folder.Counts(path));
        else Assert.NotEmpty(folder.Refusal(path));
        folder.Ingest("**/*");

        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void Ingest_BytesThatAreNoText_AreSkipped()
    {
        using var folder = new DocumentFolder();
        File.WriteAllBytes(folder.FullPath("latin1.md"), [.. "caf"u8, 0xE9]);
        File.WriteAllBytes(folder.FullPath("utf16.md"), [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("Text")]);
        folder.Write("good.md", "\uFEFFText");

        var result = folder.Ingest(".");

        Assert.Equal(["good.md active good.md"], folder.Entries());
        Assert.Equal(["latin1.md", "utf16.md"], result.SkippedSources);
    }

    [Fact]
    public void Ingest_HugeSparseFile_IsSkippedUnread()
    {
        using var folder = new DocumentFolder();
        using (var file = File.Create(folder.FullPath("huge.md"))) file.SetLength(1L << 30);

        Assert.Contains("larger than 4 MiB", folder.Refusal("huge.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_FileOfHeadingsAlone_IsSkipped()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", string.Concat(Enumerable.Repeat("a\n=\n", 20_001)));

        Assert.Contains("more than 20000 sections", folder.Refusal("x.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_SymbolicLinks_AreNotFollowed()
    {
        if (OperatingSystem.IsWindows()) return; // Making one takes a right that a user has not.
        using var folder = new DocumentFolder();
        var outside = Directory.CreateDirectory(Path.Combine(folder.Fixture.Folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "secret.md"), Outside);
        folder.Write("docs/x.md", "Text");
        File.CreateSymbolicLink(folder.FullPath("file.md"), Path.Combine(outside, "secret.md"));
        File.CreateSymbolicLink(folder.FullPath("relative.md"), "../outside/secret.md");
        File.CreateSymbolicLink(folder.FullPath("dangling.md"), "nowhere.md");
        File.CreateSymbolicLink(folder.FullPath("loop.md"), "loop.md");
        File.CreateSymbolicLink(folder.FullPath("zero.md"), "/dev/zero");
        File.CreateSymbolicLink(folder.FullPath("environ.md"), "/proc/self/environ");
        Directory.CreateSymbolicLink(folder.FullPath("linked"), outside);
        Directory.CreateSymbolicLink(folder.FullPath("docs/up"), folder.Root);

        foreach (var source in new[] { "file.md", "relative.md", "dangling.md", "loop.md", "zero.md", "environ.md", "linked", "linked/secret.md", "linked/*.md", "docs/up", "docs/up/docs/x.md" })
            Assert.Contains("symbolic link", folder.Refusal(source), StringComparison.Ordinal);
        var result = folder.Ingest(".", "**/*");

        Assert.Equal(["docs/x.md active docs/x.md"], folder.Entries());
        Assert.Superset(new HashSet<string> { "file.md", "relative.md", "dangling.md", "loop.md", "zero.md", "environ.md", "linked", "docs/up" }, result.SkippedSources.ToHashSet());
    }

    [Fact]
    public void Ingest_RootBehindALink_IsTheRealFolder()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new DocumentFolder();
        folder.Write("x.md", "Text");
        var link = Path.Combine(folder.Fixture.Folder, "link");
        Directory.CreateSymbolicLink(link, folder.Root);

        Assert.Equal(1, folder.Ingest(folder.Context with { WorkingDirectory = link }, "x.md").ImportedEntries);
    }

    [Fact]
    public void Ingest_HardLink_IsSkipped()
    {
        if (!OperatingSystem.IsLinux()) return; // Elsewhere the second name cannot be told.
        using var folder = new DocumentFolder();
        var outside = Path.Combine(folder.Fixture.Folder, "secret.md");
        File.WriteAllText(outside, Outside);
        Run("ln", outside, folder.FullPath("x.md"));

        Assert.Contains("hard link", folder.Refusal("x.md"), StringComparison.Ordinal);
        Assert.Contains("hard link", folder.Refusal("."), StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_PipesSocketsAndDevices_AreNeverWaitedFor()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new DocumentFolder();
        Run("mkfifo", folder.FullPath("pipe.md"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.FullPath("socket.md")));
        if (!ClosedFolder.IsClosedToUs) TryRun("mknod", folder.FullPath("zero.md"), "c", "1", "5");

        Assert.NotEmpty(folder.Refusal("pipe.md"));
        Assert.NotEmpty(folder.Refusal("socket.md"));
        Assert.NotEmpty(folder.Refusal("zero.md"));
        Assert.Superset(new HashSet<string> { "pipe.md", "socket.md" }, folder.Ingest("*", ".").SkippedSources.ToHashSet());
        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void Ingest_FolderWithoutPermission_IsSkippedAndStopsNothing()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new DocumentFolder();
        folder.Write("closed/x.md", "Text");
        folder.Write("open/y.md", "Text");

        using (new ClosedFolder(folder.FullPath("closed")))
        {
            var skipped = folder.Ingest(".", "closed", "closed/x.md").Skipped;
            if (ClosedFolder.IsClosedToUs) Assert.Contains(skipped, skip => skip.Source == "closed" && skip.Reason.Contains("may not be read", StringComparison.Ordinal));
        }

        Assert.Contains("open/y.md active open/y.md", folder.Entries());
    }

    [Fact]
    public void Ingest_FileWithoutPermission_IsSkippedAndStopsNothing()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new DocumentFolder();
        folder.Write("closed.md", "Text");
        folder.Write("open.md", "Text");
        File.SetUnixFileMode(folder.FullPath("closed.md"), UnixFileMode.None);

        var result = folder.Ingest(".");

        Assert.Contains("open.md active open.md", folder.Entries());
        if (ClosedFolder.IsClosedToUs) Assert.Equal("may not be read", Assert.Single(result.Skipped).Reason);
    }

    [Fact]
    public void Ingest_NameThatIsNoText_IsSkippedAndStopsNothing()
    {
        if (!OperatingSystem.IsLinux()) return; // Other file systems do not take such a name.
        using var folder = new DocumentFolder();
        folder.Write("good.md", "Text");
        Run("sh", "-c", $"printf Text > \"$(printf '{folder.Root}/bad\\377.md')\"");

        var result = folder.Ingest(".");

        Assert.Equal(["good.md active good.md"], folder.Entries());
        Assert.Contains("UTF-8", Assert.Single(result.Skipped).Reason, StringComparison.Ordinal);
        Run("rm", "-r", folder.Root); // .NET cannot: it has no text for that name either.
    }

    [Fact]
    public async Task Ingest_FileSwappedForALinkAgainAndAgain_NeverGivesWhatIsOutside()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new DocumentFolder();
        var outside = Directory.CreateDirectory(Path.Combine(folder.Fixture.Folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "x.md"), Outside);
        folder.Write("docs/x.md", "The text within the root, to be");
        var (docs, kept) = (folder.FullPath("docs"), folder.FullPath("kept"));
        using var done = new CancellationTokenSource();
        var swapper = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Directory.Move(docs, kept);
                Directory.CreateSymbolicLink(docs, outside);
                File.Delete(docs);
                Directory.Move(kept, docs);
            }
        }, TestContext.Current.CancellationToken);

        for (var i = 0; i < 300; i++) folder.Ingest("docs/x.md");
        await done.CancelAsync();
        await swapper;

        Assert.Equal(["0"], folder.Fixture.Rows("SELECT count(*) FROM entries WHERE body LIKE '%outside%'"));
    }

    private static void Run(string program, params string[] arguments) => Assert.True(TryRun(program, arguments));

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
