using System.Globalization;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// Every rule over its own examples and everybody else's: all rules look at each example, and only its own may find it, at
/// its exact place; none may find anything in a negative one. Fixed seeds: the same rules give the same result.
/// </summary>
internal static class PolicyTest
{
    private const int Seeds = 3;

    public static PolicyTestResult Run(SecretScanner scanner)
    {
        var failures = new List<PolicyTestFailure>();
        var (positives, negatives) = (0, 0);
        foreach (var rule in SecretRules.All)
        {
            for (var seed = 1; seed <= Seeds; seed++)
            {
                var keys = new KeyMaterial(seed);
                foreach (var (number, example) in rule.Positives(keys).Index())
                {
                    positives++;
                    var expected = new SecretFinding(rule.Id, example.Before.Length, example.Secret.Length);
                    if (scanner.Scan(example.Text) is not [var only] || only != expected) Fail(rule, "positive", number, seed, example.Text);
                }
                foreach (var (number, example) in rule.Negatives(keys).Index())
                {
                    negatives++;
                    if (scanner.Scan(example).Count > 0) Fail(rule, "negative", number, seed, example);
                }
            }
        }
        return new PolicyTestResult
        {
            Status = failures.Count == 0 ? "pass" : "fail",
            Version = SecretRules.Version,
            Hash = SecretRules.Hash,
            Rules = SecretRules.All.Count,
            Positives = positives,
            Negatives = negatives,
            Failures = failures,
        };

        void Fail(SecretRule rule, string kind, int number, int seed, string text)
        {
            var found = string.Join(", ", scanner.Scan(text).Select(finding => string.Create(CultureInfo.InvariantCulture, $"{finding.RuleId} at {finding.Start}, length {finding.Length}")));
            failures.Add(new PolicyTestFailure(rule.Id, string.Create(CultureInfo.InvariantCulture, $"{kind} {number + 1}, seed {seed}"), found.Length == 0 ? "nothing is found" : $"found: {found}"));
        }
    }
}
