using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// Sets of others, read from a folder that the user has: LoCoMo's conversations (Maharana et al. 2024), a turn an entry and
/// a conversation a project, and CoSQA's functions (Huang et al. 2021) as entries. Nothing of them is in this repository.
/// </summary>
internal static partial class PublicSets
{
    private const int TitleLength = 60;
    private const int Adversarial = 5;

    /// <summary>Every set whose file is in the folder.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IReadOnlyList<EvaluationSet> In(string folder)
    {
        var (locomo, sets) = (Path.Combine(folder, "locomo-dev.json"), Path.Combine(folder, "sets.json"));
        var found = new List<EvaluationSet>();
        if (File.Exists(locomo)) found.Add(Locomo(Read(locomo)));
        if (File.Exists(sets) && Read(sets).TryGetProperty("cosqa", out var cosqa)) found.Add(Cosqa(cosqa));
        return found.Count > 0 ? found : throw new FileNotFoundException($"Neither locomo-dev.json nor a sets.json with cosqa is in {folder}.");
    }

    private static JsonElement Read(string path) => JsonElement.Parse(File.ReadAllBytes(path));

    private static EvaluationSet Locomo(JsonElement samples)
    {
        var portions = new List<Portion>();
        foreach (var sample in samples.EnumerateArray())
        {
            var project = Text(sample, "sample_id");
            var turns = Turns(project, sample.GetProperty("conversation")).ToArray();
            var names = turns.Select(static turn => turn.Name).ToHashSet();
            var questions = new List<Question>();
            foreach (var asked in sample.GetProperty("qa").EnumerateArray())
            {
                var category = asked.GetProperty("category").GetInt32();
                var evidence = asked.TryGetProperty("evidence", out var list) ? list.EnumerateArray().SelectMany(one => TurnNames(project, one.ToString())) : [];
                var answers = evidence.Where(names.Contains).ToHashSet();
                if (answers.Count == 0) continue;
                questions.Add(new Question(
                    category == Adversarial ? "LoCoMo, category 5" : "LoCoMo, categories 1-4", $"category {category}", project, Text(asked, "question"), answers));
            }
            portions.Add(new Portion(turns, questions));
        }
        return new EvaluationSet("LoCoMo", portions);
    }

    private static IEnumerable<Document> Turns(string project, JsonElement conversation)
    {
        for (var session = 1; ; session++)
        {
            var dated = conversation.TryGetProperty($"session_{session}_date_time", out var time);
            var spoken = conversation.TryGetProperty($"session_{session}", out var turns);
            if (!dated && !spoken) yield break;
            if (!spoken || turns.ValueKind != JsonValueKind.Array) continue;
            var date = dated ? time.ToString() : "";
            foreach (var turn in turns.EnumerateArray())
            {
                var (id, speaker, text) = (Text(turn, "dia_id"), Text(turn, "speaker"), Text(turn, "text"));
                if (turn.TryGetProperty("blip_caption", out var caption) && caption.ToString() is { Length: > 0 } photo) text += $" [shared a photo: {photo}]";
                yield return new Document($"{project}#{id}", project, Title(text), $"{speaker} ({date}): {text}")
                {
                    SourceRef = $"{project}#{id}",
                    Session = $"{project}-s{session}",
                    Metadata = [("date", Iso(date)), ("speaker", speaker)],
                };
            }
        }
    }

    // "D1:3", several in one string, or with a leading zero: as the set's authors wrote them.
    private static IEnumerable<string> TurnNames(string project, string evidence) => TurnPattern().Matches(evidence).Select(match =>
        $"{project}#D{Number(match.Groups[1].Value)}:{Number(match.Groups[2].Value)}");

    private static EvaluationSet Cosqa(JsonElement groups)
    {
        var documents = new List<Document>();
        var questions = new List<Question>();
        foreach (var group in groups.EnumerateArray())
        {
            var project = Text(group, "name");
            foreach (var text in group.GetProperty("docs").EnumerateArray().Select(static text => text.GetString()!))
            {
                var name = $"{project}#{documents.Count}";
                documents.Add(new Document(name, project, Title(text), text) { SourceRef = name, Session = $"{project}-s0", Metadata = [("date", ""), ("speaker", "")] });
            }
            questions.AddRange(group.GetProperty("qs").EnumerateArray().Select(asked => new Question(
                "CoSQA", "web query", project, Text(asked, "q"), asked.GetProperty("ev").EnumerateArray().Select(one => $"{project}#{one}").ToHashSet())));
        }
        return new EvaluationSet("CoSQA", [new Portion(documents, questions)]);
    }

    // A title is given in runes, so that none is cut in half.
    private static string Title(string text) => string.Concat(text.EnumerateRunes().Take(TitleLength)) is { } title && !string.IsNullOrWhiteSpace(title) ? title : "turn";

    private static string Iso(string date) =>
        DateTime.TryParseExact(date.Replace(",", "", StringComparison.Ordinal), "h:mm tt 'on' d MMMM yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToString("yyyy-MM-dd'T'HH:mm:00'Z'", CultureInfo.InvariantCulture)
            : date;

    private static string Text(JsonElement of, string name) => of.GetProperty(name).ToString();

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"D:?(\d+):(\d+)")]
    private static partial Regex TurnPattern();
}
