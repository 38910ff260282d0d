using System.Buffers;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Secrets as arguments of functions whose name says which of them is one: NetworkCredential("user", "password"), jwt.sign(claims, "secret").</summary>
internal static class CallRules
{
    private const int LongestCall = 600;

    /// <summary>Functions and the place of the secret among their arguments, counted from 0.</summary>
    private static readonly (string Name, int Place)[] Functions =
    [
        ("NetworkCredential", 1), ("HTTPBasicAuth", 1), ("HTTPDigestAuth", 1), ("HTTPProxyAuth", 1), ("HttpNtlmAuth", 1), ("BasicAuth", 1), ("DigestAuth", 1), ("basicAuth", 1), ("basic_auth", 1),
        ("setBasicAuth", 1), ("SetBasicAuth", 1), ("withBasicAuth", 1), ("WithBasicAuth", 1), ("basicAuthentication", 1), ("PasswordAuthentication", 1), ("UsernamePasswordCredentials", 1),
        ("UsernamePasswordCredential", 1), ("PasswordCredentials", 1), ("PasswordAuthenticator", 1), ("PlainTextAuthProvider", 1), ("withCredentials", 1), ("WithCredentials", 1), ("BasicAWSCredentials", 1),
        ("BasicCredentials", 1), ("ClientCredential", 1), ("ClientCredentials", 1), ("ClientSecretCredential", 2), ("NewClientSecretCredential", 2), ("StaticCredentials", 1), ("NewStaticCredentials", 1), ("NewStaticCredentialsProvider", 1), ("StorageSharedKeyCredential", 1),
        ("AzureKeyCredential", 0), ("getConnection", 2), ("createConnectionPool", 2), ("PlainAuth", 2), ("mysqli", 2), ("mysqli_connect", 2), ("mysql_connect", 2), ("PDO", 2), ("login", 1), ("Login", 1), ("authenticate", 1), ("Authenticate", 1), ("auth", 1),
        ("basic", 1), ("AuthToken", 1), ("jwt.sign", 1), ("jwt.verify", 1), ("jwt.encode", 1), ("jwt.decode", 1), ("JWT.encode", 1), ("JWT.decode", 1), ("JWT::encode", 1), ("JWT::decode", 1),
        ("jsonwebtoken.sign", 1), ("createHmac", 1), ("CreateHmac", 1), ("HMAC256", 0), ("HMAC384", 0), ("HMAC512", 0), ("cookieParser", 0), ("hash_hmac", 2), ("setPassword", 0), ("SetPassword", 0), ("set_password", 0), ("withPassword", 0), ("WithPassword", 0), ("setApiKey", 0), ("SetApiKey", 0), ("withToken", 0), ("WithToken", 0), ("setAccessToken", 0), ("bearerAuth", 0), ("setBearerAuth", 0), ("BearerAuth", 0),
    ];

    /// <summary>What is no function, but is followed by a list of the same kind, or by the secret itself.</summary>
    private static readonly (string Name, int Place)[] Lists = [("auth=", 1), ("auth:", 1), ("httpAuth=", 1), ("basic_auth=", 1), ("basic_auth:", 1), ("http_auth=", 1)];

    private static readonly Dictionary<string, int> Places = Functions.ToDictionary(static one => one.Name, static one => one.Place, StringComparer.Ordinal);

