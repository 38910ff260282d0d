using System.Buffers;

namespace Cairn.Engine.Policy;

/// <summary>Judgements on a supposed secret's value that several rules share.</summary>
internal static class SecretValue
{
    /// <summary>Words that a person puts where a value belongs, long or odd enough that no random key holds one by chance; the last is in Telegram's manual.</summary>
    private static readonly string[] PlaceholderWords = ["example", "placeholder", "redacted", "changeme", "change-me", "change_me", "xxxxxx", "abc-def1234ghikl"];

    /// <summary>Passwords that ship with a product or stand in every tutorial: they guard nothing.</summary>
    private static readonly HashSet<string> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        "admin", "bar", "default", "demo", "dummy", "elastic", "foo", "foobar", "foobared", "guest", "local", "localhost", "minio", "minioadmin", "mongo", "mongodb", "mysql",
        "neo4j", "postgres", "postgresql", "rabbitmq", "redis", "root", "sa", "sample", "string", "test", "testing", "user", "username",
    };

    private static readonly SearchValues<char> MaskCharacters = SearchValues.Create("*xX.-_#?•…");

    private static readonly SearchValues<char> PlaceholderName = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.{ ");

    private static readonly string[] NamesOfSecrets = ["password", "passwd", "pass", "pwd", "passphrase", "secret", "token", "key"];

    /// <summary>Whether a machine made this value: varied characters of two classes (lower, upper, digit), and no placeholder.</summary>
    public static bool IsOpaque(ReadOnlySpan<char> value) =>
        IsVaried(value) && CountClasses(value) >= 2 && !IsPlaceholder(value);

    /// <summary>Whether the value has at least <paramref name="distinct"/> different letters and digits: "xxxx-xxxx" and "0000" have not.</summary>
    public static bool IsVaried(ReadOnlySpan<char> value, int distinct = 6)
    {
        UInt128 seen = 0;
        foreach (var c in value)
            if (char.IsAsciiLetterOrDigit(c)) seen |= UInt128.One << c;
        return (int)UInt128.PopCount(seen) >= distinct;
    }

    /// <summary>How many of the classes lower case, upper case and digit the value has.</summary>
    public static int CountClasses(ReadOnlySpan<char> value) =>
        (value.ContainsAnyInRange('a', 'z') ? 1 : 0) + (value.ContainsAnyInRange('A', 'Z') ? 1 : 0) + (value.ContainsAnyInRange('0', '9') ? 1 : 0);

    /// <summary>How many of the characters are digits.</summary>
    public static int CountDigits(ReadOnlySpan<char> value)
    {
        var count = 0;
        foreach (var c in value)
            if (char.IsAsciiDigit(c)) count++;
        return count;
    }

    /// <summary>Whether the value says of itself that it is none.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        foreach (var word in PlaceholderWords)
            if (value.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>
    /// Whether a password, which a person may have typed, stands for another: a reference to a variable, a placeholder,
    /// a mask, the name of a secret ("DB_PASSWORD"), or a product's default.
    /// </summary>
    public static bool IsStandIn(ReadOnlySpan<char> password) =>
        password.Length < 4
        || IsMask(password)
        || IsReference(password)
        || IsPlaceholder(password)
        || password.StartsWith("your", StringComparison.OrdinalIgnoreCase)
        || password.Contains("your_", StringComparison.OrdinalIgnoreCase)
        || password.Contains("your-", StringComparison.OrdinalIgnoreCase)
        || IsNameOfSecret(password)
        || Defaults.GetAlternateLookup<ReadOnlySpan<char>>().Contains(password);

    /// <summary>What stands between two strings in code that puts a text together: " + password + ".</summary>
    public static bool IsBetweenStrings(ReadOnlySpan<char> value) => value.Trim(" \"'") is ['+' or ',' or '.' or '&' or ')' or ']', ..] or [.., ' ', '+' or ','] or [.., '(' or '['];

    /// <summary>"{0}", "a@{name}", "{{db.password}}": what is filled in, in any language's braces.</summary>
    public static bool HoldsPlaceholder(ReadOnlySpan<char> password) =>
        password.IndexOf('{') is >= 0 and var open && password[open..].IndexOf('}') is > 0 and var length
        && !password.Slice(open + 1, length - 1).ContainsAnyExcept(PlaceholderName) && WordShape.IsWords(password.Slice(open + 1, length - 1));

    /// <summary>One character again and again, or none but those that masks are made of.</summary>
    private static bool IsMask(ReadOnlySpan<char> password) =>
        !password.ContainsAnyExcept(password[0]) || !password.ContainsAnyExcept(MaskCharacters);

    /// <summary>${X}, $X, $(x), {x}, {{x}}, [x], (x), #{x}, %X%, %(x)s, and &amp;lt;x&amp;gt; in HTML.</summary>
    private static bool IsReference(ReadOnlySpan<char> password) => password switch
    {
        ['{' or '[' or '(', .., '}' or ']' or ')'] => true,
        ['$' or '#', '{' or '(', ..] => true,
        ['%', '(', ..] or ['%', .., '%'] => true,
        ['&', 'l', 't', ';', ..] => true,
        ['$', .. var name] => IsNameOfSecret(name) || IsConstantName(name),
        _ => false,
    };

    /// <summary>"db_password", "dbPassword", "env.DB_PASSWORD", "MY_TOKEN2": a name that ends in what it stands for.</summary>
    private static bool IsNameOfSecret(ReadOnlySpan<char> password)
    {
        var name = IsConstantName(password) ? password.TrimEnd("0123456789") : password;
        foreach (var c in name)
            if (!char.IsAsciiLetter(c) && c is not ('_' or '-' or '.')) return false;
        if (name is [.., '_' or '-' or '.', 'p' or 'P', 'w' or 'W']) return true;
        foreach (var ending in NamesOfSecrets)
            // Random letters often enough end in "kEy": behind the first letter, a word keeps to one case.
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && CountClasses(name[^(ending.Length - 1)..]) == 1) return true;
        return false;
    }

    private static bool IsConstantName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c != '_') return false;
        return true;
    }
}
