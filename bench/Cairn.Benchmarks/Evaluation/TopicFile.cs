using System.Globalization;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>What one project's file holds: the words that its everyday history is made of, and its topics.</summary>
internal sealed record TopicFile(string Project, bool HeldOut, IReadOnlyList<string> Areas, IReadOnlyList<string> Files, IReadOnlyList<Topic> Topics)
{
    /// <summary>
    /// Reads a file of this form, and says where it breaks it:
    /// <code>
    /// project ledger
    /// area card charges; invoice import
    /// file src/Payments/ChargeJob.cs
    /// == retries of failed charges
    /// + decision 150 old ref=src/Payments/ChargeJob.cs     type, when (days ago, yesterday, lastweek), name
    /// The first line is the title.
    /// The others are the text; a line "~ 20" stands for twenty sentences of a work log.
    /// + decision 40 new over=old                           over: it replaces; same: it says the same as; in: another project
    /// …
    /// ? paraphrase new : How often is a failed payment tried again?
    /// </code>
    /// A question names its kind and the entries that answer it; {month:old} and {date:old} in it are an entry's.
    /// </summary>
    /// <exception cref="FormatException">A line is not of this form.</exception>
    public static TopicFile Read(string path, bool heldOut)
    {
        string? project = null;
        List<string> areas = [], files = [];
        var topics = new List<Topic>();
        var number = 0;
        foreach (var line in File.ReadLines(path).Select(static line => line.TrimEnd()))
        {
            number++;
            if (line.Length == 0) continue;
            try
            {
                if (After(line, "project ") is { } name) project = name;
                else if (After(line, "area ") is { } some && topics.Count == 0) areas.AddRange(some.Split("; "));
                else if (After(line, "file ") is { } one && topics.Count == 0) files.AddRange(one.Split("; "));
                else if (After(line, "== ") is { } topic) topics.Add(new Topic(topic, [], []));
                else if (After(line, "+ ") is { } head) topics[^1].Entries.Add(TopicEntry.Parse(head));
                else if (After(line, "? ") is { } asked) topics[^1].Questions.Add(TopicQuestion.Parse(asked));
                else topics[^1].Entries[^1].Lines.Add(line);
            }
            catch (Exception error) when (error is ArgumentException or FormatException)
            {
                throw new FormatException($"{path}, line {number}: {error.Message}", error);
            }
        }
        return new TopicFile(project ?? throw new FormatException($"{path} names no project."), heldOut, areas, files, topics);
    }

    private static string? After(string line, string start) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..].Trim() : null;
}

/// <summary>Entries about one thing, and what is asked about them.</summary>
internal sealed record Topic(string Name, List<TopicEntry> Entries, List<TopicQuestion> Questions);

/// <summary>One entry of a topic: its head, and its lines, of which the first is the title.</summary>
internal sealed record TopicEntry(string Type, string When, string Name, IReadOnlyDictionary<string, string> Options, List<string> Lines)
{
    private static readonly HashSet<string> Known = ["ref", "over", "same", "in"];

    public static TopicEntry Parse(string head)
    {
        var words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3) throw new FormatException("An entry has a type, a time and a name.");
        var options = words[3..].Select(static word => word.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair.Length == 2 ? pair[1] : "");
        if (options.Keys.FirstOrDefault(static key => !Known.Contains(key)) is { } strange) throw new FormatException($"{strange} is no option of an entry.");
        return new TopicEntry(words[0], words[1], words[2], options, []);
    }

    /// <summary>The day on which it happened.</summary>
    public DateOnly Day(DateOnly today) => When switch
    {
        "yesterday" => today.AddDays(-1),
        "lastweek" => today.AddDays(-SinceMonday(today) - 5), // the Wednesday of the week before
        _ => today.AddDays(-int.Parse(When, NumberStyles.None, CultureInfo.InvariantCulture)),
    };

    private static int SinceMonday(DateOnly day) => ((int)day.DayOfWeek + 6) % 7;
}

/// <summary>One question of a topic, and the names of the entries that answer it.</summary>
internal sealed record TopicQuestion(string Kind, IReadOnlyList<string> Answers, string Text)
{
    public static TopicQuestion Parse(string line)
    {
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        var words = colon < 0 ? [] : line[..colon].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2) throw new FormatException("A question has a kind, the names of its answers joined with commas, a colon between spaces, and its text.");
        return new TopicQuestion(words[0], words[1].Split(','), line[(colon + 3)..].Trim());
    }
}
