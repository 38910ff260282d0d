namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of chat and payment services.</summary>
internal static class ChatAndPaymentRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "slack-token",
            Description = "Slack token: bot, user, app, configuration, refresh or session",
            Keywords = ["xox", "xapp-"],
            Pattern = @"(?:(?:xoxe\.)?xox[a-eoprs]|xapp)-[A-Za-z0-9%/+=-]{18,}",
            // "xoxb-your-bot-token-goes-here" has no digit; every real token counts its teams and apps.
            Validate = candidate => candidate.Value.ContainsAnyInRange('0', '9') && SecretValue.IsOpaque(candidate.Value[5..]),
            Examples = keys =>
            [
                new("xoxb-" + keys.Digits(12) + "-" + keys.Digits(13) + "-" + keys.Alphanumeric(24)),
                new("xoxp-" + keys.Digits(12) + "-" + keys.Digits(12) + "-" + keys.Digits(13) + "-" + keys.Hex(32)),
                new("xoxa-" + "2-" + keys.Digits(12) + "-" + keys.Hex(32)),
                new("xoxr-" + keys.Digits(12) + "-" + keys.Alphanumeric(24)),
                new("xoxe." + "xoxp-" + "1-" + keys.Base64(160)),
                new("xapp-" + "1-A" + keys.UpperAlphanumeric(10) + "-" + keys.Digits(13) + "-" + keys.Hex(64)),
                new("SLACK_BOT_TOKEN='", "xoxb-" + keys.Digits(12) + "-" + keys.Digits(13) + "-" + keys.Alphanumeric(24), "'"),
            ],
            CounterExamples = _ =>
            [
                "xoxb-" + "your-bot-token-goes-here",
                "xoxb-" + "xxxxxxxxxxxx-xxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx",
                "xoxb-" + "000000000000-000000000000-000000000000000000000000",
                "xapp-" + "1-...",
            ],
        },
        new PatternRule
        {
            Id = "slack-webhook",
            Description = "Slack incoming webhook, workflow or trigger address",
            Keywords = ["hooks.slack.com/"],
            Pattern = @"hooks\.slack\.com/(?:services|workflows|triggers)/(?<secret>[A-Za-z0-9+/]{20,})",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("https://hooks.slack.com/services/", $"T{keys.UpperAlphanumeric(8)}/B{keys.UpperAlphanumeric(10)}/{keys.Alphanumeric(24)}", ""),
                new("https://hooks.slack.com/workflows/", $"T{keys.UpperAlphanumeric(10)}/A{keys.UpperAlphanumeric(10)}/{keys.Digits(18)}/{keys.Alphanumeric(24)}", "\""),
            ],
            CounterExamples = _ =>
            [
                "https://hooks.slack.com/services/" + "T00000000/B00000000/" + new string('X', 24),
                "https://hooks.slack.com/services/your/webhook/address",
                "https://hooks.slack.com/services/",
            ],
        },
        new PatternRule
        {
            Id = "stripe-secret-key",
            Description = "Stripe secret or restricted key, live or test",
            Keywords = ["k_live_", "k_test_", "k_prod_"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[sr]k_(?:live|test|prod)_[A-Za-z0-9]{{16,}})",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[8..]),
            Examples = keys =>
            [
                new("sk_" + "live_" + keys.Alphanumeric(24)),
                new("sk_" + "live_" + "51" + keys.Alphanumeric(97)),
                new("sk_" + "test_" + keys.Alphanumeric(24)),
                new("rk_" + "live_" + keys.Alphanumeric(24)),
                new("rk_" + "test_" + keys.Alphanumeric(24)),
                new("curl -u ", "sk_" + "test_" + keys.Alphanumeric(24), ": https://api.stripe.com/v1/charges"),
            ],
            CounterExamples = keys =>
            [
                "pk_" + "live_" + keys.Alphanumeric(24),
                "pk_" + "test_" + keys.Alphanumeric(99),
                "sk_" + "live_" + new string('x', 24),
                "sk_" + "test_" + "yourstripesecretkey",
                "def task_" + "test_" + keys.Alphanumeric(24),
            ],
        },
        new PatternRule
        {
            Id = "stripe-webhook-secret",
            Description = "Signing secret of a Stripe (or Svix) webhook",
            Keywords = ["whsec_"],
            Pattern = @"whsec_[A-Za-z0-9+/]{24,}={0,2}",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[6..]),
            Examples = keys => [new("whsec_" + keys.Alphanumeric(32)), new("whsec_" + keys.Hex(64)), new("whsec_" + keys.Base64(43) + "=")],
            CounterExamples = _ => ["whsec_" + new string('x', 32), "whsec_" + "yourendpointssigningsecret", "whsec_..."],
        },
    ];
}
