using Cairn.Engine.Maintenance;
using Cairn.Engine.Policy;
using Cairn.Engine.Tests.Entries;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class PolicyServiceTests : IDisposable
{
    private readonly PolicyFixture _policy = new();

    public void Dispose() => _policy.Dispose();

    [Fact]
    public void Check_Findings_AreExplainedAndNothingIsWritten()
    {
        var (one, two) = (PolicyFixture.Secret(1), PolicyFixture.Secret(2));
        _policy.Policy.Allow(_policy.Fingerprint(one), "sample", null);
        var before = _policy.Events().Count;

        var check = _policy.Policy.Check($"{one}\nand {two}", _policy.Cairn.Context);

        Assert.Equal("blocked", check.Status);
        Assert.Equal([(1, 1, true), (2, 5, false)], check.Findings.Select(finding => (finding.Line, finding.Column, finding.Allowed)));
        Assert.All(check.Findings, finding => Assert.Equal(("github-token", "structured", one.Length), (finding.Rule, finding.Tier, finding.Length)));
        Assert.All(check.Findings, finding => Assert.DoesNotContain(finding.Fingerprint!, $"{one}{two}", StringComparison.Ordinal));
        Assert.Equal("clean", _policy.Policy.Check(one, _policy.Cairn.Context).Status);
        Assert.Empty(_policy.Policy.Check("nothing", _policy.Cairn.Context).Findings);
        Assert.Equal(before, _policy.Events().Count);
    }

    [Fact]
    public void Rules_AllHaveAFormAndCounts()
    {
        var list = PolicyService.Rules();

        Assert.Equal(SecretRules.All.Select(rule => rule.Id), list.Rules.Select(rule => rule.Id));
        Assert.All(list.Rules, rule => Assert.True(rule.Form.Length > 0 && rule.Positives >= 2 && rule.Negatives >= 2, rule.Id));
        Assert.Equal((PolicyService.RulesVersion, PolicyService.RulesHash), (list.Version, list.Hash));
        Assert.Equal(list.Rules[0], PolicyService.Rule(list.Rules[0].Id) with { Keywords = list.Rules[0].Keywords });
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => PolicyService.Rule("no-such-rule")).Code);
    }

    [Fact]
    public void Test_TheRulesThatShip_PassAndAreCounted()
    {
        var result = _policy.Policy.Test();

        Assert.Empty(result.Failures);
        Assert.Equal(("pass", SecretRules.All.Count), (result.Status, result.Rules));
        Assert.True(result.Positives >= 2 * result.Rules && result.Negatives >= 2 * result.Rules);
    }

    [Fact]
    public void Test_ScannerThatMissesARule_SaysWhichAndShowsNoExample()
    {
        var result = PolicyTest.Run(new SecretScanner(() => [.. SecretRules.All.Where(rule => rule.Id != "github-token")]));

        Assert.Equal("fail", result.Status);
        Assert.All(result.Failures, failure => Assert.Equal("github-token", failure.Rule));
        Assert.DoesNotContain(result.Failures, failure => failure.ToString().Contains(PolicyFixture.Secret()[..12], StringComparison.Ordinal));
    }

    [Fact]
    public void Health_NothingThere_PassesAndMakesNothing()
    {
        var checks = _policy.Policy.Health(_policy.Cairn.Context);

        Assert.All(checks, check => Assert.Equal("pass", check.Status));
        Assert.Contains($"version {SecretRules.Version} ({SecretRules.Hash})", checks[0].Detail, StringComparison.Ordinal);
        Assert.False(File.Exists(_policy.Cairn.DatabasePath));
        Assert.False(Directory.Exists(_policy.Cairn.Options.ConfigurationDirectory));
    }
}
