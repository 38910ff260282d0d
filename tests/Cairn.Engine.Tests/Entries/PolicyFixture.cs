using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Tests.Entries;

/// <summary>An engine whose policy's files lie in a folder of their own, and values that look like secrets.</summary>
internal sealed class PolicyFixture : IDisposable
{
    public PolicyFixture(Func<PolicyOptions, PolicyOptions>? configure = null)
    {
        Cairn = new EngineFixture(options => options with
        {
            ConfigurationDirectory = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(options.DatabasePath)!)!, "config"),
            Policy = configure?.Invoke(options.Policy) ?? options.Policy,
            Warn = text => { lock (Warnings) Warnings.Add(text); },
        });
    }

    public EngineFixture Cairn { get; }

    public List<string> Warnings { get; } = [];

    public PolicyService Policy => Cairn.Engine.Policy;

    public string KeyPath => Path.Combine(Cairn.Options.ConfigurationDirectory, "policy.key");

    public string AllowPath => Path.Combine(Cairn.Options.ConfigurationDirectory, "policy-allow.json");

    /// <summary>A value that a rule finds; another number gives another value.</summary>
    public static string Secret(int number = 1) => SecretRules.All.Single(static rule => rule.Id == "github-token").Positives(new KeyMaterial(number))[0].Secret;

    public SaveOutcome.Blocked Refused(string text, CallContext? context = null) => Assert.IsType<SaveOutcome.Blocked>(Save(text, context));

    public SaveOutcome Save(string text, CallContext? context = null) => Cairn.Entries.Save(new NewEntry { Text = text }, context ?? Cairn.Context);

    /// <summary>The fingerprint that a refusal gives a value.</summary>
    public string Fingerprint(string secret) => Assert.Single(Refused($"see {secret}").Violations).Fingerprint!;

    public IReadOnlyList<PolicyEvent> Events() => Policy.Events(PolicyService.MaxEvents, null, null).Events;

    public void Dispose() => Cairn.Dispose();
}
