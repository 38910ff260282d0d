namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of tools that teams work and build with.</summary>
internal static class ProductivityRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule
        {
            Id = "figma-token",
            Description = "Figma personal or OAuth token",
            Prefixes = ["figd_", "figdr_", "figo_", "figor_", "figoh_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 30,
        },
        new TokenRule { Id = "notion-token", Description = "Notion integration token", Prefixes = ["ntn_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule
        {
            Id = "notion-internal-token",
            Description = "Notion integration token of the old kind",
            Prefixes = ["secret_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 43,
            MaxLength = 43,
        },
        new TokenRule
        {
            Id = "linear-token",
            Description = "Linear API key, OAuth token or webhook secret",
            Prefixes = ["lin_api_", "lin_oauth_", "lin_wh_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 32,
        },
        new TokenRule
        {
            Id = "airtable-token",
            Description = "Airtable personal access token",
            Prefixes = ["pat"],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 79,
            MaxLength = 79,
            Validate = static candidate => candidate.Value[14] == '.' && candidate.Value.Count('.') == 1 && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = static keys => $"{keys.Alphanumeric(14)}.{keys.Hex(64)}",
        },
        new PatternRule
        {
            Id = "asana-token",
            Description = "Asana personal access token",
            Keywords = ["asana"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[0-2]/[0-9]{{10,}}(?:/[0-9]{{10,}})?:[0-9a-f]{{32}})",
            Examples = keys =>
            [
                new("ASANA_TOKEN=", $"1/{keys.Digits(16)}:{keys.Hex(32)}", "\n"),
                new("asana: ", $"2/{keys.Digits(16)}/{keys.Digits(16)}:{keys.Hex(32)}", ""),
            ],
            CounterExamples = keys =>
            [
                $"asana 1/{keys.Digits(16)}",
                "asana.com/0/1234567890123456/list",
            ],
        },
        new PatternRule
        {
            Id = "atlassian-token",
            Description = "Atlassian API or service token",
            Keywords = ["atatt3", "atstt3"],
            Pattern = @"AT(?:ATT|STT)3[A-Za-z0-9_-]{50,}(?:=[A-F0-9]{8})?",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("ATATT3" + "xFfGF0" + keys.Base64Url(170) + "=" + keys.Hex(8).ToUpperInvariant()),
                new("curl -u me@acme.example:", "ATATT3" + "xFfGF0" + keys.Base64Url(170), " https://acme.atlassian.net"),
            ],
            CounterExamples = keys =>
            [
                "ATATT3" + new string('x', 100),
                "tokens start with ATATT3xFfGF0",
            ],
        },
        new TokenRule { Id = "trello-token", Description = "Trello token", Prefixes = ["ATTA"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 60 },
        new TokenRule
        {
            Id = "clickup-token",
            Description = "ClickUp personal token",
            Prefixes = ["pk_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 38,
            MaxLength = 50,
            Validate = IsClickUpToken,
            ExampleBody = static keys => $"{keys.Digits(8)}_{keys.UpperAlphanumeric(32)}",
        },
        new TokenRule { Id = "dropbox-token", Description = "Dropbox access token", Prefixes = ["sl."], Alphabet = TokenAlphabet.Dotted, MinLength = 100 },
        new TokenRule { Id = "typeform-token", Description = "Typeform personal access token", Prefixes = ["tfp_"], Alphabet = TokenAlphabet.Dotted, MinLength = 40 },
        new TokenRule
        {
            Id = "hubspot-token",
            Description = "HubSpot private app token",
            Prefixes = ["pat-na1-", "pat-na2-", "pat-na3-", "pat-eu1-", "pat-ap1-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            ExampleBody = static keys => keys.Uuid(),
        },
        new PatternRule
        {
            Id = "salesforce-session-id",
            Description = "Salesforce session id or access token",
            Keywords = ["00d"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>00D[A-Za-z0-9]{{12,15}}![A-Za-z0-9._]{{60,}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("SF_ACCESS_TOKEN=", "00D" + keys.Alphanumeric(12) + "!AQ" + keys.Alphanumeric(90), "\n"),
                new("Bearer ", "00D" + keys.Alphanumeric(15) + "!AR" + keys.Alphanumeric(90), "\""),
            ],
            CounterExamples = keys =>
            [
                "the organisation id is 00D" + keys.Alphanumeric(12) + "!",
                "00D" + new string('x', 12) + "!" + new string('x', 90),
            ],
        },
        new TokenRule
        {
            Id = "postman-key",
            Description = "Postman API key or collection access key",
            Prefixes = ["PMAK-", "PMAT-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 26,
        },
        new TokenRule { Id = "readme-api-key", Description = "ReadMe API key", Prefixes = ["rdme_"], Alphabet = TokenAlphabet.LowerAlphanumeric, MinLength = 40 },
        new TokenRule { Id = "n8n-api-key", Description = "n8n API key", Prefixes = ["n8n_api_"], Alphabet = TokenAlphabet.Dotted, MinLength = 40 },
        new TokenRule { Id = "frameio-token", Description = "Frame.io token", Prefixes = ["fio-u-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 50 },
        new TokenRule { Id = "adobe-client-secret", Description = "Adobe client secret", Prefixes = ["p8e-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 30 },
        new TokenRule
        {
            Id = "mapbox-secret-token",
            Description = "Mapbox secret token",
            Prefixes = ["sk.eyJ", "tk.eyJ"],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 50,
        },
        new TokenRule { Id = "retool-token", Description = "Retool access token", Prefixes = ["retool_01"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 24 },
        new TokenRule { Id = "calcom-api-key", Description = "Cal.com API key", Prefixes = ["cal_live_"], Alphabet = TokenAlphabet.Hex, MinLength = 30 },
        new TokenRule
        {
            Id = "wakatime-api-key",
            Description = "WakaTime API key",
            Prefixes = ["waka_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            ExampleBody = static keys => keys.Uuid(),
        },
        new PatternRule
        {
            Id = "ghost-admin-key",
            Description = "Ghost admin API key",
            Keywords = ["ghost"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[0-9a-f]{{24}}:[0-9a-f]{{64}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("GHOST_ADMIN_API_KEY=", $"{keys.Hex(24)}:{keys.Hex(64)}", "\n"),
                new("ghost admin key: ", $"{keys.Hex(24)}:{keys.Hex(64)}", ""),
            ],
            CounterExamples = keys =>
            [
                $"ghost image sha256:{keys.Hex(64)}",
                "ghost " + new string('0', 24) + ":" + new string('0', 64),
            ],
        },
        new TokenRule
        {
            Id = "trigger-dev-key",
            Description = "Trigger.dev key",
            Prefixes = ["tr_dev_", "tr_prod_", "tr_stg_", "tr_pat_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 20,
        },
        new TokenRule
        {
            Id = "inngest-signing-key",
            Description = "Inngest signing key",
            Prefixes = ["signkey-prod-", "signkey-test-", "signkey-branch-"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 32,
        },
        new TokenRule
        {
            Id = "onesignal-key",
            Description = "OneSignal API key",
            Prefixes = ["os_v2_app_", "os_v2_org_"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 50,
        },
        new PatternRule
        {
            Id = "deepl-api-key",
            Description = "DeepL API key",
            Keywords = [":fx"],
            Pattern = @"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:fx",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new(keys.Uuid() + ":fx"),
                new("DEEPL_KEY=", keys.Uuid() + ":fx", "\n"),
            ],
            CounterExamples = keys =>
            [
                "00000000-0000-0000-0000-000000000000:fx",
                "your-deepl-key:fx",
            ],
        },
        new PatternRule
        {
            Id = "rapidapi-key",
            Description = "RapidAPI key",
            Keywords = ["jsn"],
            Pattern = @"[0-9a-z]{10}msh[0-9a-z]{15,24}jsn[0-9a-z]{12}",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new($"{keys.Hex(10)}msh{keys.Hex(15)}p1{keys.Hex(6)}jsn{keys.Hex(12)}"),
                new("X-RapidAPI-Key: ", $"{keys.Hex(10)}msh{keys.Hex(15)}p1{keys.Hex(6)}jsn{keys.Hex(12)}", "\n"),
            ],
            CounterExamples = keys =>
            [
                "SIGN-UP-FOR-KEY",
                "xxxxxxxxxxmshxxxxxxxxxxxxxxxp1xxxxxxjsnxxxxxxxxxxxx",
            ],
        },
        new PatternRule
        {
            Id = "maxmind-license-key",
            Description = "MaxMind license key",
            Keywords = ["_mmk"],
            Pattern = @"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new($"{keys.Alphanumeric(6)}_{keys.Alphanumeric(29)}_mmk"),
                new("LICENSE=", $"{keys.Alphanumeric(6)}_{keys.Alphanumeric(29)}_mmk", "\n"),
            ],
            CounterExamples = keys =>
            [
                "xxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx_mmk",
                "keys end in _mmk",
            ],
        },
        new TokenRule { Id = "scalingo-token", Description = "Scalingo API token", Prefixes = ["tk-us-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 40 },
        new TokenRule
        {
            Id = "settlemint-token",
            Description = "SettleMint token",
            Prefixes = ["sm_aat_", "sm_pat_", "sm_sat_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 16,
        },
        new TokenRule
        {
            Id = "adafruit-io-key",
            Description = "Adafruit IO key",
            Prefixes = ["aio_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 28,
            MaxLength = 28,
        },
        new TokenRule
        {
            Id = "forty-two-secret",
            Description = "42 school client secret",
            Prefixes = ["s-s4t2ud-", "s-s4t2af-"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 60,
        },
    ];

    /// <summary>A number, an underscore, 32 capitals and digits.</summary>
    private static bool IsClickUpToken(SecretCandidate candidate)
    {
        var number = candidate.Value.IndexOfAnyExceptInRange('0', '9');
        return number >= 5
            && candidate.Value[number] == '_'
            && TokenAlphabet.UpperAlphanumeric.RunLength(candidate.Value[(number + 1)..], 64) == 32
            && SecretValue.IsVaried(candidate.Value[(number + 1)..]);
    }
}
