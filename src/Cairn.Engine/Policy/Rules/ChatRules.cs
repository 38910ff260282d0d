namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens and webhooks of chat, telephony and alerting services.</summary>
internal static class ChatRules
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
            Id = "discord-bot-token",
            Description = "Discord bot token",
            Keywords = ["discord", "bot_token", "bot token", "bottoken", "client.login(", "bot.run("],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[MNO][A-Za-z0-9_-]{{22,28}}\.[A-Za-z0-9_-]{{6}}\.[A-Za-z0-9_-]{{27,}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("DISCORD_TOKEN=", "MT" + keys.Alphanumeric(24) + "." + keys.Alphanumeric(6) + "." + keys.Base64Url(38), "\n"),
                new("client.login(\"", "NzI" + keys.Alphanumeric(21) + "." + keys.Alphanumeric(6) + "." + keys.Base64Url(27), "\")"),
            ],
            CounterExamples = keys =>
            [
                "discord: " + "MTxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "discord.js.MessageComponentInteraction.create.event",
            ],
        },
        new PatternRule
        {
            Id = "discord-webhook",
            Description = "Discord webhook address",
            Keywords = ["/webhooks/"],
            Pattern = @"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]{15,20}/(?<secret>[A-Za-z0-9_-]{50,})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new($"https://discord.com/api/webhooks/{keys.Digits(18)}/", keys.Base64Url(68), ""),
                new($"curl https://discordapp.com/api/v10/webhooks/{keys.Digits(19)}/", keys.Base64Url(68), " -d x"),
            ],
            CounterExamples = keys =>
            [
                "https://discord.com/api/webhooks/123456789012345678/" + "your-webhook-token",
                $"https://discord.com/api/webhooks/{keys.Digits(18)}",
            ],
        },
        new PatternRule
        {
            Id = "teams-webhook",
            Description = "Microsoft Teams incoming webhook address",
            Keywords = ["webhook.office.com/"],
            Pattern = @"webhook\.office\.com/webhookb2/(?<secret>[A-Za-z0-9@-]{36,}/IncomingWebhook/[A-Za-z0-9/_-]{32,})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("https://acme.webhook.office.com/webhookb2/", $"{keys.Uuid()}@{keys.Uuid()}/IncomingWebhook/{keys.Hex(32)}/{keys.Uuid()}", "\n"),
                new("url: https://acme.webhook.office.com/webhookb2/", $"{keys.Uuid()}@{keys.Uuid()}/IncomingWebhook/{keys.Hex(32)}/{keys.Uuid()}/V2{keys.Alphanumeric(30)}", ""),
            ],
            CounterExamples = keys =>
            [
                "https://acme.webhook.office.com/webhookb2/your-webhook",
                "https://webhook.office.com/ is where Teams keeps them",
            ],
        },
        new PatternRule
        {
            Id = "telegram-bot-token",
            Description = "Telegram bot token",
            Keywords = [":aa"],
            Pattern = @"(?:^|[^A-Za-z0-9]|bot|\\[nrt])(?<secret>[0-9]{8,10}:AA[A-Za-z0-9_-]{32,})",
            Validate = static candidate => candidate.Value.Length <= 48 && SecretValue.IsOpaque(candidate.Value[(candidate.Value.IndexOf(':') + 1)..]),
            Examples = keys =>
            [
                new("TELEGRAM_TOKEN=", keys.Digits(10) + ":AA" + keys.Base64Url(33), "\n"),
                new("https://api.telegram.org/bot", keys.Digits(9) + ":AA" + keys.Base64Url(33), "/getMe"),
            ],
            CounterExamples = keys =>
            [
                "mac 00:1a:2b:aa:bb:cc",
                "123456789:AA" + new string('x', 33),
            ],
        },
        new PatternRule
        {
            Id = "google-chat-webhook",
            Description = "Google Chat webhook address",
            Keywords = ["chat.googleapis.com/"],
            Pattern = @"chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_-]+/messages\?(?<secret>[A-Za-z0-9_%&=-]{60,}[A-Za-z0-9_%=-])",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new($"https://chat.googleapis.com/v1/spaces/{keys.Alphanumeric(11)}/messages?", $"key={keys.Base64Url(39)}&token={keys.Base64Url(43)}%3D", "\""),
                new($"url: https://chat.googleapis.com/v1/spaces/{keys.Alphanumeric(11)}/messages?", $"key={keys.Base64Url(39)}&token={keys.Base64Url(43)}", "\n"),
            ],
            CounterExamples = keys =>
            [
                "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=KEY&token=TOKEN",
                "POST https://chat.googleapis.com/v1/spaces/SPACE/messages?" + "threadKey=release-notes",
            ],
        },
        new PatternRule
        {
            Id = "automation-webhook",
            Description = "Address that starts an automation: Zapier, IFTTT, Make",
            Keywords = ["hooks.zapier.com/", "maker.ifttt.com/", ".make.com/"],
            Pattern = @"(?:hooks\.zapier\.com/hooks/(?:catch|standard)/[0-9]+/|maker\.ifttt\.com/trigger/[^/\s]+/(?:json/)?with/key/|hook\.[a-z0-9]+\.make\.com/)(?<secret>[A-Za-z0-9_-]{7,})",
            Validate = static candidate => SecretValue.CountClasses(candidate.Value) >= 2 && !SecretValue.IsStandIn(candidate.Value),
            Examples = keys =>
            [
                new("https://hooks.zapier.com/hooks/catch/" + keys.Digits(7) + "/", "o2" + keys.LowerAlphanumeric(5) + "Q", "/"),
                new("https://maker.ifttt.com/trigger/door/with/key/", keys.Base64Url(43), ""),
                new("https://hook.eu1.make.com/", keys.LowerAlphanumeric(32), ""),
            ],
            CounterExamples = keys =>
            [
                "https://hooks.zapier.com/hooks/catch/123/abcdefg",
                "https://maker.ifttt.com/trigger/event/with/key/YOUR_KEY_HERE",
            ],
        },
        new TokenRule
        {
            Id = "twilio-api-key",
            Description = "Twilio API key",
            Prefixes = ["SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6", "SK7", "SK8", "SK9", "SKa", "SKb", "SKc", "SKd", "SKe", "SKf"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 31,
            MaxLength = 31,
        },
        new TokenRule { Id = "intercom-token", Description = "Intercom access token", Prefixes = ["dG9rO"], Alphabet = TokenAlphabet.Base64, MinLength = 50 },
        new TokenRule { Id = "pagerduty-token", Description = "PagerDuty API token", Prefixes = ["pdus+", "pdeu+"], Alphabet = TokenAlphabet.Base64Url, MinLength = 20 },
    ];
}
