using System.Buffers;

namespace Cairn.Engine.Policy;

/// <summary>
/// The real-value test: whether what stands beside a telling name is the secret itself, and not a word, a reference to where
/// the secret is, an example's filler, code, or some other kind of value.
/// </summary>
internal static class RealValue
{
    private const int ShortestPassword = 6;
    private const int LongestPassword = 128;
    private const int ShortestKey = 10;

    /// <summary>What a person makes up under a name that says key: no machine's key is that short with words in it.</summary>
    private const int LongestTyped = 32;

    /// <summary>Longer values are judged by their beginning.</summary>
    private const int Judged = 256;

    private const string SeparatorCharacters = "-_./:,";

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-.~:!@#$%^&*?,;|");

    private static readonly SearchValues<char> BaseAndSigns = SearchValues.Create("+=!@#$%^&*");
    private static readonly SearchValues<char> CodeSigns = SearchValues.Create("|?.:()[]{}<>,;&*/");

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>What passwords in examples and tests consist of once digits and signs are gone.</summary>
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "password", "passwd", "passwort", "pass", "pwd", "secret", "supersecret", "topsecret", "mysecret", "mypassword", "mypass", "yourpassword", "newpassword", "oldpassword",
        "currentpassword", "testpassword", "testpass", "userpassword", "adminpassword", "dbpassword", "passwordtest", "test", "testing", "tester", "admin", "user", "root", "guest",
        "example", "foo", "bar", "baz", "foobar", "demo", "sample", "dummy", "fake", "default", "changeme", "changeit", "letmein", "qwerty", "abc", "abcd", "abcdef", "abcdefg",
        "abcdefgh", "hello", "string", "value", "token", "key", "secretpassword", "strongpassword", "passphrase", "mysecretpassword", "supersecretpassword", "topsecretpassword", "x", "xx", "xxx", "some",
    };

    private static readonly string[] FillerParts =
        ["your", "fake", "dummy", "sample", "mock", "placeholder", "example", "todo", "fixme", "notreal", "foobar", "redacted", "insert", "replace"];

    private static readonly string[] ReferenceMarks = ["${", "{{", "$(", "#{", "<%", "%(", "%{", "$[", "://", "{0}", "{}", "[a-z", "[A-Z", "[0-9", "a-zA-Z", "A-Za-z", "a-z0-9", "0-9]"];

    private static readonly string[] ReferenceStarts =
    [
        "%s", "%d", "env.", "env:", "env(", "process.", "os.", "import.meta", "config.", "config:", "secrets.", "secrets/", "secret/", "secret:", "vars.", "var.", "local.", "data.", "vault:", "vault/", "vault.",
        "ssm:", "ssm/", "arn:", "projects/", "ENC[", "enc:", "file:", "keyring:", "kms:", "bw:", "sops:", "ref+", "ref:", "op:", "aws:", "gcp:", "azure:", "secretRef", "awssm:", "settings.",
        "options.", "this.", "self.", "request.", "req.", "params.", "args.", "props.", "state.", "data:", "urn:", "keychain:", "module.", "base64:${",
        "@Microsoft.KeyVault", "AQICAH", "{cipher}", "!Ref", "!Sub", "!GetAtt", "!vault", "!secret", "!env",
    ];

    /// <summary>Names that end in a number of two digits or more: base64, sha256, int32, x509, h264, latin15.</summary>
    private static readonly string[] NumberedNames = ["base", "sha", "int", "float", "double", "utf", "aes", "md", "ripemd", "crc", "win", "x", "h", "v", "secret", "password", "passwd", "pass", "pwd", "token", "key"];

    private static readonly string[] HashStarts =
        ["SCRAM-SHA-", "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "$y$", "$apr1$", "$pbkdf2", "$scrypt", "{SSHA", "{SHA", "{CRYPT", "pbkdf2_", "pbkdf2:", "scrypt:", "bcrypt", "sha1-", "sha256-", "sha384-", "sha512-", "sha256:", "sha512:", "sha1:", "md5:"];

    /// <summary>Whether this is a password that somebody uses. Code is more often than not behind a bare value that ends as a statement does.</summary>
    public static bool IsPassword(ReadOnlySpan<char> value, bool isQuoted, bool isCode = false)
    {
        if (value.Length > LongestPassword) return IsKey(value, NameKind.Key, false);
        if (value.Length < ShortestPassword || IsOther(value) || IsFiller(value) || IsMostlySequence(value)) return false;
        if (value.ContainsAny(' ', '\t')) return false;

        var shape = Shape.Of(value);
        if (!isQuoted && (value[0] == '@' || (value.Contains('&') && WordShape.IsWords(value)))) return false;
        if (!isQuoted && (LooksLikeCode(value) || (isCode && shape.IsIdentifier))) return WordShape.CountRandom(value) >= ShortestKey && !LooksLikeCode(value);
        if (shape.Letters == 0) return shape.Digits >= ShortestPassword && (shape.Separators == 0 || shape.Signs > 0) && SecretValue.IsVaried(value, 4);
        if (shape.Digits == 0 && shape.Signs == 0) return IsLettersPassword(value, shape, isQuoted);
        if (shape.Digits == 0) return IsWordWithSigns(value, shape);
        if (shape.Signs == 0 && shape.Separators > 0) return shape.Letters > 2 && (shape.Digits >= 2 || WordShape.CountRandom(value) > 0) && !IsPath(value);
        return shape.Letters >= 2 || shape.Digits >= 4;
    }

    /// <summary>Whether this is a key that a machine made. <paramref name="isConstant"/> says that the name is in capitals, as environment variables are.</summary>
    public static bool IsKey(ReadOnlySpan<char> value, NameKind kind, bool isConstant)
    {
        if (value.Length > Judged) value = value[..Judged];
        if (kind is NameKind.Secret && value.Length is >= 8 and <= LongestPassword && Shape.Of(value) is { Digits: > 0, Signs: > 0 } && !LooksLikeCode(value) && IsPassword(value, isQuoted: true)) return true;
        if (kind is NameKind.Secret && IsPhraseOfAPerson(value)) return true;
        if (isConstant && kind is NameKind.Key && value.Length <= LongestTyped && !value.Contains('|') && Shape.Of(value) is { Digits: > 1, Signs: > 0, Upper: > 0, Lower: > 0 } && !LooksLikeCode(value) && IsPassword(value, isQuoted: true)) return true;
        if (value.Length < ShortestKey || value.ContainsAnyExcept(KeyCharacters) || IsOther(value) || IsFiller(value) || IsMostlySequence(value)) return false;

        if (IsPairOrList(value)) return false;
        if (IsUuid(value) && SecretValue.IsVaried(value)) return kind is not NameKind.PerhapsKey;
        var classes = SecretValue.CountClasses(value);
        var random = WordShape.CountRandom(value);
        if (classes < 2 || !SecretValue.IsVaried(value) || IsEthereumAddress(value)) return false;
        if (!value.ContainsAnyInRange('0', '9')) return random >= 12 && value.Length >= 16;
        if (kind is NameKind.PerhapsKey) return random >= 16 && value.Length >= 20 && (isConstant || classes == 3);
        if (value.Length < 16 && classes < 3) return random == value.Length && value.Length >= 12;
        return random >= ShortestKey;
    }

    /// <summary>Whether a sentence that speaks of a password ends in one: three classes of characters, signs too.</summary>
    public static bool IsPasswordInProse(ReadOnlySpan<char> value)
    {
        var shape = Shape.Of(value);
        var classes = SecretValue.CountClasses(value) + (shape.Signs > 0 || shape.Separators > 0 ? 1 : 0);
        if (classes < 3 || shape.Digits + shape.Signs == 0 || IsUuid(value) || (value.ContainsAny('&', '=', '+') && WordShape.IsWords(value) && !EndsAsPassword(value, shape)) || IsJoined(value) || IsFileOrFlag(value)) return false;
        return IsPassword(value, isQuoted: true) && !LooksLikeCode(value) && !IsCompoundOfWords(value, shape);
    }

    /// <summary>"quartz-Breeze_71": words in both cases with separators and a number behind, as no name of a stored secret is written.</summary>
    private static bool IsPhraseOfAPerson(ReadOnlySpan<char> value) =>
        value.Length is >= 12 and <= LongestTyped && char.IsAsciiDigit(value[^1]) && Shape.Of(value) is { Upper: > 0, Lower: > 0, Digits: > 1 and <= 6, Separators: > 0 }
        && !value.ContainsAny('/', ':', ',') && EndsInNumber(value) && !EndsAsName(value) && !LooksLikeCode(value) && IsPassword(value, isQuoted: true);

    /// <summary>"key=...", and words before a bar; a number before a bar belongs to the token.</summary>
    private static bool IsPairOrList(ReadOnlySpan<char> value)
    {
        var equals = value.IndexOf('=');
        if (equals is > 0 and < 20 && equals < value.Length - 2 && !value[..equals].ContainsAnyExceptInRange('a', 'z')) return true;
        var bar = value.IndexOf('|');
        return bar >= 0 && value[..bar].ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>An account's or contract's public address; a private key is 64 digits long.</summary>
    private static bool IsEthereumAddress(ReadOnlySpan<char> value) => value.Length == 42 && value.StartsWith("0x") && !value[2..].ContainsAnyExcept(HexDigits);

    /// <summary>"psql&amp;v2", "name=x1", "npm/cli#v6": a word, a sign, and something behind it.</summary>
    private static bool IsJoined(ReadOnlySpan<char> value) =>
        value.TrimEnd('=').IndexOfAny('&', '=', '#') is var sign and > 0
        && (value[sign] == '=' || !value[..sign].ContainsAnyExceptInRange('a', 'z') || (value[sign] == '#' && value[..sign].ContainsAny("-./") && WordShape.CountRandom(value) < 8));

    /// <summary>"Canyon+orchid29": both cases and two digits at the end, as keys on a keyboard ("Ctrl+Shift+K2") and names of standards ("C++17") have not together.</summary>
    private static bool EndsAsPassword(ReadOnlySpan<char> value, Shape shape) =>
        value.Length >= 12 && value.IndexOfAny('&', '=') < 0 && shape is { Upper: > 0, Lower: > 0, Signs: 1 or 2 } && EndsInNumber(value);

    /// <summary>"setuid.2.html", "photo-4f3a.png"; a flag; what Markdown escapes.</summary>
    private static bool IsFileOrFlag(ReadOnlySpan<char> value) =>
        value[0] is '-' or '@' || value.Contains('\\')
        || (value.LastIndexOf('.') is var dot and > 0 && value.Length - dot is >= 3 and <= 6 && !value[(dot + 1)..].ContainsAnyExceptInRange('a', 'z'));

    /// <summary>What a pair of words in a sentence must have to be more than words.</summary>
    public static bool HasSignOrIsRandom(ReadOnlySpan<char> value) => Shape.Of(value).Signs > 0 || WordShape.CountRandom(value) >= 6;

    public static bool IsUuid(ReadOnlySpan<char> value) => value.Length == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-';

    /// <summary>A reference, a placeholder, an address, a path, a hash of a password, a date: any value that is not the secret itself.</summary>
    private static bool IsOther(ReadOnlySpan<char> value)
    {
        // "DB_PASSWORD=...": an assignment of its own.
        if (value.TrimEnd('=').IndexOfAny('=', ':') is var sign and > 0 && TellingName.KindOf(value[..sign]) != NameKind.None) return true;
        if (SecretValue.IsStandIn(value) || SecretValue.HoldsPlaceholder(value) || (value[0] == '$' && WordShape.IsWords(value))) return true;
        foreach (var mark in ReferenceMarks)
            if (value.Contains(mark, StringComparison.Ordinal)) return true;
        foreach (var start in ReferenceStarts)
            if (value.StartsWith(start, StringComparison.Ordinal)) return true;
        foreach (var start in HashStarts)
            if (value.StartsWith(start, StringComparison.Ordinal)) return true;
        return IsNumbersAndSeparators(value) || IsColour(value) || IsMailAddress(value) || IsPath(value) || HasFillerPart(value);
    }

    /// <summary>Dates, versions, addresses, times: digits and separators, at most two letters.</summary>
    private static bool IsNumbersAndSeparators(ReadOnlySpan<char> value) => Shape.Of(value) is { Signs: 0, Letters: <= 2, Separators: > 0 } && !IsUuid(value);

    private static bool IsColour(ReadOnlySpan<char> value) => value.Length <= 9 && value[0] == '#' && !value[1..].ContainsAnyExcept(HexDigits);

    private static bool IsMailAddress(ReadOnlySpan<char> value)
    {
        var at = value.IndexOf('@');
        if (at <= 0 || at != value.LastIndexOf('@')) return false;
        var dot = value.LastIndexOf('.');
        return dot > at + 1 && value.Length - dot is >= 3 and <= 8 && WordShape.IsWords(value) && Shape.Of(value[dot..]) is { Letters: var letters } && letters == value.Length - dot - 1;
    }

    private static bool IsPath(ReadOnlySpan<char> value)
    {
        var isRooted = value[0] is '/' or '~' or '.' || (value.Length > 2 && value[1] == ':' && value[2] is '\\' or '/');
        var slashes = value.Count('/') + value.Count('\\');
        return (isRooted ? slashes > 0 : slashes > 0 && !value.ContainsAny(BaseAndSigns)) && WordShape.CountRandom(value) < 8;
    }

    private static bool HasFillerPart(ReadOnlySpan<char> value)
    {
        for (var start = 0; start < value.Length;)
        {
            var end = start;
            while (end < value.Length && char.IsAsciiLetter(value[end])) end++;
            foreach (var filler in FillerParts)
                if (value[start..end].Equals(filler, StringComparison.OrdinalIgnoreCase)) return true;
            start = end + 1;
        }
        return false;
    }

    /// <summary>"Password123!", "P@ssw0rd", "test-1": a word of examples, whether its letters are written as digits or have digits behind them.</summary>
    private static bool IsFiller(ReadOnlySpan<char> value)
    {
        if (value.Length > 32) return false;
        Span<char> letters = stackalloc char[32];
        Span<char> leet = stackalloc char[32];
        var (plain, read) = (0, 0);
        foreach (var c in value.TrimEnd("0123456789!?.#*$@"))
        {
            if (char.IsAsciiLetter(c)) letters[plain++] = (char)(c | 0x20);
            var letter = c switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => (char)(c | 0x20) };
            if (char.IsAsciiLetterLower(letter)) leet[read++] = letter;
        }
        var lookup = Fillers.GetAlternateLookup<ReadOnlySpan<char>>();
        return plain == 0 && read == 0 ? false : lookup.Contains(letters[..plain]) || lookup.Contains(leet[..read]);
    }

    /// <summary>"1234567890", "abcdef123456", "aaaabbbb": at least two thirds of the characters follow or repeat the one before.</summary>
    public static bool IsMostlySequence(ReadOnlySpan<char> value)
    {
        var following = 0;
        for (var i = 1; i < value.Length; i++)
            if (value[i] - value[i - 1] is 0 or 1 or -1 || (value[i - 1] == '9' && value[i] is '0' or 'a' or 'A')) following++;
        return following * 3 >= (value.Length - 1) * 2;
    }

    /// <summary>Letters alone are a password where no name and no sentence would look so: a long run of one case in quotes, or random letters.</summary>
    private static bool IsLettersPassword(ReadOnlySpan<char> value, Shape shape, bool isQuoted)
    {
        if (shape.Separators > 0) return WordShape.CountRandom(value) >= ShortestKey && shape.Upper > 0 && shape.Lower > 0;
        if (shape.Upper == 0 || shape.Lower == 0) return isQuoted && value.Length >= 20 && !EndsAsName(value);
        return value.Length >= 8 && WordShape.CountRandom(value) >= 8;
    }

    private static bool EndsAsName(ReadOnlySpan<char> value) => TellingName.KindOf(value) != NameKind.None;

    private static bool IsWordWithSigns(ReadOnlySpan<char> value, Shape shape)
    {
        var core = value.Trim("!?.:*&,;()[]{}<>|+=-_/");
        if (Shape.Of(core) is { Signs: 0 }) return core.Length >= 10 && shape.Separators == 0 && shape.Signs > 0 && value[^1] is '!' or '$' or '#' && WordShape.CountRandom(core) > 0;
        return value.Length >= 8 && !value.ContainsAny(CodeSigns) && (WordShape.CountRandom(value) > 0 || shape is { Upper: > 0, Lower: > 0 });
    }

    /// <summary>A call, an index, a member, a type: "get(x)", "args[1]", "request.token", "string|null", "&amp;str".</summary>
    private static bool LooksLikeCode(ReadOnlySpan<char> value)
    {
        var name = 0;
        while (name < value.Length && (char.IsAsciiLetterOrDigit(value[name]) || value[name] is '_' or '.' or ':' or '$' or '-')) name++;
        if (name > 0 && name < value.Length && char.IsAsciiLetter(value[0]) && value[name] is '(' or '[' or '{') return true;
        if (value[0] is '(' or '[' or '{') return true;
        if (value[0] is '&' or '*' or '?' && WordShape.IsWords(value)) return true;
        if (value.Contains("=>", StringComparison.Ordinal) || value.Contains("->", StringComparison.Ordinal) || value.Contains("::", StringComparison.Ordinal)) return true;
        return name == value.Length && IsMemberAccess(value);
    }

    /// <summary>"config.dbPassword2": words with dots between them. A person's "Copper.sierra51" or "meadow_Kettle.611" ends in a number, as members hardly do.</summary>
    public static bool IsMemberAccess(ReadOnlySpan<char> value) =>
        value.IndexOf('.') > 0 && char.IsAsciiLetter(value[0]) && WordShape.IsWords(value) && !EndsInNumber(value);

    /// <summary>At least two digits at the end that no common name has: base64, sha256 and the like keep theirs.</summary>
    private static bool EndsInNumber(ReadOnlySpan<char> value)
    {
        var name = value.TrimEnd("0123456789");
        if (value.Length - name.Length < 2 || !char.IsAsciiDigit(value[^2])) return false;
        var word = name[(name.LastIndexOfAnyExcept(Letters) + 1)..];
        foreach (var ending in NumberedNames)
            if (ending.Length <= 2 ? word.Equals(ending, StringComparison.OrdinalIgnoreCase) : word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    /// <summary>"two-factor-2", "Node.js-18": prose is full of them, and no password in prose is told from them.</summary>
    private static bool IsCompoundOfWords(ReadOnlySpan<char> value, Shape shape) =>
        shape.Signs == 0 && shape.Separators > 0 && WordShape.CountRandom(value) < 8 && (value.ContainsAny('.', '/') || shape is not { Upper: > 0, Lower: > 0, Digits: >= 2 });

    /// <summary>How many characters of each kind a value has. Letters outside ASCII count as lower case.</summary>
    private readonly record struct Shape(int Lower, int Upper, int Digits, int Separators, int Signs)
    {
        public int Letters => Lower + Upper;

        /// <summary>Letters, digits, underscores and dots alone.</summary>
        public bool IsIdentifier { get; private init; }

        public static Shape Of(ReadOnlySpan<char> value)
        {
            var (lower, upper, digits, separators, signs) = (0, 0, 0, 0, 0);
            var isIdentifier = value.Length > 0 && !char.IsAsciiDigit(value[0]);
            foreach (var c in value)
            {
                if (char.IsAsciiLetterUpper(c)) upper++;
                else if (char.IsAsciiDigit(c)) digits++;
                else if (char.IsLetter(c)) lower++;
                else
                {
                    isIdentifier &= c is '_' or '.';
                    if (SeparatorCharacters.Contains(c)) separators++;
                    else signs++;
                }
            }
            return new Shape(lower, upper, digits, separators, signs) { IsIdentifier = isIdentifier };
        }

    }
}
