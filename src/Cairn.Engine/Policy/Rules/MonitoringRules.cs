namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of monitoring, analytics and feature-flag services.</summary>
internal static class MonitoringRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule
        {
            Id = "grafana-cloud-token",
            Description = "Grafana Cloud access policy token",
            Prefixes = ["glc_"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 32,
            ExampleBody = static keys => "eyJvIjoi" + keys.Base64(100),
        },
        new TokenRule
        {
            Id = "grafana-service-account-token",
            Description = "Grafana service account token",
            Prefixes = ["glsa_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 32,
            ExampleBody = static keys => $"{keys.Alphanumeric(32)}_{keys.Hex(8)}",
        },
        new TokenRule
        {
            Id = "grafana-api-key",
            Description = "Grafana API key of the old kind",
            Prefixes = ["eyJrIjoi"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 60,
        },
        new TokenRule
        {
            Id = "new-relic-key",
            Description = "New Relic key: user, browser, ingest or REST",
            Prefixes = ["NRAK-", "NRJS-", "NRII-", "NRAA-", "NRBR-", "NRRA-", "NRSP-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 19,
        },
        new PatternRule
        {
            Id = "new-relic-license-key",
            Description = "New Relic license key",
            Keywords = ["nral"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[0-9a-f]{{32,36}}(?:FFFF)?NRAL)",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("NEW_RELIC_LICENSE_KEY=", keys.Hex(36) + "NRAL", "\n"),
                new("license_key: '", keys.Hex(32) + "FFFFNRAL", "'"),
            ],
            CounterExamples = keys =>
            [
                "your_license_key_NRAL",
                "keys end in NRAL",
            ],
        },
        new TokenRule
        {
            Id = "sentry-token",
            Description = "Sentry user, organisation or integration token",
            Prefixes = ["sntrys_", "sntryu_", "sntrya_", "sntryi_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 40,
        },
        new TokenRule
        {
            Id = "dynatrace-token",
            Description = "Dynatrace token",
            Prefixes = ["dt0c01.", "dt0s01.", "dt0s02.", "dt0s03.", "dt0s08.", "dt0s16."],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 60,
            ExampleBody = static keys => $"{keys.UpperAlphanumeric(24)}.{keys.UpperAlphanumeric(64)}",
        },
        new TokenRule
        {
            Id = "honeycomb-api-key",
            Description = "Honeycomb API key",
            Prefixes = ["hcaik_", "hcbik_", "hcalk_", "hcblk_", "hcxik_", "hcxlk_", "hcamk_", "hcxmk_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 50,
        },
        new TokenRule
        {
            Id = "posthog-api-key",
            Description = "PostHog personal or feature-flag key",
            Prefixes = ["phx_", "phs_", "pha_", "phr_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 32,
        },
        new TokenRule
        {
            Id = "launchdarkly-key",
            Description = "LaunchDarkly SDK, mobile or API key",
            Prefixes = ["sdk-", "mob-", "api-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            Validate = static candidate => Guid.TryParseExact(candidate.Value, "D", out _),
            ExampleBody = static keys => keys.Uuid(),
            CounterExamples = keys => [$"sdk-{keys.Hex(8)}-preview", "api-" + "reference-for-the-public-endpoints-v2"],
        },
        new TokenRule
        {
            Id = "statsig-secret-key",
            Description = "Statsig server secret or console key",
            Prefixes = ["secret-", "console-"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 40,
            MaxLength = 60,
        },
        new TokenRule { Id = "honeybadger-token", Description = "Honeybadger token", Prefixes = ["hbp_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule
        {
            Id = "axiom-token",
            Description = "Axiom API or personal token",
            Prefixes = ["xaat-", "xapt-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            ExampleBody = static keys => keys.Uuid(),
        },
        new TokenRule { Id = "checkly-api-key", Description = "Checkly user API key", Prefixes = ["cu_"], Alphabet = TokenAlphabet.Hex, MinLength = 32, MaxLength = 32 },
        new TokenRule { Id = "elastic-cloud-key", Description = "Elastic Cloud API key", Prefixes = ["essu_"], Alphabet = TokenAlphabet.Base64, MinLength = 40 },
        new TokenRule { Id = "datadog-app-key", Description = "Datadog application key", Prefixes = ["ddapp_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule { Id = "coralogix-key", Description = "Coralogix API key", Prefixes = ["cxtp_", "cxup_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 26 },
        new TokenRule
        {
            Id = "logfire-token",
            Description = "Pydantic Logfire token",
            Prefixes = ["pylf_v1_us_", "pylf_v1_eu_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 30,
        },
    ];
}
