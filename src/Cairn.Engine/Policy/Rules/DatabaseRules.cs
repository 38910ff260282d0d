namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of databases and back ends as a service.</summary>
internal static class DatabaseRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "firebase-server-key",
            Description = "Firebase Cloud Messaging server key",
            Keywords = [":apa91b"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>AAAA[A-Za-z0-9_-]{{7}}:APA91b[A-Za-z0-9_-]{{100,}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("AAAA" + keys.Base64Url(7) + ":APA91b" + keys.Base64Url(134)),
                new("Authorization: key=", "AAAA" + keys.Base64Url(7) + ":APA91b" + keys.Base64Url(134), "\n"),
            ],
            CounterExamples = keys =>
            [
                "AAAAAAAAAAA:APA91b" + new string('x', 120),
                "ids hold :APA91b and more",
            ],
        },
        new TokenRule
        {
            Id = "contentful-token",
            Description = "Contentful personal access token",
            Prefixes = ["CFPAT-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 40,
        },
        new TokenRule { Id = "xata-api-key", Description = "Xata API key", Prefixes = ["xau_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule
        {
            Id = "fauna-key",
            Description = "Fauna database key",
            Prefixes = ["fnA"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 37,
            MaxLength = 60,
            Validate = static candidate => SecretValue.CountDigits(candidate.Value) >= 4 && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = static keys => "E" + keys.Digits(4) + keys.Alphanumeric(34),
        },
        new TokenRule { Id = "tinybird-token", Description = "Tinybird token", Prefixes = ["p.eyJ"], Alphabet = TokenAlphabet.Dotted, MinLength = 50 },
        new TokenRule { Id = "cockroachdb-api-key", Description = "CockroachDB Cloud API key", Prefixes = ["CCDB1_"], Alphabet = TokenAlphabet.Word, MinLength = 50 },
        new TokenRule { Id = "appwrite-api-key", Description = "Appwrite API key", Prefixes = ["standard_"], Alphabet = TokenAlphabet.Hex, MinLength = 100 },
        new PatternRule
        {
            Id = "convex-deploy-key",
            Description = "Convex deploy key",
            Keywords = ["|eyj"],
            Pattern = @"(?:prod|dev|preview|project):[a-z0-9:|-]{3,60}\|(?<secret>eyJ[A-Za-z0-9+/=]{40,})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("CONVEX_DEPLOY_KEY=prod:happy-otter-123|", "eyJ2MiI6I" + keys.Base64(60), "\n"),
                new("\"dev:calm-fox-7|", "eyJ2MiI6I" + keys.Base64(80) + "=", "\""),
            ],
            CounterExamples = keys =>
            [
                "prod:happy-otter-123|eyJ...",
                "prod:a|b|" + "eyJ" + new string('x', 60),
            ],
        },
    ];
}
