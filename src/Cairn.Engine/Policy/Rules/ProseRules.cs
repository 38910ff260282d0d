using System.Buffers;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Secrets in sentences. Words are no proof, so the value itself must have three classes of characters.</summary>
internal static class ProseRules
{
    /// <summary>How far behind its name a sentence may give the value.</summary>
    private const int Reach = 90;

    private static readonly string[] Copulas =
    [
        " is now ", " is currently ", " is still ", " is set to ", " was set to ", " set to ", " changed to ", " reset to ", " is actually ", " should be ", " would be ", " will be ", " must be ", " is: ", " is ", " was ", " are ", " to ",
        " = ", ": ", "：", " - ", " — ", " – ", " -> ", " → ", ", it's ", "'s ", " ist ", " lautet ", " heißt ", " es ", " est ", " è ", " é ", " jest ", " är ", " er ", " on ", "是", "为", "は", "は、", "는 ", "은 ", " это ", " — это ", " of ", " as ",
    ];

    /// <summary>What stands between the value and its name where the value comes first.</summary>
    private static readonly string[] Behind = [" as the ", " as ", " as your ", " as a ", " is the ", " is our ", " is my ", " for the ", " als "];

    private static readonly string[] Logins = ["login", "log in", "sign in", "signin", "credential", "creds", "username", "user", "account", "authenticate", "zugangsdaten", "root", "admin"];

    private static readonly string[] Articles = ["the", "a", "an", "this", "that", "my", "our", "your", "its", "new", "old", "his", "her", "their", "and", "or", "with", "use", "der", "die", "das"];

