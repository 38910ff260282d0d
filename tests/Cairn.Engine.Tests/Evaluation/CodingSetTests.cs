using Cairn.Benchmarks.Evaluation;

namespace Cairn.Engine.Tests.Evaluation;

/// <summary>What the coding set of eng/eval must hold for its figures to mean something, whatever the day.</summary>
public sealed class CodingSetTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Evaluation", "Data");
    private static readonly DateOnly Today = new(2026, 3, 2);

    private readonly Portion _set = CodingSet.Read(Folder, Today).Portions.Single();

    [Fact]
    public void Read_TheSameDay_IsTheSame()
    {
        var again = CodingSet.Read(Folder, Today).Portions.Single();

        Assert.Equal(_set.Documents.Select(Shown), again.Documents.Select(Shown));
        Assert.Equal(_set.Questions.Select(static question => question.Text), again.Questions.Select(static question => question.Text));

        static (string, string, string, DateTimeOffset?) Shown(Document document) => (document.Name, document.Title, document.Text, document.At);
    }

    [Fact]
    public void Read_Questions_AreMany_AndAThirdIsHeldOut()
    {
        Assert.True(_set.Questions.Count >= 150);
        var heldOut = _set.Questions.Where(static question => question.HeldOut).ToArray();
        Assert.InRange(heldOut.Length, _set.Questions.Count / 3, _set.Questions.Count / 2);
        Assert.Empty(heldOut.Select(static question => question.Project).Intersect(_set.Questions.Where(static question => !question.HeldOut).Select(static question => question.Project)));
    }

    [Fact]
    public void Read_EveryKind_IsInBothHalves()
    {
        string[] kinds = ["paraphrase", "reworded", "words", "identifier", "parts", "path", "error", "flag", "time", "deep", "superseded", "duplicate"];
        foreach (var heldOut in new[] { false, true })
            Assert.Equal(kinds.Order(), _set.Questions.Where(question => question.HeldOut == heldOut).Select(static question => question.Kind).Distinct().Order());
    }

    [Fact]
    public void Read_EveryAnswer_IsAnEntryOfItsProject_AndInForce()
    {
        var documents = _set.Documents.ToDictionary(static document => document.Name);
        var replaced = _set.Documents.Select(static document => document.Supersedes).OfType<string>().ToHashSet();
        foreach (var question in _set.Questions)
        {
            Assert.NotEmpty(question.Answers);
            Assert.All(question.Answers, answer => Assert.Equal(question.Project, documents[answer].Project));
            Assert.All(question.Answers, answer => Assert.DoesNotContain(answer, replaced));
            Assert.All(question.Outdated, outdated => Assert.Contains(outdated, replaced));
        }
    }

    [Fact]
    public void Read_EveryAnswer_StandsInAnotherProjectToo()
    {
        var texts = _set.Documents.ToLookup(static document => document.Text);
        var documents = _set.Documents.ToDictionary(static document => document.Name);
        Assert.All(_set.Questions.SelectMany(static question => question.Answers), answer =>
            Assert.Contains(texts[documents[answer].Text], other => other.Project != documents[answer].Project));
    }

    [Fact]
    public void Read_NoTwoEntriesOfAProject_AreTheSame() =>
        Assert.Equal(_set.Documents.Count, _set.Documents.DistinctBy(static document => (document.Project, document.Type, document.Title, document.Text)).Count());

    [Fact]
    public void Read_NoQuestion_IsAskedTwice() =>
        Assert.Equal(_set.Questions.Count, _set.Questions.DistinctBy(static question => (question.Project, question.Text)).Count());

    [Theory]
    [InlineData("2026-03-01", "2026-02-18")] // a Sunday: the Wednesday of the week before
    [InlineData("2026-03-02", "2026-02-25")] // a Monday
    [InlineData("2026-03-07", "2026-02-25")] // a Saturday
    public void Day_LastWeek_IsItsWednesday(string today, string day) =>
        Assert.Equal(DateOnly.Parse(day, null), TopicEntry.Parse("note lastweek a").Day(DateOnly.Parse(today, null)));

    [Theory]
    [InlineData("area of nothing", "names no project")]
    [InlineData("project p\n== t\n+ note 3", "line 3")]
    [InlineData("project p\n== t\n+ note 3 a ref=b odd=c", "odd is no option")]
    [InlineData("project p\n== t\n? paraphrase : what", "line 3")]
    public void Read_BrokenFile_SaysWhere(string text, string says)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("cairn-topics-").FullName, "p.txt");
        File.WriteAllText(path, text);

        var error = Assert.Throws<FormatException>(() => TopicFile.Read(path, heldOut: false));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
