namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys and tokens of Google and its cloud. The key of a service account is a <see cref="PrivateKeyRules">private key</see>.</summary>
internal static class GoogleCloudRules
{
    private const int GoogleApiKeyLength = 39;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
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
        new TokenRule
        {
            Id = "google-oauth-refresh-token",
            Description = "Google OAuth refresh token or authorization code",
            Prefixes = ["1//0", "4/0A"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 40,
            Validate = TokenBody.IsRandom,
        },
        new TokenRule { Id = "google-hmac-key", Description = "Google Cloud Storage HMAC key", Prefixes = ["GOOG1"], Alphabet = TokenAlphabet.UpperAlphanumeric, MinLength = 20, MaxLength = 70, ExampleBody = keys => keys.UpperAlphanumeric(57) },
        new TokenRule { Id = "google-bound-api-key", Description = "Google API key bound to a service account (Gemini, Vertex)", Prefixes = ["AQ.Ab"], Alphabet = TokenAlphabet.Base64Url, MinLength = 30 },
    ];
}
