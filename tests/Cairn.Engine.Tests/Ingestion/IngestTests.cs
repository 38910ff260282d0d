using Cairn.Engine.Entries;
using Cairn.Engine.Ingestion;

namespace Cairn.Engine.Tests.Ingestion;

public sealed class IngestTests
{
    private const string Two = "# A\n\nFirst text.\n\n# B\n\nSecond text.\n";

    [Fact]
    public void Ingest_Markdown_IsOneEntryASectionAndFound()
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/x.md", "---\nstatus: accepted\n---\n" + Two);

        var result = folder.Ingest("docs/x.md");

        Assert.Equal((1, 2, 0), (result.ProcessedSources, result.ImportedEntries, result.DuplicateEntries));
        Assert.Empty(result.Skipped);
        Assert.Equal(["docs/x.md#a active A", "docs/x.md#b active B"], folder.Entries());
        var found = folder.Fixture.Get(Assert.Single(folder.Fixture.Find("second", folder.Context)));
        Assert.Equal(("B", "Second text.", "document", "document", "project"), (found.Title, found.Body, found.EntryType, found.Origin, found.Project));
        Assert.Equal("""{"status":"accepted"}""", found.Metadata?.GetRawText());
    }

    [Fact]
    public void Ingest_OtherText_IsOneEntryAFile()
    {
        using var folder = new DocumentFolder();
        folder.Write("notes.txt", "# no heading here\r\n\r\nText.\r\n");

        folder.Ingest("notes.txt");

        Assert.Equal(["notes.txt active notes.txt"], folder.Entries());
        Assert.Equal("# no heading here\n\nText.", folder.Fixture.Get(folder.IdOf("notes.txt")).Body);
    }

    [Fact]
    public void Ingest_LongText_ComesInParts()
    {
        using var folder = new DocumentFolder();
        folder.Write("long.txt", string.Concat(Enumerable.Repeat(new string('x', 98) + "\n\n", 6000)));

        Assert.Equal((3, 0, 0), folder.Counts("long.txt"));

        Assert.Equal(["long.txt active long.txt", "long.txt#chunk-2 active long.txt (part 2)", "long.txt#chunk-3 active long.txt (part 3)"], folder.Entries());
    }

    [Fact]
    public void Ingest_Again_ChangesNothing()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");

        Assert.Equal((0, 2, 0), folder.Counts("x.md"));

        Assert.Equal(["x.md#a active A", "x.md#b active B"], folder.Entries());
        Assert.Equal(["x.md imported 2", "x.md duplicate 2"], folder.Events());
    }

    [Fact]
    public void Ingest_OneChangedSection_ChangesOneEntry()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");
        var (a, b) = (folder.IdOf("x.md#a"), folder.IdOf("x.md#b"));
        folder.Fixture.Update(b, EntryAction.Pin);

        folder.Write("x.md", Two.Replace("Second", "Other", StringComparison.Ordinal));

        Assert.Equal((1, 1, 0), folder.Counts("x.md"));
        Assert.Equal(["x.md#a active A", "x.md#b superseded B", "x.md#b active B"], folder.Entries());
        Assert.Equal(a, folder.IdOf("x.md#a"));
        var changed = folder.Fixture.Get(folder.IdOf("x.md#b"));
        Assert.Equal(("Other text.", true), (changed.Body, changed.Pinned));
        Assert.Equal([b], changed.Supersedes);
        Assert.Empty(folder.Fixture.Find("second", folder.Context));
    }

    [Fact]
    public void Ingest_ChangedFrontMatter_FollowsWithoutANewEntry()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", "---\nstatus: draft\n---\n# A\n\nText\n");
        folder.Ingest("x.md");
        var id = folder.IdOf("x.md#a");

        folder.Write("x.md", "---\nstatus: accepted\n---\n# A\n\nText\n");

        Assert.Equal((0, 1, 0), folder.Counts("x.md"));
        Assert.Equal("""{"status":"accepted"}""", folder.Fixture.Get(id).Metadata?.GetRawText());
    }

    [Fact]
    public void Ingest_AnotherType_SupersedesAll()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");

        var result = folder.Ingest(new IngestionRequest { Sources = ["x.md"], EntryType = "reference" });

        Assert.Equal(2, result.ImportedEntries);
        Assert.Equal("reference", folder.Fixture.Get(folder.IdOf("x.md#a")).EntryType);
    }

    [Fact]
    public void Ingest_TwoFilesThatSayTheSame_AreTwoEntries()
    {
        using var folder = new DocumentFolder();
        folder.Write("a.md", "# A\n\nText");
        folder.Write("b.md", "# A\n\nText");

        Assert.Equal((2, 0, 0), folder.Counts("a.md", "b.md"));
    }

    [Fact]
    public void Ingest_Sections_HappenedWhenTheFileWasWritten()
    {
        using var folder = new DocumentFolder();
        folder.Write("past.md", "# A\n\nText");
        folder.Write("future.md", "# A\n\nText");
        var past = new DateTime(2025, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(folder.FullPath("past.md"), past);
        File.SetLastWriteTimeUtc(folder.FullPath("future.md"), past.AddYears(50));

        folder.Ingest("past.md", "future.md");

        Assert.Equal(past, folder.Fixture.Get(folder.IdOf("past.md#a")).CreatedAt.UtcDateTime);
        Assert.Equal(folder.Fixture.Time.GetUtcNow(), folder.Fixture.Get(folder.IdOf("future.md#a")).CreatedAt);
    }

    [Fact]
    public void Ingest_Folder_TakesItsDocuments()
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/a.md", "# A\n\nText");
        folder.Write("docs/deep/b.TXT", "Text");
        folder.Write("docs/README", "Text");
        folder.Write("docs/code.cs", "Text");
        folder.Write("other.md", "# A\n\nText");

        var result = folder.Ingest("./docs/");

        Assert.Equal(["docs/README active docs/README", "docs/a.md#a active A", "docs/deep/b.TXT active docs/deep/b.TXT"], folder.Entries());
        Assert.Equal("docs/code.cs", Assert.Single(result.SkippedSources));
    }

    [Theory]
    [InlineData("**/*.cs", new[] { "a.cs", "src/b.cs", "src/deep/c.cs" })]
    [InlineData("src/*.cs", new[] { "src/b.cs" })]
    [InlineData("src/**", new[] { "src/b.cs", "src/deep/c.cs" })]
    [InlineData("*", new[] { "a.cs" })]
    public void Ingest_Glob_TakesWhatItMatches(string glob, string[] files)
    {
        using var folder = new DocumentFolder();
        foreach (var file in new[] { "a.cs", "src/b.cs", "src/deep/c.cs" }) folder.Write(file, "Text");

        folder.Ingest(glob);

        Assert.Equal(files, folder.Fixture.Rows("SELECT source_ref FROM entries ORDER BY source_ref"));
    }

    [Fact]
    public void Ingest_NoSources_TakesTheDefaultOnesThatAreThere()
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/decisions.md", Two);

        var result = folder.Ingest(new IngestionRequest());

        Assert.Equal((1, 2), (result.ProcessedSources, result.ImportedEntries));
        Assert.Equal(["docs/session-log.md", "docs/requirements.md"], result.SkippedSources);
    }

    [Fact]
    public void Ingest_EmptyList_DoesNothing()
    {
        using var folder = new DocumentFolder();

        var result = folder.Ingest();

        Assert.Equal((0, 0, 0), (result.ProcessedSources, result.ImportedEntries, result.Skipped.Count));
    }

    [Fact]
    public void Ingest_Secrets_AreReplacedByTheNameOfTheirRule()
    {
        using var folder = new DocumentFolder();
        var secret = "ghp_" + string.Concat("Zk3", "Rq9", "Lw7", "Xt5", "Bv2", "Nm8", "Hd4", "Jf6", "Gp1", "Sc0", "Ya3", "Qe7");
        folder.Write("x.md", $"---\ntoken: {secret}\n---\n# Deploy\n\nThe token is {secret}, kept safe.\n");

        var result = folder.Ingest("x.md");

        Assert.Equal(2, result.Redactions);
        var entry = folder.Fixture.Get(folder.IdOf("x.md#deploy"));
        Assert.Contains("[REDACTED:", entry.Body, StringComparison.Ordinal);
        Assert.EndsWith(", kept safe.", entry.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, entry.Metadata?.GetRawText(), StringComparison.Ordinal);
        folder.Delete("x.md");
        Assert.False(folder.Fixture.Holds(secret));
    }

    [Fact]
    public void Ingest_SecretKeptApartByAControlCharacterInAHeading_IsNotInTheTitle()
    {
        using var folder = new DocumentFolder();
        var secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));
        folder.Write("x.md", $"# Key {secret.Insert(12, "\u0001")}\n\nText.\n");

        folder.Ingest("x.md");

        Assert.Equal(["Key [REDACTED:github-token]"], folder.Fixture.Rows("SELECT title FROM entries"));
        folder.Delete("x.md");
        Assert.False(folder.Fixture.Holds(secret[12..]));
    }

    [Fact]
    public void Ingest_FileNamedLikeASecret_IsSkippedWithoutItsName()
    {
        using var folder = new DocumentFolder();
        var secret = "ghp_" + string.Concat("Zk3", "Rq9", "Lw7", "Xt5", "Bv2", "Nm8", "Hd4", "Jf6", "Gp1", "Sc0", "Ya3", "Qe7");
        folder.Write($"{secret}.md", "# A\n\nText");

        var skipped = Assert.Single(folder.Ingest(".").Skipped);

        Assert.DoesNotContain(secret, skipped.Source, StringComparison.Ordinal);
        folder.Delete($"{secret}.md");
        Assert.False(folder.Fixture.Holds(secret));
    }

    [Fact]
    public void Ingest_ContextWithASecret_IsRefused()
    {
        using var folder = new DocumentFolder();
        var secret = "ghp_" + string.Concat("Zk3", "Rq9", "Lw7", "Xt5", "Bv2", "Nm8", "Hd4", "Jf6", "Gp1", "Sc0", "Ya3", "Qe7");

        var error = Assert.Throws<EngineException>(() => folder.Ingest(folder.Context with { SessionId = secret }, "x.md"));

        Assert.Equal(ErrorCode.PolicyBlocked, error.Code);
        Assert.DoesNotContain(secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_PathWithAHash_IsOneFile()
    {
        using var folder = new DocumentFolder();
        folder.Write("C", "Text");
        folder.Write("C# notes.md", "# A\n\nText");
        folder.Ingest("C", "C# notes.md");

        folder.Write("C", "Other");
        folder.Ingest("C");
        folder.Delete("C# notes.md");
        folder.Ingest("*");

        Assert.Equal(["C superseded C", "C active C", "C%23 notes.md#a source_gone A"], folder.Entries());
    }

    [Fact]
    public void Ingest_LongPathsAndHeadings_StayWithinTheLimits()
    {
        using var folder = new DocumentFolder();
        var path = $"{new string('d', 75)}/{new string('f', 75)}.md";
        folder.Write(path, string.Concat(Enumerable.Range(1, 6).Select(level => $"{new string('#', level)} {new string('h', 250)} {level}\n\nText {level}\n\n")));
        folder.Write($"{new string('e', 80)}/{new string('g', 80)}.md", "Text");

        var result = folder.Ingest(".");

        Assert.Equal(6, result.ImportedEntries);
        Assert.Contains("longer than", Assert.Single(result.Skipped).Reason, StringComparison.Ordinal);
        Assert.All(folder.Fixture.Rows("SELECT title FROM entries"), title => Assert.InRange(title.Length, 250, EntryDraft.MaxTitle));
        Assert.EndsWith("h 6", folder.Fixture.Rows("SELECT title FROM entries ORDER BY key DESC LIMIT 1")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(295)]
    [InlineData(298)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(2000)]
    public void Ingest_LongHeadingBelowAnother_KeepsWhatFitsOfIt(int length)
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", $"# Outer\n\n## {new string('h', length)}\n\nText");

        folder.Ingest("x.md");

        Assert.Contains(new string('h', Math.Min(length, EntryDraft.MaxTitle - 1)), Assert.Single(folder.Fixture.Rows("SELECT title FROM entries")), StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_FromASubfolder_LooksThereFirst()
    {
        using var folder = new DocumentFolder();
        folder.Write("a.md", "Text");
        folder.Write("sub/a.md", "Text");
        folder.Write("b.md", "Text");
        folder.Fixture.Store(new NewEntry { Text = "The root is known." }, folder.Context);

        folder.Ingest(folder.Context with { WorkingDirectory = folder.FullPath("sub") }, "a.md", "b.md");

        Assert.Equal(["b.md", "sub/a.md"], folder.Fixture.Rows("SELECT source_ref FROM entries WHERE origin = 'document' ORDER BY source_ref"));
    }

    [Fact]
    public void Ingest_NamedProjectElsewhere_ReadsThatProjectsRoot()
    {
        using var folder = new DocumentFolder();
        folder.Write("a.md", "Text");
        folder.Fixture.Store(new NewEntry { Text = "The root is known." }, folder.Context);
        var elsewhere = Directory.CreateDirectory(Path.Combine(folder.Fixture.Folder, "elsewhere")).FullName;

        var result = folder.Ingest(folder.Context with { WorkingDirectory = elsewhere, Project = "project" }, "a.md");

        Assert.Equal(1, result.ImportedEntries);
        Assert.Equal("project", folder.Fixture.Get(folder.IdOf("a.md")).Project);
    }

    [Fact]
    public void Ingest_NamedProjectWithoutARoot_ReadsTheWorkingDirectory()
    {
        using var folder = new DocumentFolder();
        folder.Write("a.md", "Text");

        folder.Ingest(folder.Context with { Project = "named" }, "a.md");

        Assert.Equal("named", folder.Fixture.Get(folder.IdOf("a.md")).Project);
    }

    [Fact]
    public void Ingest_FromTheHomeFolder_TakesNothing()
    {
        using var folder = new DocumentFolder();
        Directory.CreateDirectory(folder.Fixture.Options.HomeDirectory);
        File.WriteAllText(Path.Combine(folder.Fixture.Options.HomeDirectory, "a.md"), "Text");

        var result = folder.Ingest(folder.Context with { WorkingDirectory = folder.Fixture.Options.HomeDirectory }, "a.md");

        Assert.Equal(0, result.ImportedEntries);
        Assert.Contains("too wide", Assert.Single(result.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_ManySkippedFiles_AreCountedAndTheFirstListed()
    {
        using var folder = new DocumentFolder();
        for (var i = 0; i < IngestionService.MaxShown + 5; i++) folder.Write($"f{i:000}.bin", "x");

        var result = folder.Ingest(".");

        Assert.Equal((IngestionService.MaxShown, IngestionService.MaxShown, IngestionService.MaxShown + 5), (result.Skipped.Count, result.SkippedSources.Count, result.SkippedTotal));
    }
}
