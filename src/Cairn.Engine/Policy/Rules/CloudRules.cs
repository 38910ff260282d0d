namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of cloud platforms.</summary>
internal static class CloudRules
{
    private const int AwsKeyIdLength = 20;
    private const int AwsSecretLength = 40;
    private const int GoogleApiKeyLength = 39;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "aws-access-key-id",
            Description = "AWS access key id, long-lived or temporary",
            Keywords = ["akia", "asia", "abia", "acca"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>A(?:KI|SI|BI|CC)A[A-Z0-9]{{16,}})",
            // AWS' documentation quotes keys that end in EXAMPLE, and everybody quotes the documentation.
            Validate = candidate => candidate.Value.Length == AwsKeyIdLength && !candidate.Value.EndsWith("EXAMPLE") && SecretValue.IsVaried(candidate.Value[4..]),
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
        new PatternRule
        {
            Id = "google-api-key",
            Description = "Google API key (Maps, Firebase, Gemini)",
            Keywords = ["aiza"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>AIza[A-Za-z0-9_-]{{35,}})",
            Validate = candidate => candidate.Value.Length == GoogleApiKeyLength && SecretValue.IsOpaque(candidate.Value[4..]),
            Examples = keys =>
            [
                new("AIza" + "Sy" + keys.Base64Url(33)),
                new("https://maps.googleapis.com/maps/api/js?key=", "AIza" + "Sy" + keys.Base64Url(33), "&libraries=places"),
            ],
            CounterExamples = keys =>
            [
                "AIza" + new string('x', 35),
                "AIza" + keys.Base64Url(20),
                "data:image/png;base64," + keys.Base64(40) + "/AIza" + keys.Alphanumeric(80),
                "AIza" + "Sy" + "YOUR_API_KEY_" + "PLACEHOLDER_GOES_HERE",
            ],
        },
        new PatternRule
        {
            Id = "google-oauth-client-secret",
            Description = "Google OAuth client secret",
            Keywords = ["gocspx-"],
            Pattern = @"GOCSPX-[A-Za-z0-9_-]{20,}",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[7..]),
            Examples = keys => [new("GOCSPX-" + keys.Base64Url(28)), new("client_secret: '", "GOCSPX-" + keys.Base64Url(28), "'")],
            CounterExamples = _ => ["GOCSPX-" + "your-client-secret-goes-here", "GOCSPX-" + new string('X', 28)],
        },
        new PatternRule
        {
            Id = "google-oauth-access-token",
            Description = "Google OAuth access token",
            Keywords = ["ya29."],
            Pattern = @"ya29\.[A-Za-z0-9_-][A-Za-z0-9_.-]{18,}[A-Za-z0-9_-]",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[5..]),
            Examples = keys =>
            [
                new("ya29." + "a0" + keys.Base64Url(160)),
                new("Authorization: Bearer ", "ya29." + "c.b0" + keys.Base64Url(200), "\n"),
            ],
            CounterExamples = _ => ["ya29." + "access-token-goes-in-here", "ya29." + new string('x', 40), "tokens start with ya29. and last an hour"],
        },
    ];

    private static bool HasBothCases(ReadOnlySpan<char> value) => value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z');
}
