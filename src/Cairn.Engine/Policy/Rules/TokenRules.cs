using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of no one vendor.</summary>
internal static class TokenRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "json-web-token",
            Description = "JSON Web Token, signed or encrypted (RFC 7519)",
            Keywords = ["eyj", "eyai", "ewog", "ew0k"],
            // A header in base64 starts {" or, with white space behind the brace, in one of three other ways.
            // Three parts; an encrypted token has five, of which the second may be empty.
            Pattern = @"e(?:yJ|yAi|wog|w0K)[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]+){0,2}",
            Validate = candidate => NamesItsAlgorithm(candidate.Value[..candidate.Value.IndexOf('.')]),
            Examples = keys =>
            [
                new(keys.Jwt("""{"alg":"HS256","typ":"JWT"}""")),
                new(keys.Jwt("""{"typ":"JWT","alg":"RS256","kid":"2026-01"}""", 342)),
                new(keys.Jwt("""{ "alg" : "ES256" }""", 86)),
                new(keys.Jwt("{\n  \"alg\": \"HS256\"\n}")),
                new(keys.Jwt("{\r\n  \"alg\": \"HS256\"\r\n}")),
                new(keys.Jwt("""{"alg":"dir","enc":"A128GCM"}""", 16) + "." + keys.Base64Url(90) + "." + keys.Base64Url(22)),
                new("Authorization: Bearer ", keys.Jwt("""{"alg":"HS256","typ":"JWT"}"""), "\n"),
                new("token=\\n", keys.Jwt("""{"alg":"HS256"}"""), "\\n"),
            ],
            CounterExamples = keys =>
            [
                keys.Jwt("""{"user_id":"17","fresh":true}"""),
                keys.Jwt("""{"alg":"none"}""", 0),
                "eyJ" + keys.Alphanumeric(60) + ".map.js",
                "eyJhbGciOiJIUzI1NiJ9 is the header of a token",
                "sourceMappingURL=data:application/json;base64,eyJ" + keys.Base64(400),
            ],
        },
    ];

    private static bool NamesItsAlgorithm(ReadOnlySpan<char> header)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(header.Length)];
        if (Base64Url.DecodeFromChars(header, bytes, out _, out var written) != OperationStatus.Done) return false;
        var json = Encoding.UTF8.GetString(bytes.AsSpan(0, written)).AsSpan().TrimEnd();
        return json is ['{', .., '}'] && json.Contains("\"alg\"", StringComparison.Ordinal);
    }
}
