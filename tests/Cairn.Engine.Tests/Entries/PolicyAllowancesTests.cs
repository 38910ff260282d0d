using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

/// <summary>Exceptions: what they let pass, for whom, and how they are kept.</summary>
public sealed class PolicyAllowancesTests : IDisposable
{
    private readonly PolicyFixture _policy = new();

    public void Dispose() => _policy.Dispose();

    [Fact]
    public void Allow_KnownFingerprint_LetsItPassInAnEngineThatWasOpenAllAlong()
    {
        using var server = _policy.Cairn.Another();
        var print = _policy.Fingerprint(PolicyFixture.Secret());

        var change = _policy.Policy.Allow(print, " sample  of the docs ", null);

        Assert.Equal(("allowed", "github-token", "sample of the docs", null, null), (change.Status, change.Exception.Rule, change.Exception.Reason, change.Note, change.Audited));
        EngineFixture.Stored(server.Entries.Save(new NewEntry { Text = $"see {PolicyFixture.Secret()}" }, _policy.Cairn.Context));
        Assert.Single(_policy.Refused($"{PolicyFixture.Secret()} {PolicyFixture.Secret(2)}").Violations);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_policy.AllowPath));
    }

    [Fact]
    public void Remove_Exception_RefusesAgain()
    {
        var print = _policy.Fingerprint(PolicyFixture.Secret());
        _policy.Policy.Allow(print, "sample", null);

        var change = _policy.Policy.Remove(print, null);

        Assert.Equal(("removed", print), (change.Status, change.Exception.Fingerprint));
        Assert.Equal(print, _policy.Fingerprint(PolicyFixture.Secret()));
        Assert.Empty(_policy.Policy.Allowed().Exceptions);
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => _policy.Policy.Remove(print, null)).Code);
        Assert.Equal(["blocked", "allow_removed", "allowed", "blocked"], _policy.Events().Select(line => line.Event));
    }

    [Fact]
    public void Allow_ForOneProject_HoldsForItsFormerNamesToo_AndForNoOther()
    {
        var print = _policy.Fingerprint(PolicyFixture.Secret());
        _policy.Cairn.Save("A project", _policy.Cairn.In("billing"));
        _policy.Policy.Allow(print, "sample", "Billing");
        _policy.Cairn.Engine.Projects.Rename("billing", "invoices");

        EngineFixture.Stored(_policy.Save($"see {PolicyFixture.Secret()}", _policy.Cairn.In("invoices")));
        Assert.Equal(print, Assert.Single(_policy.Refused($"see {PolicyFixture.Secret()}").Violations).Fingerprint);
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => _policy.Policy.Remove(print, "other")).Code);
        _policy.Policy.Remove(print, "billing");
        _policy.Refused($"see {PolicyFixture.Secret()}", _policy.Cairn.In("invoices"));
    }

    [Fact]
    public void Allow_ForAProjectThatIsNotThereYet_LetsItsFirstSavePass()
    {
        var print = _policy.Fingerprint(PolicyFixture.Secret());

        _policy.Policy.Allow(print, "sample", "new");

        EngineFixture.Stored(_policy.Save($"see {PolicyFixture.Secret()}", _policy.Cairn.In("new")));
    }

    [Fact]
    public void Allow_UnknownFingerprint_IsAcceptedWithANote()
    {
        var change = _policy.Policy.Allow("0123456789abcdef", "sample", null);

        Assert.Null(change.Exception.Rule);
        Assert.Contains("No refusal with this fingerprint is on record", change.Note, StringComparison.Ordinal);
        Assert.Equal("0123456789abcdef", Assert.Single(_policy.Policy.Allowed().Exceptions).Fingerprint);
    }

    [Fact]
    public void Allow_Again_TakesTheNewReason()
    {
        _policy.Policy.Allow("0123456789abcdef", "one", null);
        _policy.Policy.Allow("0123456789abcdef", "two", null);
        _policy.Policy.Allow("0123456789abcdef", "three", "billing");

        Assert.Equal(["two", "three"], _policy.Policy.Allowed().Exceptions.Select(item => item.Reason));
    }

    [Fact]
    public void Allow_WhatIsNoFingerprint_IsRefusedAndNotShown()
    {
        foreach (var text in new[] { PolicyFixture.Secret(), "", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdefa" })
        {
            var error = Assert.Throws<EngineException>(() => _policy.Policy.Allow(text, "sample", null));
            Assert.Equal(ErrorCode.InvalidArgument, error.Code);
            if (text.Length > 20) Assert.DoesNotContain(text, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Allow_SecretInReasonOrProject_IsRefused()
    {
        foreach (var change in new[] { () => _policy.Policy.Allow("0123456789abcdef", $"it is {PolicyFixture.Secret()}", null), () => _policy.Policy.Allow("0123456789abcdef", "sample", PolicyFixture.Secret()) })
            Assert.Equal(ErrorCode.PolicyBlocked, Assert.Throws<EngineException>(() => change()).Code);
        Assert.False(_policy.Cairn.Holds(PolicyFixture.Secret()));
        Assert.False(File.Exists(_policy.AllowPath));
    }

    [Fact]
    public void Allow_ManyAtOnce_LosesNone()
    {
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            new PolicyAllowances(_policy.Cairn.Options.ConfigurationDirectory).Change(items => [.. items, new PolicyAllowance { Fingerprint = $"{i:x16}", Reason = "sample", AddedAt = DateTimeOffset.UnixEpoch }]));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i:x16}"), _policy.Policy.Allowed().Exceptions.Select(item => item.Fingerprint).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"exceptions":[{"fingerprint":"x","reason":"y","added_at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"exceptions":[{"fingerprint":"0123456789abcdef","added_at":"2026-01-01T00:00:00Z"}]}""")]
    public void Save_ListThatIsNone_LetsNothingPassWarnsAndIsNotOverwritten(string content)
    {
        _policy.Cairn.Save("So that the folder is there");
        Directory.CreateDirectory(_policy.Cairn.Options.ConfigurationDirectory);
        File.WriteAllText(_policy.AllowPath, content);

        _policy.Refused($"see {PolicyFixture.Secret()}");

        Assert.Contains(_policy.Warnings, text => text.Contains("is no list of exceptions", StringComparison.Ordinal));
        Assert.Throws<EngineException>(() => _policy.Policy.Allow("0123456789abcdef", "sample", null));
        Assert.Equal(content, File.ReadAllText(_policy.AllowPath));
        Assert.Equal("fail", _policy.Policy.Health(_policy.Cairn.Context).Single(check => check.Name == "exceptions").Status);
    }

    [Fact]
    public void RuleSet_FollowsTheExceptions()
    {
        var policy = new WritePolicy(_policy.Cairn.Options, null!, null!, new Cairn.Engine.Policy.SecretScanner());
        var bare = policy.RuleSet;
        Assert.Equal(Cairn.Engine.Policy.SecretRules.Hash, bare);

        _policy.Policy.Allow("0123456789abcdef", "sample", null);
        var allowed = policy.RuleSet;
        _policy.Policy.Allow("0123456789abcdef", "another reason", null);
        Assert.Equal(allowed, policy.RuleSet);
        _policy.Policy.Allow("0123456789abcdef", "sample", "billing");
        Assert.NotEqual(allowed, policy.RuleSet);
        _policy.Policy.Remove("0123456789abcdef", null);

        Assert.NotEqual(bare, allowed);
        Assert.Equal(bare, policy.RuleSet);
    }
}
