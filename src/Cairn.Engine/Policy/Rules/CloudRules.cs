namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of clouds that rent machines, storage and models. The three big ones have files of their own.</summary>
internal static class CloudRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule { Id = "digitalocean-token", Description = "DigitalOcean token: personal, OAuth or refresh", Prefixes = ["dop_v1_", "doo_v1_", "dor_v1_"], Alphabet = TokenAlphabet.Hex, MinLength = 60 },
        new TokenRule
        {
            Id = "digitalocean-spaces-key",
            Description = "DigitalOcean Spaces access key",
            Prefixes = ["DO00", "DO80"],
            Alphabet = TokenAlphabet.UpperAlphanumeric,
            MinLength = 16,
            MaxLength = 16,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.UpperAlphanumeric, 16),
        },
        new TokenRule
        {
            Id = "alibaba-access-key-id",
            Description = "Alibaba Cloud access key id, long-lived or temporary",
            Prefixes = ["LTAI", "STS.N"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 12,
            MaxLength = 30,
            Validate = candidate => TokenBody.EndsToken(candidate) && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = keys => keys.Alphanumeric(20),
        },
        new TokenRule
        {
            Id = "tencent-secret-id",
            Description = "Tencent Cloud secret id",
            Prefixes = ["AKID"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 28,
            MaxLength = 64,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 32),
        },
        new TokenRule
        {
            Id = "volcengine-access-key-id",
            Description = "Volcengine access key id",
            Prefixes = ["AKLT"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 32,
            MaxLength = 64,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 43),
        },
        new TokenRule
        {
            Id = "baidu-cloud-api-key",
            Description = "Baidu AI Cloud API key",
            Prefixes = ["bce-v3/ALTAK-"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 40,
            ExampleBody = keys => $"{keys.Alphanumeric(21)}/{keys.Hex(40)}",
        },
        new TokenRule
        {
            Id = "yandex-iam-token",
            Description = "Yandex Cloud IAM token",
            Prefixes = ["t1."],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 90,
            Validate = candidate => SecretValue.IsOpaque(candidate.Value) && SecretValue.CountClasses(candidate.Value) == 3 && TokenBody.HasParts(candidate.Value, '.', 0, 86),
            ExampleBody = keys => $"9euelZ{keys.Alphanumeric(150)}.{keys.Alphanumeric(86)}",
        },
        new TokenRule { Id = "yandex-api-key", Description = "Yandex Cloud API key", Prefixes = ["AQVN"], Alphabet = TokenAlphabet.Base64Url, MinLength = 34, MaxLength = 40 },
        new TokenRule { Id = "yandex-oauth-token", Description = "Yandex OAuth token", Prefixes = ["y0_A", "y0__", "y1_A", "y2_A", "y3_A"], Alphabet = TokenAlphabet.Base64Url, MinLength = 50, MaxLength = 70, Validate = TokenBody.IsRandom },
        new TokenRule { Id = "yandex-access-key", Description = "Yandex Cloud access key for object storage", Prefixes = ["YCAJE"], Alphabet = TokenAlphabet.Base64Url, MinLength = 20, MaxLength = 20, Validate = TokenBody.IsRandom },
        new TokenRule { Id = "yandex-static-key", Description = "Yandex Cloud key for object storage", Prefixes = ["YCM", "YCN", "YCO", "YCP"], Alphabet = TokenAlphabet.Base64Url, MinLength = 37, MaxLength = 37, Validate = TokenBody.IsRandom },
        new TokenRule
        {
            Id = "scaleway-access-key",
            Description = "Scaleway access key",
            Prefixes = ["SCW"],
            Alphabet = TokenAlphabet.UpperAlphanumeric,
            MinLength = 17,
            MaxLength = 17,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.UpperAlphanumeric, 17),
        },
        new TokenRule { Id = "exoscale-api-key", Description = "Exoscale API key", Prefixes = ["EXO"], Alphabet = TokenAlphabet.Hex, MinLength = 24, MaxLength = 32 },
        new TokenRule { Id = "upcloud-token", Description = "UpCloud API token", Prefixes = ["ucat_"], Alphabet = TokenAlphabet.UpperAlphanumeric, MinLength = 26, ExampleBody = keys => "01" + keys.UpperAlphanumeric(24) },
        new TokenRule
        {
            Id = "backblaze-application-key",
            Description = "Backblaze B2 application key",
            Prefixes = ["K00"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 28,
            MaxLength = 28,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Base64, 28),
        },
        new PatternRule
        {
            Id = "databricks-token",
            Description = "Databricks token: personal, OAuth secret or of a recipient",
            Keywords = ["dapi", "dose", "dkea"],
            Pattern = PatternRule.TokenStart + @"(?<secret>(?:dapi|dose|dkea)[a-f0-9]{32,34}(?:-[0-9]{1,2})?)",
            Validate = static candidate => SecretValue.IsVaried(candidate.Value[4..], distinct: 8) && TokenBody.EndsToken(candidate),
            Examples = keys =>
            [
                new("dapi" + keys.Hex(32)),
                new("DATABRICKS_TOKEN=", "dapi" + keys.Hex(32) + "-3", "\n"),
                new("\"value\": \"", "dose" + keys.Hex(32), "\","),
                new("\"value\": \"", "dkea" + keys.Hex(32) + "-2", "\","),
            ],
            CounterExamples = keys => ["dapi" + new string('x', 32), "dapi" + new string('0', 32), "dapi...", $"dose{keys.Hex(48)}", "starts with dapi and goes on"],
        },
        new TokenRule { Id = "confluent-api-secret", Description = "Confluent Cloud API secret", Prefixes = ["cflt"], Alphabet = TokenAlphabet.Base64, MinLength = 50, MaxLength = 64 },
        new TokenRule { Id = "mongodb-atlas-secret", Description = "MongoDB Atlas service account secret", Prefixes = ["mdb_sa_sk_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 30 },
        new TokenRule { Id = "aiven-password", Description = "Password of an Aiven service", Prefixes = ["AVNS_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 16, MaxLength = 24 },
        new TokenRule { Id = "aiven-token", Description = "Aiven API token", Prefixes = ["aivenv1"], Alphabet = TokenAlphabet.Base64, MinLength = 60 },
        new TokenRule { Id = "planetscale-token", Description = "PlanetScale password, service token or OAuth token", Prefixes = ["pscale_pw_", "pscale_tkn_", "pscale_oauth_"], Alphabet = TokenAlphabet.Dotted, MinLength = 32 },
        new TokenRule { Id = "neon-api-key", Description = "Neon API key", Prefixes = ["napi_"], Alphabet = TokenAlphabet.LowerAlphanumeric, MinLength = 50 },
        new TokenRule
        {
            Id = "neon-password",
            Description = "Password of a Neon role",
            Prefixes = ["npg_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 12,
            MaxLength = 16,
            ExampleBody = keys => keys.Alphanumeric(9) + "aB7",
        },
        new TokenRule { Id = "supabase-token", Description = "Supabase access token", Prefixes = ["sbp_", "sbp_v0_", "sbp_oauth_"], Alphabet = TokenAlphabet.Hex, MinLength = 40 },
        new TokenRule
        {
            Id = "supabase-secret-key",
            Description = "Supabase secret API key",
            Prefixes = ["sb_secret_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 24,
            CounterExamples = keys => ["sb_publishable_" + keys.Alphanumeric(31)],
        },
    ];
}
