namespace Cairn.Host.Tests.Harness;

/// <summary>
/// Texts of the public surface, kept in Snapshots/ and reviewed like code. With UPDATE_SNAPSHOTS=1 a test writes what
/// it found into the source tree instead of comparing.
/// </summary>
internal static class Snapshot
{
    private const int LinesAround = 3;

    /// <summary>Fails unless the text is the snapshot of this name, line ends aside; a missing snapshot fails too.</summary>
    public static void Match(string name, string text) =>
        MatchFile(name, Path.Combine(Repository.Root, "tests", "Cairn.Host.Tests", "Snapshots", name), text);

    /// <summary>The same for a generated document in docs/.</summary>
    public static void MatchDocument(string name, string text) => MatchFile(name, Path.Combine(Repository.Root, "docs", name), text);

    private static void MatchFile(string name, string path, string text)
    {
        var actual = Normalised(text);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        if (!File.Exists(path))
            Assert.Fail($"There is no snapshot {name}. UPDATE_SNAPSHOTS=1 writes it.");
        var expected = Normalised(File.ReadAllText(path));
        if (expected != actual)
            Assert.Fail($"{name} is another than its snapshot. UPDATE_SNAPSHOTS=1 rewrites it.\n{Difference(expected, actual)}");
    }

    private static string Normalised(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    // From the first line that differs to the last, with some lines around.
    private static string Difference(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var first = old.Zip(now).TakeWhile(static pair => pair.First == pair.Second).Count();
        var last = old[first..].Reverse().Zip(now[first..].Reverse()).TakeWhile(static pair => pair.First == pair.Second).Count();
        var before = old[Math.Max(0, first - LinesAround)..first];
        var after = old[^last..].Take(LinesAround);
        return string.Join('\n',
        [
            $"@@ line {first + 1} @@",
            .. before.Select(static line => $" {line}"),
            .. old[first..^last].Select(static line => $"-{line}"),
            .. now[first..^last].Select(static line => $"+{line}"),
            .. after.Select(static line => $" {line}"),
        ]);
    }
}
