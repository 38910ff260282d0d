using Cairn.Engine.Policy;

namespace Cairn.Engine.Entries;

/// <summary>A finding with the fingerprint of what was found; null where there is no key.</summary>
internal readonly record struct Found(SecretFinding Finding, string? Fingerprint)
{
    /// <summary>The same in what a text was sent as, whose private spans are left out where it was found.</summary>
    public Found In(TextVariant kept)
    {
        var (start, end) = kept.InOriginal(Finding.Start, Finding.End);
        return this with { Finding = new SecretFinding(Finding.RuleId, start, end - start) };
    }

    /// <summary>Findings of one text, which come by position, with their lines and columns.</summary>
    public static IEnumerable<PolicyViolation> Violations(IReadOnlyList<Found> found, string field, string text)
    {
        var (line, lineStart, seen) = (1, 0, 0);
        foreach (var (finding, fingerprint) in found)
        {
            var between = text.AsSpan(seen, finding.Start - seen);
            line += between.Count('\n');
            if (between.LastIndexOf('\n') is >= 0 and var last) lineStart = seen + last + 1;
            seen = finding.Start;
            yield return new PolicyViolation(finding.RuleId, field, line, finding.Start - lineStart + 1, finding.Length, fingerprint);
        }
    }
}
