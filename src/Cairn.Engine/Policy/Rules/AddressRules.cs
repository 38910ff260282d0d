using System.Buffers;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Passwords and tokens in addresses.</summary>
internal static class AddressRules
{
    private const int LongestUserInfo = 512;

    private static readonly SearchValues<char> EndsAddress = SearchValues.Create(" \t\r\n<>`\\\"'");
    private static readonly SearchValues<char> EndsUnquotedAddress = SearchValues.Create(" \t\r\n<>`\\");

    /// <summary>Passwords that say that the user is a token.</summary>
    private static readonly string[] TokenMarks = ["", "x-oauth-basic", "x"];

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "url-password",
            Description = "Password in an address, between the user and the host",
            Keywords = ["://"],
            Grammar = "scheme://user:password@host",
            Parse = static text => UserInfos(text).Where(info => info.Password.Length > 0 && IsPassword(text, info)).Select(static info => info.Password),
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
                new("postgres://app:", keys.Alphanumeric(6) + "/" + keys.Alphanumeric(20) + "x7Kq", "@db.internal/orders"),
                new("use postgres://app:", "it's" + keys.Digits(4) + "\"", "@db.internal/orders "),
                new("ldap://cn=admin:", "x" + keys.Digits(1) + "!", "@ldap.acme.internal"),
                new("\"url\": \"mysql://app:", "sommer", "@db/orders\""),
            ],
            CounterExamples = keys =>
            [
                Address("postgres", "postgres"),
                Address("myapp", "myapp"),
                Address("user", "password"),
                Address("guest", "guest"),
                Address("user", "pw"),
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
                "http://web:8080/users/7,me@acme.example",
                "see (http://localhost:8080),(mailto:me@acme.example)",
                "ssh://git@github.com:22/acme/web.git",
                $"docker://alpine:3.18@sha256:{keys.Hex(64)}",
                "https://host:port/path/to/package@1.2.3",
            ],
        },
        new ParserRule
        {
            Id = "url-token",
            Description = "Token in the place of the user in an address",
            Keywords = ["://"],
            Grammar = "scheme://token@host",
            Parse = static text => UserInfos(text).Where(info => IsToken(text, info)).Select(static info => info.User),
            Examples = keys =>
            [
                new("https://", keys.Hex(40), "@git.acme.internal/web.git"),
                new("git+https://", keys.Base64Url(32) + "7a", "@git.acme.internal/web.git"),
                new("https://", keys.Hex(40), ":x-oauth-basic@git.acme.internal/web.git"),
                new("https://", keys.Hex(32), ":@api.acme.internal/v1"),
            ],
            CounterExamples = keys =>
            [
                "ssh://git@github.com/acme/web.git",
                "https://build-agent-2024@dev.azure.example/acme/_git/web",
                $"https://{keys.Hex(32)}@o42.ingest.sentry.io/77",
                "https://jane.doe@acme.example/inbox",
                "https://${GIT_TOKEN_2026_PRODUCTION}@git.acme.internal/web.git",
                "https://" + new string('x', 40) + "@git.acme.internal/web.git",
            ],
        },
    ];

    private static string Address(string user, string password) => "postgres://" + user + ":" + password + "@db/orders";

    /// <summary>What stands between :// and the @ in front of a host: the user, and the password where there is one (else its length is 0).</summary>
    private static IEnumerable<(TextValue User, TextValue Password, bool HasColon)> UserInfos(string text)
    {
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 3, StringComparison.Ordinal))
        {
            var start = at + 3;
            var window = text.AsSpan(start, Math.Min(text.Length - start, LongestUserInfo));
            var end = window.IndexOfAny(IsInQuotes(text, at) ? EndsAddress : EndsUnquotedAddress);
            if (end >= 0) window = window[..end];
            if (window.IndexOf("://") is var nextScheme and > 0) window = window[..nextScheme];

            var colon = window.IndexOf(':');
            var host = HostStart(window, colon);
            if (host < 0) continue;
            if (colon < 0 || colon > host) yield return (new TextValue(start, host, false), default, false);
            else if (window[..colon].IndexOfAny('/', '?', '#') < 0) yield return (new TextValue(start, colon, false), new TextValue(start + colon + 1, host - colon - 1, false), true);
        }
    }

    /// <summary>The @ in front of the host: the last one, unless what stands in front of it is a path.</summary>
    private static int HostStart(ReadOnlySpan<char> window, int colon)
    {
        for (var at = window.LastIndexOf('@'); at >= 0; at = window[..at].LastIndexOf('@'))
        {
            var slash = window[..at].IndexOfAny('/', '?', '#');
            if (slash < 0 || (colon >= 0 && colon < slash)) return at + 1 < window.Length && (char.IsLetterOrDigit(window[at + 1]) || window[at + 1] is '[' or '$' or '{') ? at : -1;
        }
        return -1;
    }

    private static bool IsInQuotes(string text, int colon)
    {
        var scheme = colon;
        while (scheme > 0 && colon - scheme < 32 && (char.IsAsciiLetterOrDigit(text[scheme - 1]) || text[scheme - 1] is '+' or '-' or '.' or ':')) scheme--;
        return scheme > 0 && text[scheme - 1] is '"' or '\'' or '(' or '=' or ',' or '[';
    }

    private static bool IsPassword(string text, (TextValue User, TextValue Password, bool HasColon) info)
    {
        var password = info.Password.Of(text);
        if (password.SequenceEqual(info.User.Of(text)) || StartsWithPort(password) || TokenMarks.Contains(password.ToString())) return false;
        if (text.AsSpan(info.Password.End).StartsWith("@sha256:")) return false; // a container image: name:tag@digest
        if (password.Length < 4) return password.Length >= 3 && SecretValue.CountClasses(password) >= 2 - (password.ContainsAny('!', '$', '#') ? 1 : 0) && password.ContainsAnyInRange('0', '9');
        if (password.ContainsAny('/', '"', '\'')) return RealValue.IsPassword(password, isQuoted: true);
        return !SecretValue.IsStandIn(password) && !SecretValue.HoldsPlaceholder(password);
    }

    private static bool IsToken(string text, (TextValue User, TextValue Password, bool HasColon) info)
    {
        if (info.HasColon && !TokenMarks.Contains(info.Password.Of(text).ToString())) return false;
        var user = info.User.Of(text);
        var host = text.AsSpan(info.HasColon ? info.Password.End : info.User.End);
        return user.Length >= 16 && RealValue.IsKey(user, NameKind.Key, false) && !host[..Math.Min(host.Length, 60)].Contains("sentry", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A number and then the end of an address: what follows, up to some @, is other text.</summary>
    private static bool StartsWithPort(ReadOnlySpan<char> password)
    {
        var end = password.IndexOfAnyExceptInRange('0', '9');
        return end is > 0 and <= 5 && "/?#,;)]}|&".Contains(password[end]);
    }
}
