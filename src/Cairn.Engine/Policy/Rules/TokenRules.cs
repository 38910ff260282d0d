using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Secrets of no one vendor: JSON Web Tokens and passwords in addresses.</summary>
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
        new PatternRule
        {
            Id = "url-password",
            Description = "Password in an address, between the user and the host",
            Keywords = ["://"],
            Pattern = @"://[^\s:/?#""'`<>\\]*:(?<secret>[^\s/""'`<>\\]+)@",
            Validate = IsUrlPassword,
            Examples = keys =>
            [
                new("postgres://app:", "Tr0ub4dor-" + keys.Alphanumeric(3), "@db.internal:5432/orders"),
                new("DATABASE_URL=postgresql+asyncpg://app:", keys.Alphanumeric(16), "@localhost/orders"),
                new("mongodb+srv://app:", keys.Alphanumeric(12), "@cluster0.mongodb.net/?retryWrites=true"),
                new("redis://:", keys.Hex(32), "@cache:6379/0"),
                new("amqp://worker:", "p%40ss" + keys.Digits(6), "@mq:5672/%2f"),
                new("https://deploy:", "#1$" + keys.Alphanumeric(8), "@git.acme.internal/web.git"),
                new("mysql://app:", "LHOFSRpKzjvxa" + "KEy", "@db/orders"),
                new("mysql://app:", "password" + "123", "@db/orders"),
                new("smtp://ops@acme.example:", "pa@" + keys.Alphanumeric(8), "@mail:587"),
                new("Server at ftp://backup:", keys.Digits(8), "@10.0.0.7"),
            ],
            CounterExamples = keys =>
            [
                Address("postgres", "postgres"),
                Address("myapp", "myapp"),
                Address("user", "password"),
                Address("guest", "guest"),
                Address("app", "${DB_PASSWORD}"),
                Address("app", "$DB_PASSWORD"),
                Address("app", "$password"),
                Address("app", "<password>"),
                Address("app", "&lt;password&gt;"),
                Address("app", "***"),
                Address("app", "xxxxxxxx"),
                Address("app", "{password}"),
                Address("app", "{{ db_password }}"),
                Address("app", "%(db_password)s"),
                Address("app", "%DB_PASSWORD%"),
                Address("app", "[YOUR-PASSWORD]"),
                Address("app", "your_password_1"),
                Address("root", "DB_PASSWORD"),
                Address("root", "DB_PASSWORD2"),
                Address("root", "dbPassword"),
                Address("root", "example-1"),
                "http://localhost:3000/@scope/package",
                "http://localhost:8080,me@acme.example",
                "see (http://localhost:8080),(mailto:me@acme.example)",
                "ssh://git@github.com:22/acme/web.git",
                $"docker://alpine:3.18@sha256:{keys.Hex(64)}",
            ],
        },
    ];

    private static string Address(string user, string password) => "postgres://" + user + ":" + password + "@db/orders";

    private static bool NamesItsAlgorithm(ReadOnlySpan<char> header)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(header.Length)];
        if (Base64Url.DecodeFromChars(header, bytes, out _, out var written) != OperationStatus.Done) return false;
        var json = Encoding.UTF8.GetString(bytes.AsSpan(0, written)).AsSpan().TrimEnd();
        return json is ['{', .., '}'] && json.Contains("\"alg\"", StringComparison.Ordinal);
    }

    private static bool IsUrlPassword(SecretCandidate candidate)
    {
        var password = candidate.Value;
        var user = candidate.Before[(candidate.Before.LastIndexOf("://") + 3)..^1];
        return !password.SequenceEqual(user)
            && !SecretValue.IsStandIn(password)
            && !StartsWithPort(password)
            && !candidate.After.StartsWith("@sha256:"); // a container image: name:tag@digest
    }

    /// <summary>A number and then the end of an address: what follows, up to some @, is other text.</summary>
    private static bool StartsWithPort(ReadOnlySpan<char> password)
    {
        var end = password.IndexOfAnyExceptInRange('0', '9');
        return end is > 0 and <= 5 && "?#,;)]}|&".Contains(password[end]);
    }
}
