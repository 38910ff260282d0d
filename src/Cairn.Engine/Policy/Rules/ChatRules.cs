namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens and webhooks of chat, telephony and alerting services.</summary>
internal static class ChatRules
{
    private const int ShortestDiscordHead = 22;
    private const int LongestDiscordHead = 30;
    private const int DiscordMiddle = 6;
    private const int ShortestDiscordSignature = 27;
    private const int LongestDiscordSignature = 64;

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
            Pattern = @"(?:https?://)?hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,}",
            Validate = static candidate => SecretValue.IsOpaque(Behind(candidate.Value, ".com/")[9..]),
            Examples = keys =>
            [
                new($"https://hooks.slack.com/services/T{keys.UpperAlphanumeric(8)}/B{keys.UpperAlphanumeric(10)}/{keys.Alphanumeric(24)}"),
                new("url: \"", $"https://hooks.slack.com/workflows/T{keys.UpperAlphanumeric(10)}/A{keys.UpperAlphanumeric(10)}/{keys.Digits(18)}/{keys.Alphanumeric(24)}", "\""),
            ],
            CounterExamples = _ =>
            [
                "https://hooks.slack.com/services/" + "T00000000/B00000000/" + new string('X', 24),
                "https://hooks.slack.com/services/your/webhook/address",
                "https://hooks.slack.com/services/",
            ],
        },
        new ParserRule
        {
            Id = "discord-bot-token",
            Description = "Discord bot token",
            Grammar = "[MNO] and 21 to 29 characters of base64url, a dot, 6, a dot, 27 or more",
            Parse = FindDiscordTokens,
            Examples = keys =>
            [
                new("DISCORD_TOKEN=", "MT" + keys.Alphanumeric(24) + "." + keys.Alphanumeric(6) + "." + keys.Base64Url(37) + "7", "\n"),
                new("client.login(\"", "NzI" + keys.Alphanumeric(21) + "." + keys.Alphanumeric(6) + "." + keys.Base64Url(26) + "7", "\")"),
                new("OD" + keys.Alphanumeric(24) + "." + keys.Base64Url(6) + "." + keys.Base64Url(37) + "7"),
            ],
            CounterExamples = _ =>
            [
                "discord: " + "MTxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "discord.js.MessageComponentInteraction.create.event",
                "MessageProcessorFactoryV2.Handle.ReturnsTheValueOfVersion200WhenAsked",
            ],
        },
        new PatternRule
        {
            Id = "discord-webhook",
            Description = "Discord webhook address",
            Keywords = ["/webhooks/"],
            Pattern = @"(?:https?://)?(?:(?:ptb|canary)\.)?discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]{15,20}/[A-Za-z0-9_-]{50,}",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value[(candidate.Value.LastIndexOf('/') + 1)..]),
            Examples = keys =>
            [
                new($"https://discord.com/api/webhooks/{keys.Digits(18)}/{keys.Base64Url(68)}"),
                new("curl ", $"https://discordapp.com/api/v10/webhooks/{keys.Digits(19)}/{keys.Base64Url(68)}", " -d x"),
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
            Keywords = ["/incomingwebhook/"],
            Pattern = @"(?:https?://)?(?:[A-Za-z0-9-]+\.)?(?:webhook\.office|outlook\.office(?:365)?)\.com/webhook(?:b2)?/[A-Za-z0-9@-]{36,}/IncomingWebhook/[A-Za-z0-9/_-]{32,}",
            Validate = static candidate => SecretValue.IsOpaque(Behind(candidate.Value, "/IncomingWebhook/")),
            Examples = keys =>
            [
                new("", $"https://acme.webhook.office.com/webhookb2/{keys.Uuid()}@{keys.Uuid()}/IncomingWebhook/{keys.Hex(32)}/{keys.Uuid()}", "\n"),
                new("", $"https://outlook.office.com/webhook/{keys.Uuid()}@{keys.Uuid()}/IncomingWebhook/{keys.Hex(32)}/{keys.Uuid()}", "\n"),
                new("url: ", $"https://acme.webhook.office.com/webhookb2/{keys.Uuid()}@{keys.Uuid()}/IncomingWebhook/{keys.Hex(32)}/{keys.Uuid()}/V2{keys.Alphanumeric(30)}", ""),
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
            Pattern = @"(?:https?://)?chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_-]+/messages\?[A-Za-z0-9_%&=-]{60,}[A-Za-z0-9_%=-]",
            Validate = static candidate => SecretValue.IsOpaque(Behind(candidate.Value, "/messages?")),
            Examples = keys =>
            [
                new("", $"https://chat.googleapis.com/v1/spaces/{keys.Alphanumeric(11)}/messages?key={keys.Base64Url(39)}&token={keys.Base64Url(43)}%3D", "\""),
                new("url: ", $"https://chat.googleapis.com/v1/spaces/{keys.Alphanumeric(11)}/messages?key={keys.Base64Url(39)}&token={keys.Base64Url(43)}", "\n"),
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
            Description = "Address that starts an automation: Zapier, IFTTT, Make, Pipedream, Power Automate, Mattermost, Feishu, DingTalk, WeCom",
            Keywords = ["hooks.zapier.com/", "maker.ifttt.com/", ".make.com/", "integromat.com/", "logic.azure.com", "/open-apis/bot/", "oapi.dingtalk.com/", "/cgi-bin/webhook/"],
            Pattern =
                @"(?:https?://)?(?:hooks\.zapier\.com/hooks/(?:catch|standard)/[0-9]+/|maker\.ifttt\.com/trigger/[^/\s]+/(?:json/)?with/key/|hook\.[a-z0-9]+\.make\.com/|hook\.integromat\.com/"
                + @"|[a-z0-9.-]+\.logic\.azure\.com(?::443)?/workflows/[0-9a-f]+/triggers/[^\s""'<>`]*sig=|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook/"
                + @"|oapi\.dingtalk\.com/robot/send\?access_token=|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=)[A-Za-z0-9_-]{7,}",
            Validate = static candidate => Last(candidate.Value) is var key && SecretValue.CountClasses(key) >= 2 && !SecretValue.IsStandIn(key),
            Examples = keys =>
            [
                new("", $"https://hooks.zapier.com/hooks/catch/{keys.Digits(7)}/o2{keys.LowerAlphanumeric(5)}Q", "/"),
                new("", $"https://maker.ifttt.com/trigger/door/with/key/{keys.Base64Url(42)}7", ""),
                new("", $"https://hook.eu1.make.com/{keys.LowerAlphanumeric(31)}7", ""),
                new("", $"https://prod-42.westeurope.logic.azure.com:443/workflows/{keys.Hex(32)}/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={keys.Base64Url(42)}7", ""),
                new("", $"https://open.feishu.cn/open-apis/bot/v2/hook/{keys.Uuid()}", ""),
                new("", $"https://oapi.dingtalk.com/robot/send?access_token={keys.Hex(64)}", ""),
                new("", $"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={keys.Uuid()}", ""),
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

    private static ReadOnlySpan<char> Behind(ReadOnlySpan<char> address, string mark) => address[(address.IndexOf(mark) + mark.Length)..];

    /// <summary>What stands behind the last slash or equals sign.</summary>
    private static ReadOnlySpan<char> Last(ReadOnlySpan<char> address) => address[(address.LastIndexOfAny('/', '=') + 1)..];

    /// <summary>No word stands near many of these tokens, and their first characters are any: two dots six characters apart are looked for.</summary>
    private static IEnumerable<TextValue> FindDiscordTokens(string text)
    {
        for (var dot = text.IndexOf('.'); dot >= 0; dot = text.IndexOf('.', dot + 1))
        {
            var second = dot + 1 + DiscordMiddle;
            if (dot < ShortestDiscordHead || second >= text.Length || text[second] != '.' || TokenAlphabet.Base64Url.RunLength(text.AsSpan(dot + 1), DiscordMiddle + 1) != DiscordMiddle) continue;
            var signature = TokenAlphabet.Base64Url.RunLength(text.AsSpan(second + 1), LongestDiscordSignature);
            var head = dot;
            while (head > 0 && dot - head <= LongestDiscordHead && (char.IsAsciiLetterOrDigit(text[head - 1]) || text[head - 1] is '-' or '_')) head--;
            if (head > 0 && text[head - 1] == '\\' && text[head] is 'n' or 'r' or 't') head++;
            if (dot - head is < ShortestDiscordHead or > LongestDiscordHead || text[head] is not ('M' or 'N' or 'O') || signature < ShortestDiscordSignature) continue;
            var token = new TextValue(head, second + 1 + signature - head, false);
            // Names of methods have three parts, too, of which the first has a digit at most.
            var isRandom = WordShape.CountRandom(token.Of(text)) >= token.Length / 2
                || (SecretValue.CountDigits(text.AsSpan(head, dot - head)) >= 2 && TokenBody.IsRandom(new SecretCandidate(text, second + 1, signature)));
            if (isRandom && SecretValue.IsOpaque(token.Of(text))) yield return token;
        }
    }
}
