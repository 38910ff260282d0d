namespace Cairn.Benchmarks.Policy;

/// <summary>What a detector said of one labelled text: the spans that it would take out, as offset and end.</summary>
internal sealed record Detection(LabelledText Text, IReadOnlyList<(int Start, int End)> Findings)
{
    public bool Flagged => Findings.Count > 0;

    /// <summary>A finding lies on the secret, in part at least: a save would be refused.</summary>
    public bool Found => Findings.Any(finding => finding.Start < Text.End && finding.End > Text.Start);

    /// <summary>No letter or digit of the secret is left when the findings are taken out.</summary>
    public bool Covered => Enumerable.Range(Text.Start, Text.Length)
        .All(at => !char.IsLetterOrDigit(Text.Text[at]) || Findings.Any(finding => finding.Start <= at && at < finding.End));
}

/// <summary>One line of the table: a group of kinds under one detector. Clean groups count texts that are flagged.</summary>
internal sealed record DetectionRow(string Detector, string Group, int Kinds, int Texts, int Found, int? Covered)
{
    /// <summary>The rows of one detector: each group of secrets, all secrets, the clean texts.</summary>
    public static IEnumerable<DetectionRow> Of(string detector, IReadOnlyList<Detection> detections)
    {
        foreach (var group in Enum.GetValues<SecretGroup>())
            yield return Secrets(detector, group.ToString().ToLowerInvariant(), [.. detections.Where(one => one.Text.Kind.Group == group)]);
        yield return Secrets(detector, "all secrets", [.. detections.Where(one => one.Text.Kind.Group is not null)]);
        var clean = detections.Where(one => one.Text.Kind.Group is null).ToArray();
        yield return new DetectionRow(detector, "clean (flagged)", KindsOf(clean), clean.Length, clean.Count(one => one.Flagged), null);
    }

    private static DetectionRow Secrets(string detector, string group, Detection[] detections) =>
        new(detector, group, KindsOf(detections), detections.Length, detections.Count(one => one.Found), detections.Count(one => one.Covered));

    private static int KindsOf(Detection[] detections) => detections.DistinctBy(one => one.Text.Kind.Name).Count();
}