    private static readonly SearchValues<char> Opening = SearchValues.Create("([");

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "call-secret",
            Description = "Password or key as an argument of a function that takes one",
            Tier = SecretTier.Contextual,
            Keywords = [.. Functions.Select(static one => one.Name.ToLowerInvariant()).Concat(Lists.Select(static one => one.Name.ToLowerInvariant())).Distinct()],
            Grammar = string.Join('|', Functions.Concat(Lists).Select(static one => $"{one.Name} {one.Place}")),
            Parse = FindInCalls,
            Examples = keys =>
            [
                new("new NetworkCredential(\"app\", \"", Human(keys), "\");"),
                new("requests.get(url, auth=HTTPBasicAuth('app', '", Human(keys), "'))"),
                new("requests.get(url, auth=('app', '", Human(keys), "'))"),
                new("axios.get(url).auth(\"app\", \"", Human(keys), "\")"),
                new("DriverManager.getConnection(url, \"app\", \"", keys.Hex(24), "\");"),
                new("new PasswordAuthentication(\"app\", \"", Human(keys), "\".toCharArray())"),
                new("smtp.PlainAuth(\"\", \"app\", \"", Human(keys), "\", host)"),
                new("server.login(\"app\", \"", Human(keys), "\")"),
                new("req.SetBasicAuth(user, \"", Human(keys), "\")"),
                new("jwt.sign({ id: user.id, role: 'x' }, '", Human(keys), "', { expiresIn: '1h' })"),
                new("jwt.encode(payload, \"", keys.Alphanumeric(30) + "7", "\", algorithm=\"HS256\")"),
                new("crypto.createHmac('sha256', '", keys.Alphanumeric(30) + "7", "')"),
                new("new mysqli(\"db\", \"app\", \"", Human(keys), "\", \"orders\");"),
            ],
            CounterExamples = _ =>
            [
                "new NetworkCredential(user, password)",
                "new NetworkCredential(\"user\", \"password\")",
                "HTTPBasicAuth(os.environ['USER'], os.environ['PASSWORD_2'])",
                "auth=('user', 'pass')",
                "jwt.sign(payload, process.env.JWT_SECRET_2, { expiresIn: '1h' })",
                "jwt.sign(payload, 'secret')",
                "jwt.verify(token, publicKey2, { algorithms: ['RS256'] })",
                "createHmac('sha256', secret2).update('body-2026.Text1')",
                "DriverManager.getConnection(\"jdbc:postgresql://db/x1\", props2)",
                "entry.setPassword('topS3cr3tP4$$w0rd')",
                "login(\"admin\", \"admin\")",
                "auth(\"GET\", \"/v1/items/2\")",
            ],
        },
        new PatternRule
        {
            Id = "powershell-secure-string",
            Description = "Password that PowerShell makes a secure string of",
            Tier = SecretTier.Contextual,
            Keywords = ["convertto-securestring"],
            Pattern = @"(?i:convertto-securestring)\s(?:[^""'\n|;]*\s)?(?:""(?<secret>[^""\n]+)""|'(?<secret>[^'\n]+)')",
            Validate = static candidate => candidate.After[..Math.Min(candidate.After.Length, 80)].Contains("-AsPlain", StringComparison.OrdinalIgnoreCase)
                || candidate.Before[^Math.Min(candidate.Before.Length, 80)..].Contains("-AsPlain", StringComparison.OrdinalIgnoreCase) ? IsSecret(candidate.Value) : false,
            Examples = keys =>
            [
                new("$p = ConvertTo-SecureString \"", Human(keys), "\" -AsPlainText -Force"),
                new("ConvertTo-SecureString -String '", keys.Hex(24), "' -AsPlainText -Force"),
                new("ConvertTo-SecureString -AsPlainText -Force \"", Human(keys), "\""),
            ],
            CounterExamples = _ => ["ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force", "ConvertTo-SecureString \"$password\" -AsPlainText -Force", "ConvertTo-SecureString 'password' -AsPlainText -Force", "Get-Content pw.txt | ConvertTo-SecureString"],
        },
    ];

    private static string Human(KeyMaterial keys) => "Winter" + keys.Digits(2) + "$" + keys.LowerAlphanumeric(4) + "Q";

    private static bool IsSecret(ReadOnlySpan<char> value) => !SecretValue.IsBetweenStrings(value) && (RealValue.IsPassword(value, isQuoted: true) || RealValue.IsKey(value, NameKind.Key, false));

    private static IEnumerable<TextValue> FindInCalls(string text)
    {
        for (var at = text.AsSpan().IndexOfAny(Opening); at >= 0;)
        {
            if (PlaceOf(text, at) is >= 0 and var place && Argument(text, at + 1, place) is { } value && IsSecret(value.Of(text)) && !value.Of(text).StartsWith("/")) yield return value;
            var next = text.AsSpan(at + 1).IndexOfAny(Opening);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    /// <summary>The place of the secret among what the bracket at this place opens; -1 where the word in front of it says nothing.</summary>
    private static int PlaceOf(string text, int bracket)
    {
        var start = bracket;
        while (start > 0 && bracket - start < 40 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '.' or ':')) start--;
        var name = text.AsSpan(start, bracket - start);
        if (name.IsEmpty) return PlaceOfList(text.AsSpan(0, bracket));
        if (text[bracket] == '[') return PlaceOfList(text.AsSpan(0, bracket));
        if (start > 0 && text[start - 1] == '\\' && name[0] is 'n' or 'r' or 't') name = name[1..];
        var places = Places.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var from = 0; from < name.Length; from++)
        {
            if ((from == 0 || name[from - 1] is '.' or ':') && places.TryGetValue(name[from..], out var place)) return place;
        }
        return -1;
    }

    private static int PlaceOfList(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd(' ');
        foreach (var (name, place) in Lists)
            if (before.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (before.Length == name.Length || !char.IsAsciiLetterOrDigit(before[^(name.Length + 1)]))) return place;
        return -1;
    }

    /// <summary>The string that is this argument; null where it is none, or the call ends before it.</summary>
    private static TextValue? Argument(string text, int at, int place)
    {
        var limit = Math.Min(text.Length, at + LongestCall);
        for (var (depth, argument) = (0, 0); at < limit;)
        {
            while (at < limit && text[at] is ' ' or '\n' or '\r' or '\t') at++;
            // b"x", @"x", $"x": a prefix of one letter.
            if (at + 1 < limit && text[at] is 'b' or 'f' or 'r' or 'u' or '@' or '$' && text[at + 1] is '"' or '\'') at++;
            if (at >= limit) return null;
            if (TextValue.OpeningQuote(text, at) is > 0 and var quote)
            {
                var value = TextValue.Read(text, at);
                if (!value.IsQuoted) return null;
                at = value.End + quote;
                if (argument == place && depth == 0) return at < text.Length && text[at] is ',' or ')' or '.' or ']' or ' ' or '\n' ? value : null;
                continue;
            }
            switch (text[at])
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}' when --depth < 0:
                    return null;
                case ';' when depth == 0:
                    return null;
                case ',' when depth == 0 && ++argument > place:
                    return null;
            }
            at++;
        }
        return null;
    }
}
