using System.Globalization;
using Cairn.Benchmarks.Policy;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// The everyday entries that answers lie among: commits, commands, notes, handoffs and small fixes, put together from the
/// sentences of Data/history.txt with a project's own areas and files, some with a topic's name and nothing of what was asked
/// about it; and the sentences of a work log, of Data/worklog.txt.
/// </summary>
internal sealed class CodingHistory(string folder)
{
    private const int PerProject = 264;
    private const int FirstDay = 3, LastDay = 240;
    private const int FirstTicket = 1200;

    private readonly string[][] _kinds = [.. Lines(folder, "history.txt").Select(static line => line.Split(" | "))];
    private readonly string[] _sentences = [.. Lines(folder, "worklog.txt")];

    /// <summary>A project's everyday entries, some on days of their own and some two or three on one.</summary>
    public IEnumerable<Document> Of(TopicFile file, DateOnly today)
    {
        for (var i = 0; i < PerProject; i++)
        {
            var draw = new Draw($"{file.Project} {i}");
            var (type, title, text) = _kinds[i % _kinds.Length] is [var first, var second, var third] ? (first, second, third) : throw new FormatException($"history.txt: kind {i % _kinds.Length + 1} has not three parts.");
            var (area, other, path) = (draw.Of([.. file.Areas]), draw.Of([.. file.Areas]), draw.Of([.. file.Files]));
            var topic = draw.Of([.. file.Topics.Select(static topic => topic.Name)]);
            string Fill(string template) => template
                .Replace("{area}", area, StringComparison.Ordinal).Replace("{other}", other, StringComparison.Ordinal).Replace("{file}", path, StringComparison.Ordinal).Replace("{topic}", topic, StringComparison.Ordinal);
            var day = today.AddDays(-draw.Number(FirstDay, LastDay));
            yield return new Document($"{file.Project}/history/{i:000}", file.Project, Fill(title), string.Create(CultureInfo.InvariantCulture, $"{Fill(text)} {Spell("~ 3", $"{file.Project} {i}")} Ticket {i + FirstTicket}."))
            {
                Type = type,
                SourceRef = type is "commit" or "bugfix" ? path : null,
                Session = CodingSet.SessionOf(file.Project, day),
                At = new DateTimeOffset(day, new TimeOnly(14, 0).AddMinutes(i % 12 * 7), TimeSpan.Zero),
            };
        }
    }

    /// <summary>A line as it is, or for "~ 20" twenty sentences, the same for the same name.</summary>
    public string Spell(string line, string name)
    {
        if (!line.StartsWith("~ ", StringComparison.Ordinal)) return line;
        var draw = new Draw(name);
        return string.Join(' ', Enumerable.Range(0, int.Parse(line.AsSpan(2), CultureInfo.InvariantCulture)).Select(_ => draw.Of(_sentences)));
    }

    private static IEnumerable<string> Lines(string folder, string name) => File.ReadLines(Path.Combine(folder, name)).Where(static line => line.Length > 0);
}
