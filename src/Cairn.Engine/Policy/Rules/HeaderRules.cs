using System.Text;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Credentials in HTTP headers: schemes of authorization, and cookies of sessions.</summary>
internal static class HeaderRules
{
    private const int LongestToken = 4096;

    /// <summary>What stands between the header's name and the token at most: quotes, a sign, the scheme.</summary>
    private const int LongestScheme = 40;

    private static readonly TokenAlphabet TokenCharacters = TokenAlphabet.HeaderToken;

    private static readonly string[] CookieNames = ["sess", "sid", "token", "auth", "jwt", "remember", "login", "identity"];

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "basic-authorization",
            Description = "User and password of HTTP Basic authorization, in base64",
            Keywords = ["basic ", "auth\"", "auth\\\"", "auth="],
            Grammar = "Basic base64(user:password), \"auth\": \"base64(user:password)\"",
            Parse = FindBasic,
            Examples = keys =>
            [
                new("Authorization: Basic ", Encode("app:" + keys.Alphanumeric(10)), "\n"),
                new("-H 'Authorization: Basic ", Encode("ops@acme.example:sommer"), "'"),
                new("\"Authorization\": \"Basic ", Encode("app:" + keys.Alphanumeric(21)), "\""),
                new("{\"auths\": {\"registry.acme.internal\": {\"auth\": \"", Encode("ci:" + keys.Alphanumeric(20)), "\"}}}"),
                new("\\\"auth\\\": \\\"", Encode("ci:" + keys.Alphanumeric(20)), "\\\""),
            ],
            CounterExamples = _ =>
            [
                "Authorization: Basic " + Encode("user:password"),
                "Authorization: Basic <credentials>",
                "Authorization: Basic $(echo -n user:pass | base64)",
                "the Basic authenticationschemeinuse is old",
                "Visual Basic programminglanguage",
                "Authorization: Basic " + Encode("admin:admin"),
            ],
        },
        new ParserRule
        {
            Id = "authorization-header",
            Description = "Token in an Authorization header",
            Tier = SecretTier.Contextual,
            Keywords = ["bearer", "authorization"],
            Grammar = "Bearer token; Authorization: scheme token",
            Parse = FindAuthorization,
            Examples = keys =>
            [
                new("Authorization: Bearer ", AssignmentRules.RandomKey(keys), "\n"),
                new("curl -H \"Authorization: Bearer ", keys.Hex(40), "\""),
                new("\"Authorization\": \"Bearer ", keys.Alphanumeric(32), "\""),
                new("headers = {'Authorization': f'Bearer ", keys.Alphanumeric(40), "'}"),
                new("\\\"Authorization\\\": \\\"Bearer ", keys.Alphanumeric(32), "\\\""),
                new("Authorization: Token ", keys.Hex(40), "\n"),
                new("Authorization: GenieKey ", keys.Uuid(), "\n"),
                new("Authorization: ApiKey ", keys.Base64(48) + "==", "\n"),
                new("authorization: Bot ", keys.Base64Url(24) + "." + keys.Alphanumeric(8) + "." + keys.Base64Url(27) + "7", "\n"),
                new("Bearer ", keys.Hex(64), "\n"),
            ],
            CounterExamples = _ =>
            [
                "Authorization: Bearer <token>",
                "Authorization: Bearer $TOKEN_2026",
                "Authorization: Bearer ${ACCESS_TOKEN}",
                "Authorization: `Bearer ${token.accessToken2026}`",
                "Authorization: Bearer {access_token_2}",
                "Authorization: Bearer YOUR_ACCESS_TOKEN_2026",
                "Authorization: Bearer xxxxxxxxxxxxxxxxxxxxxxxx",
                "\"Bearer \" + token2026Value",
                "the bearer of this token-2026-11-letter",
                "Authorization: AWS4-HMAC-SHA256 Credential=x",
                "authorization: required-for-all-2026-routes",
            ],
        },
        new ParserRule
        {
            Id = "session-cookie",
            Description = "Cookie that holds a session",
            Tier = SecretTier.Contextual,
            Keywords = ["cookie", "phpsessid", "jsessionid", "connect.sid", "asp.net_sessionid", "_session="],
            Grammar = "Cookie: name=value where the name says session",
            Parse = FindCookies,
            Examples = keys =>
            [
                new("Cookie: theme=dark; sessionid=", AssignmentRules.RandomKey(() => keys.LowerAlphanumeric(32)), "; lang=en"),
                new("Set-Cookie: session=", AssignmentRules.RandomKey(() => keys.Base64Url(60) + "7"), "; HttpOnly; Secure"),
                new("Cookie: connect.sid=", "s%3A" + keys.Alphanumeric(32) + "." + keys.Alphanumeric(43), "\n"),
                new("curl -b 'laravel_session=", AssignmentRules.RandomKey(() => keys.Base64(80) + "7"), "' https://acme.internal"),
                new("PHPSESSID=", AssignmentRules.RandomKey(() => keys.LowerAlphanumeric(26)), "; path=/"),
                new("curl --cookie \"_gitlab_session=", keys.Hex(32), "\""),
            ],
            CounterExamples = keys =>
            [
                "Cookie: theme=dark; lang=en-2026",
                "Set-Cookie: session=<value>; HttpOnly",
                "Set-Cookie: sessionid=; Max-Age=0",
                "Cookie: session=${SESSION_2026_COOKIE}",
                "the session cookie is named connect.sid",
                $"session_id={keys.Uuid()}",
                $"the cookie of session {keys.Uuid()}",
                $"Cookie: build={keys.Hex(40)}",
            ],
        },
    ];

    private static string Encode(string credentials) => Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

    private static IEnumerable<TextValue> FindBasic(string text)
    {
        foreach (var mark in (string[])["basic ", "auth\"", "auth\\\"", "auth="])
        {
            for (var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(mark, at + mark.Length, StringComparison.OrdinalIgnoreCase))
            {
                var start = at + mark.Length;
                if (mark[^1] is '"') while (start < text.Length && start - at < 16 && text[start] is ' ' or ':' or '"' or '\\') start++;
                var length = Base64Length(text.AsSpan(start, Math.Min(text.Length - start, LongestToken)));
                if (length >= 8 && HoldsPassword(text.AsSpan(start, length))) yield return new TextValue(start, length, false);
            }
        }
    }

    private static int Base64Length(ReadOnlySpan<char> text)
    {
        var run = TokenAlphabet.Base64.RunLength(text, LongestToken);
        while (run < text.Length && text[run] == '=' && run % 4 != 0) run++;
        return run;
    }

    /// <summary>Whether base64 holds "user:password" in printable characters, and the password is no stand-in.</summary>
    private static bool HoldsPassword(ReadOnlySpan<char> base64)
    {
        if (base64.Length % 4 != 0) return false;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64Chars(base64, bytes, out var written)) return false;
        var text = bytes.AsSpan(0, written);
        if (text.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return false;
        var credentials = Encoding.ASCII.GetString(text);
        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && credentials.Length - colon > 4 && !SecretValue.IsStandIn(credentials.AsSpan(colon + 1)) && credentials[..colon] != credentials[(colon + 1)..];
    }

    private static IEnumerable<TextValue> FindAuthorization(string text)
    {
        var behind = 0;
        foreach (var (mark, schemeWords) in ((string, int)[])[("bearer", 0), ("authorization", 2)])
        {
            for (var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(mark, at + mark.Length, StringComparison.OrdinalIgnoreCase))
            {
                if (at < behind && schemeWords == 0) continue;
                if (Token(text, at + mark.Length, schemeWords) is not { } token) continue;
                behind = token.End;
                yield return token;
            }
        }
    }

    /// <summary>The first token behind a header's name and at most so many words of a scheme.</summary>
    private static TextValue? Token(string text, int at, int schemeWords)
    {
        var limit = Math.Min(text.Length, at + LongestScheme);
        for (var words = 0; words <= schemeWords; words++)
        {
            while (at < limit && text[at] is ' ' or '\t' or ':' or '=' or '"' or '\'' or '`' or '\\' or '>') at++;
            var length = TokenCharacters.RunLength(text.AsSpan(Math.Min(at, text.Length)), LongestToken);
            if (length == 0) return null;
            var value = new TextValue(at, text.AsSpan(at, length).TrimEnd(".").Length, false);
            if (value.Length >= 16 && value.Of(text).IndexOf('=') is var equals && (equals < 0 || equals >= value.Length - 2) && RealValue.IsKey(value.Of(text), NameKind.Key, false)) return value;
            // Another rule reads what Basic says.
            if (value.Of(text).Equals("basic", StringComparison.OrdinalIgnoreCase)) return null;
            at += length;
            if (at < text.Length && text[at] is '$' or '{' or '<') return null;
        }
        return null;
    }

    private static IEnumerable<TextValue> FindCookies(string text)
    {
        for (var equals = text.IndexOf('='); equals >= 0; equals = text.IndexOf('=', equals + 1))
        {
            var start = equals;
            while (start > 0 && equals - start < 40 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.')) start--;
            var name = text.AsSpan(start, equals - start);
            if (!NamesSession(name) || !(IsKnownCookie(name) || IsInCookieHeader(text, start))) continue;
            var value = TextValue.Read(text, equals + 1);
            if (value.Length >= 16 && RealValue.IsKey(value.Of(text), NameKind.Key, false)) yield return value;
        }
    }

    private static bool NamesSession(ReadOnlySpan<char> name)
    {
        foreach (var part in CookieNames)
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsKnownCookie(ReadOnlySpan<char> name) =>
        name.EndsWith("PHPSESSID", StringComparison.Ordinal) || name.EndsWith("JSESSIONID", StringComparison.Ordinal) || name is "connect.sid" or "ASP.NET_SessionId" || (name.EndsWith("_session", StringComparison.Ordinal) && name.Length > 8);

    private static bool IsInCookieHeader(string text, int at)
    {
        var before = text.AsSpan(Math.Max(0, at - 400), at - Math.Max(0, at - 400));
        before = before[(before.LastIndexOf('\n') + 1)..];
        return before.Contains("cookie:", StringComparison.OrdinalIgnoreCase) || before.Contains("cookie\"", StringComparison.OrdinalIgnoreCase) || before.Contains("cookie'", StringComparison.OrdinalIgnoreCase)
            || before.Contains("cookie ", StringComparison.OrdinalIgnoreCase) || before.Contains("cookie=", StringComparison.OrdinalIgnoreCase);
    }
}
