using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>What goes, comes back, or was put away by hand.</summary>
public sealed class IngestGoneTests
{
    private const string Two = "# A\n\nFirst text.\n\n# B\n\nSecond text.\n";

    [Fact]
    public void Ingest_SectionThatIsGone_IsArchived()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");

        folder.Write("x.md", "# A\n\nFirst text.\n");

        Assert.Equal((0, 1, 1), folder.Counts("x.md"));
        Assert.Equal(["x.md#a active A", "x.md#b source_gone B"], folder.Entries());
        Assert.Equal(["x.md imported 2", "x.md archived 1"], folder.Events());
    }

    [Theory]
    [InlineData("docs/x.md")]
    [InlineData("docs")]
    [InlineData(".")]
    [InlineData("docs/*.md")]
    [InlineData("**/*.md")]
    public void Ingest_FileThatIsGone_IsArchived(string source)
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/x.md", Two);
        folder.Write("docs/y.md", Two);
        folder.Ingest("docs");

        folder.Delete("docs/x.md");

        Assert.Equal(2, folder.Ingest(source).ArchivedEntries);
        Assert.Equal(["docs/x.md#a source_gone A", "docs/x.md#b source_gone B", "docs/y.md#a active A", "docs/y.md#b active B"], folder.Entries());
        Assert.Null(folder.Ingest(source).ArchivedEntries);
    }

    [Theory]
    [InlineData("docs")]
    [InlineData("docs/**/*.md")]
    [InlineData("docs/deep/x.md")]
    public void Ingest_FolderThatIsGone_IsArchivedWithoutAComplaint(string source)
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/deep/x.md", Two);
        folder.Ingest("docs");

        Directory.Delete(folder.FullPath("docs"), recursive: true);
        var result = folder.Ingest(source);

        Assert.Equal(2, result.ArchivedEntries);
        Assert.Empty(result.Skipped);
    }

    [Fact]
    public void Ingest_FileOutsideTheSources_IsLeftAlone()
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/x.md", Two);
        folder.Write("docs-old/y.md", Two);
        folder.Ingest("docs", "docs-old");

        folder.Delete("docs-old/y.md");

        Assert.Equal((0, 2, 0), folder.Counts("docs"));
    }

    [Fact]
    public void Ingest_FileThatComesBack_BringsItsEntriesBack()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");
        var id = folder.IdOf("x.md#a");
        folder.Delete("x.md");
        folder.Ingest("x.md");

        folder.Write("x.md", Two.Replace("Second", "Other", StringComparison.Ordinal));

        Assert.Equal((2, 0, 0), folder.Counts("x.md"));
        Assert.Equal(["x.md#a active A", "x.md#b source_gone B", "x.md#b active B"], folder.Entries());
        Assert.Equal(id, folder.IdOf("x.md#a"));
    }

    [Fact]
    public void Ingest_SectionForgottenByHand_StaysForgottenWhileItSaysTheSame()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");
        folder.Fixture.Update(folder.IdOf("x.md#b"), EntryAction.Forget);

        Assert.Equal((0, 2, 0), folder.Counts("x.md"));
        folder.Write("x.md", Two + "\n# C\n\nThird text.\n");
        Assert.Equal((1, 2, 0), folder.Counts("x.md"));

        Assert.Equal(["x.md#a active A", "x.md#b forgotten B", "x.md#c active C"], folder.Entries());
    }

    [Fact]
    public void Ingest_SectionForgottenByHand_ComesWithANewText()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");
        var forgotten = folder.IdOf("x.md#b");
        folder.Fixture.Update(forgotten, EntryAction.Forget);

        folder.Write("x.md", Two.Replace("Second", "Other", StringComparison.Ordinal));
        folder.Ingest("x.md");

        Assert.Equal(["x.md#a active A", "x.md#b forgotten B", "x.md#b active B"], folder.Entries());
        Assert.Equal(folder.IdOf("x.md#b"), folder.Fixture.Update(forgotten, EntryAction.Reinstate).SupersededBy);
    }

    [Fact]
    public void Ingest_SectionRevisedByHand_StaysRevisedWhileItSaysTheSame()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", Two);
        folder.Ingest("x.md");
        folder.Fixture.Update(new EntryChange { Id = folder.IdOf("x.md#b"), Action = EntryAction.Revise, Text = "By hand." });

        folder.Write("x.md", Two + "\n# C\n\nThird text.\n");

        Assert.Equal((1, 2, 0), folder.Counts("x.md"));
        Assert.Equal(["x.md#a active A", "x.md#b superseded B", "x.md#b active B", "x.md#c active C"], folder.Entries());
    }

    [Fact]
    public void Ingest_FileThatMayNotBeLookedAt_IsNotTakenForGone()
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/x.md", Two);
        folder.Ingest("docs/x.md");
        if (OperatingSystem.IsWindows()) return;

        using (new ClosedFolder(folder.FullPath("docs"))) Assert.Null(folder.Ingest("docs/x.md").ArchivedEntries);

        Assert.Equal(["x active"], folder.Fixture.Rows("SELECT DISTINCT 'x ' || state FROM entries"));
    }
}
