using System.Diagnostics;
using System.Text;
using Cairn.Engine.Policy;

namespace Cairn.Benchmarks.Policy;

/// <summary>A time of the scanner, in milliseconds: the first scan of a text, the median of the next ones; over many texts the percentiles of their medians.</summary>
internal sealed record TimeRow(string Measure, int Characters, double? First, double Median, double? P99);

/// <summary>How long scans take: a process's first one, notes of 4 kB, and texts of 1 MB that are hard in different ways.</summary>
internal sealed class ScanTimes(int seed, string root)
{
    private const int Note = 4_096;
    private const int Large = 1_000_000;
    private const int Rounds = 5;

    private readonly Corpus _prose = new(seed);
    private readonly SecretScanner _scanner = new();

    /// <summary>
    /// Measures the first scans; so it must run before anything else scans in this process. The first includes building
    /// the scanner and, unlike in the native program, compiling its code.
    /// </summary>
    public IReadOnlyList<TimeRow> First()
    {
        string note = Prose(Note), keywords = KeywordDense(Note);
        return [Again("first note, then again", note), Again("first note full of keywords, then again", keywords)];
    }

    public IReadOnlyList<TimeRow> Run(IReadOnlyList<LabelledText> texts)
    {
        var times = new Samples();
        var padded = texts.Select(text => text.Text.Length < Note ? text.Text + "\n" + Prose(Note - text.Text.Length) : text.Text).ToArray();
        foreach (var text in padded) times.Add(Again("", text).Median);
        return
        [
            new TimeRow("corpus text padded to 4 kB", Note, null, times.Percentile(0.5), times.Percentile(0.99)),
            Again("1 MB of prose", Prose(Large)),
            Again("1 MB of source", Source()),
            Again("1 MB of base64", Base64()),
            Again("1 MB full of keywords", KeywordDense(Large)),
        ];
    }

    private TimeRow Again(string measure, string text)
    {
        var first = Scan(text);
        var times = new Samples();
        for (var i = 0; i < Rounds; i++) times.Add(Scan(text));
        return new TimeRow(measure, text.Length, first, times.Percentile(0.5), null);
    }

    private double Scan(string text)
    {
        var start = Stopwatch.GetTimestamp();
        _scanner.Scan(text);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private string Prose(int length) => Filled(length, Enumerable.Range(0, int.MaxValue).Select(number => _prose[number].Body));

    private string Source()
    {
        var pieces = RealText.Of(root).Single(set => set.Name == "repository *.cs").Pieces.Select(piece => piece.Text).ToArray();
        return Filled(Large, Enumerable.Range(0, int.MaxValue).Select(number => pieces[number % pieces.Length]));
    }

    private string Base64()
    {
        var draw = new Draw($"{seed}/times");
        return Filled(Large, Enumerable.Range(0, int.MaxValue).Select(_ => draw.Base64Text(76)));
    }

    /// <summary>What starts like a secret all the time and is none: every keyword and prefix, cut short or followed by a reference.</summary>
    private string KeywordDense(int length)
    {
        string[] starts =
        [
            "password=", "password: ", "token: ", "secret = ", "api_key=", "Authorization: Bearer ", "Authorization: Basic ",
            "ghp_", "github_pat_", "glpat-", "AKIA", "sk-ant-", "sk-proj-", "sk_live_", "xoxb-", "AIza", "ya29.", "eyJ", "SG.",
            "-----BEGIN ", "PRIVATE KEY-----", "postgres://u:", "https://", "Password=", "AccountKey=", "PGPASSWORD=",
            "curl -u ", "mysql -p", "IDENTIFIED BY '", "dckr_pat_", "npm_", "pypi-", "hvs.", "dop_v1_", "private_key", "otpauth://",
        ];
        var draw = new Draw($"{seed}/keywords");
        return Filled(length, Enumerable.Range(0, int.MaxValue).Select(_ => draw.Of(starts) + draw.Of("", "${X}", "<x>", " ", "a", draw.Word(), draw.Lower(9))));
    }

    private static string Filled(int length, IEnumerable<string> pieces)
    {
        var text = new StringBuilder(length);
        foreach (var piece in pieces)
        {
            if (text.Length >= length) break;
            text.Append(piece).Append('\n');
        }
        return text.ToString(0, length);
    }
}