    private static readonly SearchValues<char> AddressSigns = SearchValues.Create("/:#()[]<>=?&\\");
    private static readonly SearchValues<char> PasswordSigns = SearchValues.Create("!?#$%*&+0123456789");
    private static readonly SearchValues<string> LoginWords = SearchValues.Create(Logins, StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "prose-password",
            Description = "Password in a sentence",
            Tier = SecretTier.Prose,
            Keywords = [.. AssignmentParser.NameWords, .. Logins, "pin ", "pin:", "pin="],
            Grammar = "the password is X; X as the password; login user / X; credentials user:X; PIN",
            Parse = static text => FindPasswords(text).Concat(FindLogins(text)).Concat(FindPins(text)).OrderBy(static value => value.Start),
            Examples = keys =>
            [
                new("the password is ", Human(keys), "\n"),
                new("The root password for staging is now ", Human(keys), ".\n"),
                new("password changed to \"", Human(keys), "\""),
                new("with password ", Human(keys), "\n"),
                new("the wifi pw ", Human(keys), "\n"),
                new("use ", Human(keys), " as the password"),
                new("wifi pass is `", Human(keys), "`"),
                new("log in as admin / ", Human(keys), "\n"),
                new("The credentials are admin:", Human(keys), "\n"),
                new("creds: jane@acme.example / ", Human(keys), "\n"),
                new("username admin and password ", Human(keys), "\n"),
                new("Das Passwort lautet ", Human(keys), "\n"),
                new("la contraseña es ", Human(keys), "\n"),
                new("le mot de passe est ", Human(keys), "\n"),
                new("a senha é ", Human(keys), "\n"),
                new("密码是", Human(keys), "\n"),
                new("パスワードは", Human(keys), "\n"),
                new("пароль это ", Human(keys), "\n"),
                new("the passphrase was “", Human(keys), "”"),
                new("ssh in with root:", Human(keys), "\n"),
                new("The PIN is ", "4" + keys.Digits(2) + "817", "\n"),
                new("PIN code: ", "9" + keys.Digits(1) + "264", "\n"),
            ],
            CounterExamples = keys =>
            [
                "the password is required",
                "the password is stored in AWS Secrets Manager (eu-west-1)",
                "the password is hashed with SHA-256 and 100,000 rounds",
                "password is Optional[str]",
                "the password was rotated on 2026-01-15",
                "the token is stored in the keychain",
                "password to us-east-1",
                "login is at https://acme.example/login/2",
                "login: OAuth2/PKCE\n",
                "log in with Azure AD / OAuth2.0",
                "the user is on Node.js-18",
                "the password is at least 8 characters, 1 digit and 1 sign!",
                "credentials are read from ~/.aws/credentials",
                "the password is $DB_PASSWORD_2",
                "the password is in 1Password",
                "user / Group2.Name",
                "the password is checked by PasswordValidator2.Check()",
                $"the user is {keys.Uuid()}",
                "PIN: 1234",
                "the GPIO pin is 4817",
                "PIN 17 is an input",
            ],
        },
        new ParserRule
        {
            Id = "prose-secret",
            Description = "Key, token or secret in a sentence",
            Tier = SecretTier.Prose,
            Keywords = ["key", "token", "secret", "_pat"],
            Grammar = "the API key is X",
            Parse = FindKeys,
            Examples = keys =>
            [
                new("the API key is ", keys.Alphanumeric(32) + "7", "\n"),
                new("our webhook secret is ", keys.Alphanumeric(32) + "7", "\n"),
                new("Access token is now `", keys.Alphanumeric(40) + "7", "`"),
                new("the token is ", keys.Alphanumeric(40) + "7", "\n"),
                new("the api key is ", keys.Hex(32), "\n"),
            ],
            CounterExamples = keys =>
            [
                "the token is stored in the keychain",
                $"The secret key changed in {keys.Hex(40)}.",
                $"the token is gone since {keys.Hex(40)}",
                $"the cache key is {keys.Alphanumeric(32)}",
                "the API key is read from config/app-2026.Production.json",
                "the token is JwtSecurityToken2026Validator",
            ],
        },
    ];

    private static string Human(KeyMaterial keys) => "Winter" + keys.Digits(2) + "$" + keys.LowerAlphanumeric(4) + "Q";

    /// <summary>A name, some words perhaps, a word such as "is", and the value; or the value, "as the", and the name.</summary>
    private static IEnumerable<TextValue> FindPasswords(string text)
    {
        foreach (var (start, end, kind) in AssignmentParser.Names(text))
        {
            if (kind is not NameKind.Password) continue;
            if (InFront(text, start) is { } before) yield return before;
            if (InSentence(text, end) is { } behind) yield return behind;
        }
    }

    /// <summary>The first word of the sentence behind a name that can be a password and has a copula in front of it.</summary>
    private static TextValue? InSentence(string text, int end)
    {
        var limit = Math.Min(text.Length, end + Reach);
        for (var at = end; at < limit && text[at] != '\n'; at++)
        {
            // A word begins behind white space, a quote, or a character of a script without spaces.
            if (at == end || text[at - 1] is > ' ' and <= '~' and not ('"' or '\'' or '`') || text[at] is <= ' ' or > '~') continue;
            if (text[at - 1] == ' ' && at - 2 > end && text[at - 2] == '.') return null;
            var value = Value(text, at);
            if (value is { } real && IsPassword(text, real) && (at == end + 1 || FollowsCopula(text.AsSpan(end, at - end)))) return real;
        }
        return null;
    }

    private static bool FollowsCopula(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd("\"'`“„«‘");
        foreach (var copula in Copulas)
            if (before.EndsWith(copula, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static TextValue? InFront(string text, int nameStart)
    {
        foreach (var link in Behind)
        {
            // The name may have brought the article along.
            for (var length = link.Length; length > 1; length = link.LastIndexOf(' ', length - 2) + 1)
            {
                var end = nameStart - length;
                if (end <= 0 || !text.AsSpan(end, length).SequenceEqual(link.AsSpan(0, length)) || !text.AsSpan(end).StartsWith(link, StringComparison.OrdinalIgnoreCase)) continue;
                var start = end;
                while (start > 0 && end - start < 64 && text[start - 1] is > ' ' and <= '~') start--;
                var word = text.AsSpan(start, end - start).TrimStart("\"'`(");
                var value = new TextValue(end - word.Length, word.TrimEnd("\"'`),").Length, true);
                return value.Length > 0 && IsPassword(text, value) ? value : null;
            }
        }
        return null;
    }

    private static IEnumerable<TextValue> FindKeys(string text)
    {
        foreach (var (start, end, kind) in AssignmentParser.Names(text))
        {
            if (kind is NameKind.None or NameKind.Password) continue;
            if (KeyInSentence(text, start, end) is { } value) yield return value;
        }
    }

    private static TextValue? KeyInSentence(string text, int start, int end)
    {
        var limit = Math.Min(text.Length, end + Reach);
        for (var at = end + 1; at < limit && text[at] is not ('\n' or '.'); at++)
        {
            if (text[at - 1] is > ' ' and <= '~' and not ('"' or '\'' or '`') || text[at] is <= ' ' or > '~' || !FollowsCopula(text.AsSpan(end, at - end))) continue;
            if (KeyAt(text, at) is { Length: >= 16 } value && IsKey(text, value, text.AsSpan(start, end - start), isNext: at - end < 18)) return value;
        }
        return null;
    }

    private static TextValue? KeyAt(string text, int at) =>
        Value(text, at) is { } value && value.Of(text).IndexOf('&') is >= 0 and var end ? value with { Length = end } : Value(text, at);

    private static TextValue? Value(string text, int at)
    {
        if (at >= text.Length) return null;
        var value = TextValue.Read(text, at);
        if (value.IsQuoted) return value.Length > 0 ? value : null;
        var word = value.Of(text);
        if (word.IndexOfAnyExceptInRange('!', '~') is >= 0 and var foreign) word = word[..foreign];
        word = word.TrimEnd(".,;:)?&");
        return word.Length > 0 ? value with { Length = word.Length } : null;
    }

    private static bool IsPassword(string text, TextValue value) => value.Length is >= 6 and <= 64 && RealValue.IsPasswordInProse(value.Of(text));

    private static bool IsKey(string text, TextValue value, ReadOnlySpan<char> name, bool isNext)
    {
        var real = value.Of(text);
        return RealValue.IsKey(real, NameKind.Key, false) && (SecretValue.CountClasses(real) == 3 || (isNext && IsQualified(name)));
    }

    /// <summary>"API key", "auth_token": a bare "token" says less.</summary>
    private static bool IsQualified(ReadOnlySpan<char> name)
    {
        var space = name.IndexOfAny(' ', '_', '-');
        if (space < 0) return false;
        foreach (var article in Articles)
            if (name[..space].Equals(article, StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    /// <summary>"log in as admin / X", "credentials: admin:X".</summary>
    private static IEnumerable<TextValue> FindLogins(string text)
    {
        var behind = 0;
        for (var at = 0; at < text.Length;)
        {
            var hit = text.AsSpan(at).IndexOfAny(LoginWords);
            if (hit < 0) yield break;
            at += hit;
            var start = at;
            while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
            if (!IsWordStart(text, start)) continue;
            var sentence = text.AsSpan(at, Math.Min(text.Length - at, Reach));
            if (sentence.IndexOf('\n') is >= 0 and var line) sentence = sentence[..line];
            if (PairedValue(text, at, sentence) is not { } value || value.Start < behind) continue;
            behind = value.End;
            yield return value;
        }
    }

    /// <summary>Whether the word in front of the sign can be a user's name: a part of a path or an address is none.</summary>
    private static bool IsUser(ReadOnlySpan<char> before) =>
        !before[(before.LastIndexOfAny(" \t\"'`") + 1)..].ContainsAny(AddressSigns);

    /// <summary>Base64 and addresses hold any word.</summary>
    private static bool IsWordStart(string text, int at) =>
        at == 0 || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '/' or '+' or '-' or '_' or '.') || (at > 1 && text[at - 2] == '\\');

    /// <summary>"PIN is 4817", "PIN code: 4817": in capitals, since pins of boards have numbers too.</summary>
    private static IEnumerable<TextValue> FindPins(string text)
    {
        for (var at = text.IndexOf("PIN", StringComparison.Ordinal); at >= 0; at = text.IndexOf("PIN", at + 3, StringComparison.Ordinal))
        {
            if (at > 0 && char.IsAsciiLetter(text[at - 1]) && !(at > 1 && text[at - 2] == '\\')) continue;
            var start = at + 3;
            if (text.AsSpan(start).StartsWith(" code")) start += 5;
            foreach (var copula in (ReadOnlySpan<string>)[" is ", ": ", " = ", "="])
                if (text.AsSpan(start).StartsWith(copula)) start += copula.Length;
            if (start == at + 3) continue;
            var digits = TokenAlphabet.Digits.RunLength(text.AsSpan(start), 12);
            if (digits is < 4 or > 8 || (start + digits < text.Length && char.IsAsciiLetterOrDigit(text[start + digits])) || RealValue.IsMostlySequence(text.AsSpan(start, digits))) continue;
            yield return new TextValue(start, digits, false);
        }
    }

    /// <summary>What stands behind the sign in "user / X", "user:X" or "user/X" of a sentence.</summary>
    private static TextValue? PairedValue(string text, int at, ReadOnlySpan<char> sentence)
    {
        for (var i = 0; i < sentence.Length; i++)
        {
            var sign = sentence[i..].IndexOfAny(':', '/');
            if (sign < 0) return null;
            i += sign;
            var isSpaced = i > 0 && sentence[i - 1] == ' ';
            if (sentence[i] == ':' && (isSpaced || i + 1 >= sentence.Length || sentence[i + 1] is ' ' or '/')) continue;
            if (!isSpaced && !IsUser(sentence[..i])) continue;
            if (i + 1 < sentence.Length && sentence[i + 1] == ' ' && !isSpaced) continue;
            var start = at + i + 1 + (isSpaced ? 1 : 0);
            if (Value(text, start) is not { } value || !IsPassword(text, value) || value.Of(text).ContainsAny('/', ':') || HasHost(value.Of(text))) continue;
            // "creds: jane:X" says by its form what words and numbers do not.
            if (RealValue.HasSignOrIsRandom(value.Of(text)) || (!isSpaced && IsPairOfCredentials(text.AsSpan(0, at), sentence[..i]))) return value;
        }
        return null;
    }

    /// <summary>"me@acme.example", "git@localhost": what stands behind the sign is a host.</summary>
    private static bool HasHost(ReadOnlySpan<char> value) =>
        value.LastIndexOf('@') is >= 0 and var at && (value[(at + 1)..].Contains('.') || WordShape.IsWords(value[(at + 1)..]) && !value[(at + 1)..].ContainsAny(PasswordSigns));

    /// <summary>Whether "credentials" or "creds", a colon or a verb, and the user's name alone stand in front.</summary>
    private static bool IsPairOfCredentials(ReadOnlySpan<char> before, ReadOnlySpan<char> between)
    {
        if (!before.EndsWith("credentials", StringComparison.OrdinalIgnoreCase) && !before.EndsWith("creds", StringComparison.OrdinalIgnoreCase)) return false;
        foreach (var link in (ReadOnlySpan<string>)[": ", " are ", " = ", "="])
            if (between.StartsWith(link)) return between.Length > link.Length && !between[link.Length..].ContainsAny(" \"'`");
        return false;
    }
}
