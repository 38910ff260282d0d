namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of social networks, games, identity providers and wallets.</summary>
internal static class SocialRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule { Id = "facebook-access-token", Description = "Facebook access token", Prefixes = ["EAA"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 80 },
        new TokenRule
        {
            Id = "instagram-token",
            Description = "Instagram access token",
            Prefixes = ["IGQV", "IGQW", "IGAA"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 80,
        },
        new PatternRule
        {
            Id = "facebook-app-token",
            Description = "Facebook application token",
            Keywords = ["facebook", "fb_", "graph."],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[0-9]{{15,16}}(?:\||%7C)[A-Za-z0-9_-]{{27}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("FB_TOKEN=", $"{keys.Digits(15)}|{keys.Base64Url(26)}a", "\n"),
                new("https://graph.facebook.com/app?access_token=", $"{keys.Digits(16)}%7C{keys.Base64Url(26)}a", "&x=1"),
            ],
            CounterExamples = keys =>
            [
                "facebook " + new string('1', 15) + "|" + new string('x', 27),
                $"facebook {keys.Digits(15)}|name",
            ],
        },
        new PatternRule
        {
            Id = "twitter-bearer-token",
            Description = "X (Twitter) bearer token",
            Keywords = ["aaaaaaaaaaaaaaaa"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>AAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{{60,}})",
            Validate = static candidate => candidate.Value.Length <= 160 && !candidate.After.StartsWith("/") && !candidate.After.StartsWith("+") && !candidate.After.StartsWith("=") && SecretValue.IsVaried(candidate.Value, distinct: 16),
            Examples = keys =>
            [
                new(new string('A', 21) + keys.Alphanumeric(24) + "%2B" + keys.Alphanumeric(60)),
                new("Bearer ", new string('A', 22) + keys.Alphanumeric(90), "\n"),
            ],
            CounterExamples = keys =>
            [
                new string('A', 100),
                "data:image/png;base64," + keys.Base64(50) + "/" + new string('A', 30) + keys.Base64(400),
            ],
        },
        new TokenRule { Id = "linkedin-token", Description = "LinkedIn access token", Prefixes = ["AQV", "AQX"], Alphabet = TokenAlphabet.Base64Url, MinLength = 200 },
        new TokenRule { Id = "linkedin-client-secret", Description = "LinkedIn client secret", Prefixes = ["WPL_AP1."], Alphabet = TokenAlphabet.Dotted, MinLength = 16 },
        new TokenRule
        {
            Id = "twitch-oauth-token",
            Description = "Twitch OAuth token",
            Prefixes = ["oauth:"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 30,
            MaxLength = 30,
            Validate = static candidate => SecretValue.CountDigits(candidate.Value) >= 3 && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = static keys => keys.LowerAlphanumeric(26) + "a" + keys.Digits(3),
        },
        new TokenRule
        {
            Id = "riot-api-key",
            Description = "Riot Games API key",
            Prefixes = ["RGAPI-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            ExampleBody = static keys => keys.Uuid(),
        },
        new PatternRule
        {
            Id = "okta-api-token",
            Description = "Okta API token",
            Keywords = ["okta", "ssws"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>00[A-Za-z0-9_-]{{40}})",
            Validate = static candidate => SecretValue.CountClasses(candidate.Value) == 3 && SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("OKTA_TOKEN=", "00" + keys.Alphanumeric(38) + "aB", "\n"),
                new("Authorization: SSWS ", "00" + keys.Alphanumeric(38) + "aB", "\n"),
            ],
            CounterExamples = keys =>
            [
                "okta 00" + new string('x', 40),
                $"okta group 00g{keys.Alphanumeric(17)}",
            ],
        },
        new TokenRule
        {
            Id = "stytch-secret",
            Description = "Stytch project secret",
            Prefixes = ["secret-test-", "secret-live-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            ExampleBody = static keys => keys.Alphanumeric(34) + "A1b",
        },
        new TokenRule
        {
            Id = "ory-token",
            Description = "Ory token",
            Prefixes = ["ory_at_", "ory_pat_", "ory_rt_", "ory_ac_"],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 24,
        },
        new PatternRule
        {
            Id = "openvpn-static-key",
            Description = "OpenVPN static key",
            Keywords = ["openvpn static key"],
            Pattern = @"-----BEGIN OpenVPN Static key V1-----[0-9a-fA-F\s\\nr]{64,}(?:-----END OpenVPN Static key V1-----)?",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new($"-----BEGIN {"OpenVPN"} Static key V1-----\n{keys.Hex(32)}\n{keys.Hex(32)}\n{keys.Hex(32)}\n-----END {"OpenVPN"} Static key V1-----"),
                new("tls-auth: \"", $"-----BEGIN {"OpenVPN"} Static key V1-----\\n{keys.Hex(32)}\\n{keys.Hex(32)}\\n-----END {"OpenVPN"} Static key V1-----", "\""),
            ],
            CounterExamples = keys =>
            [
                $"-----BEGIN {"OpenVPN"} Static key V1-----\n...\n-----END {"OpenVPN"} Static key V1-----",
                "an OpenVPN static key goes into ta.key",
            ],
        },
        new PatternRule
        {
            Id = "extended-private-key",
            Description = "Extended private key of a wallet (BIP-32)",
            Keywords = ["xprv", "yprv", "zprv", "tprv", "uprv", "vprv"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{{100,}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("xprv" + "9s21ZrQH143K" + keys.Of(TokenAlphabet.Base58, 95)),
                new("key: ", "tprv" + keys.Of(TokenAlphabet.Base58, 107), "\n"),
            ],
            CounterExamples = keys =>
            [
                "xprv" + new string('x', 107),
                "xprv9s21ZrQH143K...",
            ],
        },
        new TokenRule
        {
            Id = "defined-networking-token",
            Description = "Defined Networking token",
            Prefixes = ["dnkey-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 26,
        },
    ];
}
