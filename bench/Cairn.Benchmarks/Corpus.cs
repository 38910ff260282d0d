using System.Text;

namespace Cairn.Benchmarks;

/// <summary>One made-up note: what a save would be sent.</summary>
internal readonly record struct Note(string Title, string Body, string Project);

/// <summary>A search, and the number of the note that its words come from.</summary>
internal readonly record struct Query(string[] Words, int Source)
{
    /// <summary>As a user types it.</summary>
    public string Text => string.Join(' ', Words);

    /// <summary>The same words as an FTS5 query: any of them, each quoted.</summary>
    public string Match => string.Join(" OR ", Words.Select(word => $"\"{word}\""));
}

/// <summary>
/// Endless made-up notes, the same for the same seed: English stop words, made-up words of a Zipf distribution and
/// identifiers of code; a title of 8 words and a body of about 100 (880 bytes), in one of 10 projects.
/// </summary>
internal sealed class Corpus(int seed)
{
    private const int Vocabulary = 30_000;
    private const int Identifiers = 5_000;
    private const int Projects = 10;
    private const int ContentHead = 20; // the first ranks of the language are its stop words

    private static readonly string[] StopWords =
    [
        "the", "to", "of", "and", "a", "in", "is", "it", "for", "that", "with", "on", "be", "was", "this", "as", "not",
        "are", "by", "from", "or", "when", "we", "at", "an", "if", "but", "which", "so", "has", "have", "then", "only",
        "can", "were", "how", "all", "no", "its", "what", "into", "there", "does", "will", "why", "after", "before",
    ];

    private static readonly string[] Syllables =
    [
        "ba", "cor", "del", "fin", "gra", "hol", "ist", "jun", "kel", "lor", "men", "nav", "or", "pel", "qui", "ras",
        "sel", "tor", "umb", "ver", "wen", "xal", "yor", "zet", "tri", "plo", "ska", "mir", "dun", "fet", "gol", "nis",
    ];

    private readonly string[] _words = Distinct(new Random(seed), Vocabulary, MakeWord);
    private readonly string[] _identifiers = Distinct(new Random(seed + 1), Identifiers, MakeIdentifier);
    private readonly double[] _wordWeights = Zipf(Vocabulary, ContentHead);
    private readonly double[] _identifierWeights = Zipf(Identifiers, ContentHead);
    private readonly double[] _stopWordWeights = Zipf(StopWords.Length, 1);

    /// <summary>The name of one of the ten projects.</summary>
    public static string Project(int number) => $"project-{number % Projects}";

    /// <summary>The note with this number, from 0 upwards.</summary>
    public Note this[int number]
    {
        get
        {
            var random = new Random(HashCode(number));
            var title = string.Join(' ', Enumerable.Range(0, 8).Select(_ => Draw(random)));
            var body = new StringBuilder();
            var length = random.Next(70, 131);
            for (var i = 0; i < length; i++)
            {
                if (i > 0) body.Append(i % 12 == 0 ? ". " : " ");
                body.Append(Draw(random));
            }
            return new Note(title, body.ToString(), Project(random.Next(Projects)));
        }
    }

    /// <summary>
    /// A search for one of the first <paramref name="size"/> notes: 2-5 of its words that are no stop words, and with
    /// <paramref name="stopWords"/> 2-4 stop words among them, as in a sentence.
    /// </summary>
    public Query Search(int number, int size, bool stopWords)
    {
        var random = new Random(HashCode(-1 - number));
        var source = random.Next(size);
        var content = this[source].Body.Split([' ', '.'], StringSplitOptions.RemoveEmptyEntries).Except(StopWords).Distinct().ToArray();
        random.Shuffle(content);
        var words = content.Take(random.Next(2, 6));
        if (stopWords) words = words.Concat(StopWords.OrderBy(_ => random.Next()).Take(random.Next(2, 5)));
        var mixed = words.ToArray();
        random.Shuffle(mixed);
        return new Query(mixed, source);
    }

    /// <summary>A made-up word of the language, each as likely as any other.</summary>
    public string Rare(int number) => _words[new Random(HashCode(number)).Next(Vocabulary)];

    /// <summary>The most frequent made-up words of the notes.</summary>
    public IEnumerable<string> Frequent(int count) => _words.Take(count);

    private int HashCode(int number) => unchecked(seed * 1_000_003 + number * 7_919);

    private string Draw(Random random) => random.NextDouble() switch
    {
        < 0.38 => StopWords[Pick(random, _stopWordWeights)],
        < 0.90 => _words[Pick(random, _wordWeights)],
        _ => _identifiers[Pick(random, _identifierWeights)],
    };

    private static int Pick(Random random, double[] cumulative)
    {
        var found = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, cumulative.Length - 1);
    }

    private static double[] Zipf(int count, int head)
    {
        var cumulative = new double[count];
        var sum = 0.0;
        for (var rank = 0; rank < count; rank++) cumulative[rank] = sum += 1.0 / (rank + head);
        return cumulative;
    }

    private static string[] Distinct(Random random, int count, Func<Random, string> make)
    {
        var made = new HashSet<string>(count);
        while (made.Count < count) made.Add(make(random));
        return [.. made];
    }

    private static string MakeWord(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => Syllables[random.Next(Syllables.Length)]));

    private static string MakeIdentifier(Random random)
    {
        var (first, second) = (MakeWord(random), MakeWord(random));
        return random.Next(3) switch
        {
            0 => $"{first}_{second}",
            1 => $"{first}{char.ToUpperInvariant(second[0])}{second[1..]}",
            _ => $"src/{first}/{second}.cs",
        };
    }
}
