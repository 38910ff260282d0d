namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys and tokens of Amazon Web Services.</summary>
internal static class AwsRules
{
    private const int AwsKeyIdLength = 20;
    private const int AwsSecretLength = 40;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "aws-access-key-id",
            Description = "AWS access key id, long-lived or temporary",
            Keywords = ["akia", "asia", "abia", "acca"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>A(?:KI|SI|BI|CC)A[A-Z0-9]{{16,}})",
            // AWS' documentation quotes keys that hold the word EXAMPLE, and everybody quotes the documentation.
            Validate = candidate => candidate.Value.Length == AwsKeyIdLength && !candidate.Value.Contains("EXAMPLE", StringComparison.Ordinal) && SecretValue.IsVaried(candidate.Value[4..]),
            Examples = keys =>
            [
                new("AKIA" + keys.Base32(16)),
                new("ASIA" + keys.Base32(16)),
                new("ABIA" + keys.Base32(16)),
                new("ACCA" + keys.UpperAlphanumeric(16)),
                new("export AWS_ACCESS_KEY_ID=", "AKIA" + keys.Base32(16), "\n"),
                new("\"out\": \"id:\\n", "AKIA" + keys.Base32(16), "\\n\""),
                new("?X-Amz-Credential=x%2F", "ASIA" + keys.Base32(16), "%2F20260101"),
            ],
            CounterExamples = keys =>
            [
                "AKIA" + "IOSFODNN7" + "EXAMPLE",
                "AKIA" + "I44QH8DHB" + "EXAMPLE",
                "AKIA" + new string('X', 16),
                "AKIA" + keys.Base32(12),
                "X" + "AKIA" + keys.Base32(16),
                "AKIA" + keys.Base32(40),
                "ap-southeast-1 is the region for Asia; ASIA keys are temporary",
            ],
        },
        new PatternRule
        {
            Id = "aws-secret-access-key",
            Description = "AWS secret access key beside its name or its key id",
            Keywords = ["secret", "akia", "asia"],
            Pattern =
                @"(?:(?i:secret[-_. ]?(?:access)?[-_. ]?key)[^A-Za-z0-9/+]{1,24}(?:None[^A-Za-z0-9/+]{1,6})?"
                + @"|A[KS]IA[A-Z0-9]{16}[\s,;:|""']{1,8})"
                + @"(?<secret>[A-Za-z0-9/+]{40,})",
            Validate = candidate => candidate.Value.Length == AwsSecretLength && HasBothCases(candidate.Value) && SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("aws_secret_access_key = ", keys.Base64(40), "\n"),
                new("export AWS_SECRET_ACCESS_KEY=\"", keys.Base64(40), "\""),
                new("\"SecretAccessKey\": \"", keys.Base64(40), "\","),
                new("{\\\"secretAccessKey\\\":\\\"", keys.Base64(40), "\\\"}"),
                new("AWS Secret Access Key [None]: ", keys.Base64(40), "\n"),
                new("<SecretAccessKey>", keys.Base64(40), "</SecretAccessKey>"),
                new("aws.secretKey=", keys.Base64(40), "\n"),
            ],
            CounterExamples = keys =>
            [
                "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCY" + "EXAMPLEKEY",
                "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
                "aws_secret_access_key = " + new string('x', 40),
                $"The secret key changed in {keys.Hex(40)}.",
                $"aws_secret_access_key: set it before {keys.Base64(40)}",
            ],
        },
        new TokenRule
        {
            Id = "aws-session-token",
            Description = "AWS session token of a temporary key",
            // What the tokens' first bytes, which name where and for whom they were made, are in base64.
            Prefixes = ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "FQoDYXdz"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 60,
        },
        new TokenRule
        {
            Id = "aws-presigned-url",
            Description = "Signature of a presigned AWS address",
            Prefixes = ["X-Amz-Signature="],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 64,
            MaxLength = 64,
        },
        new TokenRule
        {
            Id = "aws-bedrock-api-key",
            Description = "Amazon Bedrock API key, long-lived or of a session",
            // Behind them stands base64 of "BedrockAPIKey-" or of a presigned address.
            Prefixes = ["ABSK", "bedrock-api-key-"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 80,
        },
        new TokenRule
        {
            Id = "aws-appsync-api-key",
            Description = "AWS AppSync API key",
            Prefixes = ["da2-"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 26,
            MaxLength = 26,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.LowerAlphanumeric, 26),
        },
        new TokenRule
        {
            Id = "aws-ecr-password",
            Description = "Password for an Amazon image registry",
            // {"payload":" in base64.
            Prefixes = ["eyJwYXlsb2FkIjoi"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 200,
        },
        new TokenRule
        {
            Id = "amazon-mws-token",
            Description = "Amazon Marketplace Web Service token",
            Prefixes = ["amzn.mws."],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            Validate = TokenBody.IsUuid,
            ExampleBody = keys => keys.Uuid(),
        },
        new TokenRule { Id = "amazon-oauth-client-secret", Description = "Login with Amazon client secret", Prefixes = ["amzn1.oa2-cs.v1."], Alphabet = TokenAlphabet.Hex, MinLength = 64 },
        new TokenRule { Id = "amazon-oauth-token", Description = "Login with Amazon access or refresh token", Prefixes = ["Atza|", "Atzr|"], Alphabet = TokenAlphabet.Base64Url, MinLength = 60 },
    ];

    private static bool HasBothCases(ReadOnlySpan<char> value) => value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z');
}
