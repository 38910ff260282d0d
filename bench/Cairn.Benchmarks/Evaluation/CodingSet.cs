using System.Globalization;
using System.Text.RegularExpressions;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// Questions to the memory of coding projects, from the files in Data: topics written by hand, each project's lying among
/// a made-up everyday history of months. Every topic is in another project as well, word for word, where it must not be
/// found. The same for the same day; days are counted back from it, so that "last week" is. Projects are held out whole.
/// </summary>
internal static partial class CodingSet
{
    public const string Tune = "coding, tune", Holdout = "coding, holdout";

    /// <summary>All of it, entries in the order of their times.</summary>
    /// <exception cref="FormatException">A file breaks its form, or a question names an entry that is not there.</exception>
    public static EvaluationSet Read(string folder, DateOnly today)
    {
        var files = Files(folder, "tune").Concat(Files(folder, "holdout")).ToArray();
        var history = new CodingHistory(folder);
        var documents = files.SelectMany(file => file.Topics.SelectMany(topic => Documents(file, topic, today, history)).Concat(history.Of(file, today)));
        var questions = files.SelectMany(file => file.Topics.SelectMany(topic => topic.Questions.Select(asked => Ask(file, topic, asked, today))));
        return new EvaluationSet("coding", [new Portion([.. documents.OrderBy(static document => document.At).ThenBy(static document => document.Name, StringComparer.Ordinal)], [.. questions])]);
    }

    private static IEnumerable<TopicFile> Files(string folder, string half) =>
        Directory.EnumerateFiles(Path.Combine(folder, half), "*.txt").Order(StringComparer.Ordinal).Select(path => TopicFile.Read(path, heldOut: half == "holdout"));

    private static IEnumerable<Document> Documents(TopicFile file, Topic topic, DateOnly today, CodingHistory history)
    {
        for (var i = 0; i < topic.Entries.Count; i++)
        {
            var entry = topic.Entries[i];
            if (entry.Lines.Count < 2) throw new FormatException($"{file.Project}, {topic.Name}: {entry.Name} needs a title and a text.");
            var project = entry.Options.GetValueOrDefault("in", file.Project);
            var day = entry.Day(today);
            var one = new Document(Name(file, topic, entry.Name), project, entry.Lines[0], string.Join('\n', entry.Lines.Skip(1).Select((line, at) => history.Spell(line, $"{topic.Name} {entry.Name} {at}"))))
            {
                Type = entry.Type,
                SourceRef = entry.Options.GetValueOrDefault("ref"),
                Session = SessionOf(project, day),
                At = new DateTimeOffset(day, new TimeOnly(10, 0).AddMinutes(i * 11), TimeSpan.Zero),
                Supersedes = entry.Options.TryGetValue("over", out var old) ? Name(file, topic, Require(topic, old).Name) : null,
                Answer = Name(file, topic, Require(topic, entry.Options.GetValueOrDefault("same", entry.Name)).Name),
            };
            yield return one;
            var fork = $"{project}-fork";
            yield return one with
            {
                Name = Fork(one.Name), Project = fork, Session = SessionOf(fork, day), Answer = Fork(one.Answer), Supersedes = one.Supersedes is { } former ? Fork(former) : null,
            };
        }
    }

    private static Question Ask(TopicFile file, Topic topic, TopicQuestion asked, DateOnly today)
    {
        var answers = asked.Answers.Select(name => Require(topic, name)).ToArray();
        var text = DatePattern().Replace(asked.Text, match => Require(topic, match.Groups[2].Value).Day(today)
            .ToString(match.Groups[1].Value == "month" ? "MMMM" : "yyyy-MM-dd", CultureInfo.InvariantCulture));
        return new Question(file.HeldOut ? Holdout : Tune, asked.Kind, file.Project, text, answers.Select(entry => Name(file, topic, entry.Name)).ToHashSet())
        {
            Outdated = answers.SelectMany(entry => Former(topic, entry)).Select(entry => Name(file, topic, entry.Name)).ToHashSet(),
            HeldOut = file.HeldOut,
        };
    }

    private static IEnumerable<TopicEntry> Former(Topic topic, TopicEntry entry)
    {
        while (entry.Options.TryGetValue("over", out var name)) yield return entry = Require(topic, name);
    }

    private static TopicEntry Require(Topic topic, string name) =>
        topic.Entries.FirstOrDefault(entry => entry.Name == name) ?? throw new FormatException($"The topic {topic.Name} has no entry {name}.");

    public static string SessionOf(string project, DateOnly day) => $"{project}-{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

    private static string Name(TopicFile file, Topic topic, string entry) => $"{file.Project}/{topic.Name}/{entry}";

    private static string Fork(string name) => $"fork of {name}";

    [GeneratedRegex(@"\{(month|date):([^}]+)\}")]
    private static partial Regex DatePattern();
}
