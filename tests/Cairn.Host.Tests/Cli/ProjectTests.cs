using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn project: list, rename, merge.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void List_Words_MarksTheProjectOfThisFolder()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Here");
        CliProcess.Save(home, "There", "--project", "there");

        var shown = CliProcess.Run(home, ["project", "list"]).ShouldExitWith(0).Output;

        Assert.Matches($@"(?m)^\* project +1 +\d{{4}}-\d\d-\d\d +{home.Project}", shown);
        Assert.Matches(@"(?m)^  there +1 ", shown);
    }

    [Fact]
    public void List_Json_TellsByWhatEachIsKnown()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Here");

        var list = CliProcess.Json(home, ["project", "list"]);

        Assert.Equal("project", list.String("current"));
        var project = Assert.Single(list.Array("projects"))!.AsObject();
        Assert.Equal(["name", "entries", "last_entry_at", "created_at", "roots"], project.Select(static field => field.Key));
        Assert.Equal(("project", 1, home.Project), (project.String("name"), (int)project["entries"]!, (string)project.Array("roots")[0]!));
    }

    [Fact]
    public void List_BeforeAnythingWasSaved_NamesTheProjectThatItWouldBe()
    {
        using var home = new TempHome();

        var list = CliProcess.Json(home, ["project", "list"]);

        Assert.Equal(("project", 0), (list.String("current"), list.Array("projects").Count));
    }

    [Fact]
    public void Rename_KeepsTheFolderAndTheOldName()
    {
        using var home = new TempHome();
        var id = CliProcess.Save(home, "Limestone");

        var renamed = CliProcess.Run(home, ["project", "rename", "project", "billing"]).ShouldExitWith(0);

        Assert.Equal("Renamed to billing", renamed.Output.Trim());
        Assert.Equal("billing", CliProcess.Json(home, ["project", "list"]).String("current"));
        foreach (var name in new[] { "billing", "project", "PROJECT" })
            Assert.Equal([id], Found(home, "--project", name));
        Assert.Equal([id], Found(home));
        Assert.Equal("""{"status":"renamed","project":"invoices"}""", CliProcess.Json(home, ["project", "rename", "billing", "invoices"]).ToJsonString());
    }

    [Fact]
    public void Merge_MovesTheEntriesAndTheNames()
    {
        using var home = new TempHome();
        var first = CliProcess.Save(home, "Limestone one");
        var second = CliProcess.Save(home, "Limestone two", "--project", "other");

        var merged = CliProcess.Json(home, ["project", "merge", "other", "project"]);

        Assert.Equal("""{"status":"merged","project":"project","moved_entries":1}""", merged.ToJsonString());
        Assert.Equal(new[] { first, second }.Order(), Found(home).Order());
        Assert.Equal(new[] { first, second }.Order(), Found(home, "--project", "other").Order());
    }

    [Fact]
    public void Merge_Words_SaysHowMany()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x", "--project", "a");
        CliProcess.Save(home, "y", "--project", "b");

        Assert.Equal("Moved 1 entries to b", CliProcess.Run(home, ["project", "merge", "a", "b"]).ShouldExitWith(0).Output.Trim());
    }

    [Theory]
    [InlineData("rename nowhere new", 4, "no project has this name")]
    [InlineData("rename a b", 2, "another project has the name b; to make them one, use: cairn project merge")]
    [InlineData("rename a *", 2, "means all projects")]
    [InlineData("merge a nowhere", 4, "into: no project has this name")]
    [InlineData("merge a a", 2, "is the same project")]
    public void Project_WhatCannotBe_IsRefused(string line, int exitCode, string words)
    {
        using var home = new TempHome();
        CliProcess.Save(home, "x", "--project", "a");
        CliProcess.Save(home, "y", "--project", "b");

        CliProcess.AssertRefused(home, exitCode, words, ["project", .. line.Split(' ')]);
    }

    private static IEnumerable<string> Found(TempHome home, params string[] more) =>
        CliProcess.Json(home, ["search", "limestone", .. more]).Array("items").Select(static item => item!.AsObject().String("id"));
}
