using System.Text.RegularExpressions;
using Cairn.Engine.Policy;
using CsCheck;

namespace Cairn.Engine.Tests.Policy;

/// <summary>Every rule against its own examples and everybody else's.</summary>
public sealed class SecretRuleTests
{
    private static readonly SecretScanner Scanner = new();

    /// <summary>What stands around secrets in real texts, the last characters in front and the first ones behind; "" is an end of the text.</summary>
    private static readonly string[] Openings = ["", " ", "\n", "\t", "\"", "'", "`", "(", "=", ": ", ",", "|", "\\n", "\\\"", "> ", "é", "中"];
    private static readonly string[] Closings = ["", " ", "\n", "\r\n", "\t", "\"", "'", "`", ")", ", ", ". ", ";", "\\n", "\\\"", "é", "中", "&"];

    private static readonly string[] Words =
        ["the", "key", "of", "billing", "Decision:", "retry", "twice,", "naïve", "日本語", "🔑", "42", "v2.1", "—", "\n", "- ", "don't", "x=1", "a/b"];

    private static readonly Gen<string> Prose = OneOf(Words).List[0, 12].Select(words => string.Join(' ', words));

    /// <summary>What stands in front of an example and what behind it.</summary>
    private static readonly Gen<(string Before, string After)> Surroundings =
        Gen.Select(Prose, OneOf(Openings), OneOf(Closings), Prose, (before, opening, closing, after) =>
            (opening.Length == 0 ? "" : before + opening, closing.Length == 0 ? "" : closing + after));

    public static TheoryData<string> RuleIds => [.. SecretRules.All.Select(rule => rule.Id)];

    [Fact]
    public void All_Rules_AreWellFormed()
    {
        Assert.Equal(SecretRules.All.Count, SecretRules.All.Select(rule => rule.Id).Distinct().Count());
        Assert.All(SecretRules.All, rule =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", rule.Id);
            Assert.NotEmpty(rule.Description);
            Assert.All(rule.Keywords, keyword => Assert.True(keyword.Length >= (char.IsAscii(keyword[0]) ? 3 : 2) && !keyword.Any(char.IsAsciiLetterUpper), keyword));
            Assert.True(rule.Positives(new KeyMaterial(1)).Count >= 2);
            Assert.True(rule.Negatives(new KeyMaterial(1)).Count >= 2);
        });
    }

    [Theory, MemberData(nameof(RuleIds))]
    public void Scan_PositiveExampleInProse_FindsItsExactPlace(string id)
    {
        var rule = Rule(id);
        Gen.Select(Gen.Int, Surroundings).Sample((seed, around) =>
        {
            foreach (var example in rule.Positives(new KeyMaterial(seed)))
            {
                var finding = Assert.Single(Scanner.Scan(around.Before + example.Text + around.After));
                Assert.Equal(new SecretFinding(NameOf(finding, id), around.Before.Length + example.Before.Length, example.Secret.Length), finding);
            }
        }, iter: 100);
    }

    [Theory, MemberData(nameof(RuleIds))]
    public void Scan_PositiveExamplesInOneText_FindsAllOfThem(string id)
    {
        var rule = Rule(id);
        Gen.Int.Sample(seed =>
        {
            var examples = rule.Positives(new KeyMaterial(seed));
            var findings = Scanner.Scan(string.Join("\n\n", examples.Select(example => example.Text)));
            Assert.Equal(examples.Count, findings.Count);
            Assert.All(findings, finding => Assert.Equal(NameOf(finding, id), finding.RuleId));
        }, iter: 20);
    }

    [Theory, MemberData(nameof(RuleIds))]
    public void Scan_NegativeExample_FindsNothing(string id)
    {
        var rule = Rule(id);
        Gen.Select(Gen.Int, Surroundings).Sample((seed, around) =>
        {
            foreach (var example in rule.Negatives(new KeyMaterial(seed)))
                Assert.Empty(Scanner.Scan(around.Before + example + around.After));
        }, iter: 100);
    }

    [Theory, MemberData(nameof(RuleIds))]
    public void Keywords_OfEachRuleThatHasSome_StandInAllItsExamples(string id) =>
        Assert.All(Rule(id).Positives(new KeyMaterial(1)), example =>
            Assert.True(Rule(id).Keywords.Count == 0 || Rule(id).Keywords.Any(keyword => example.Text.Contains(keyword, StringComparison.OrdinalIgnoreCase))));

    [Fact]
    public void Keywords_OfAllRulesButDiscords_AreGiven() =>
        Assert.Equal(["discord-bot-token"], SecretRules.All.Where(static rule => rule.Keywords.Count == 0).Select(static rule => rule.Id));

    [Fact]
    public void Pattern_OfEachRule_IsAcceptedByTheNonBacktrackingEngine() =>
        Assert.All(SecretRules.All.OfType<PatternRule>(), rule =>
            Assert.NotNull(new Regex(rule.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)));

    // Any key of chance may have a vendor's form (YCM…, fw_…), and is then called by it; a vendor's own example never by another's.
    private static string NameOf(SecretFinding finding, string id) => Rule(id) is not TokenRule && Rule(finding.RuleId) is TokenRule ? finding.RuleId : id;

    private static SecretRule Rule(string id) => SecretRules.All.Single(rule => rule.Id == id);

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
