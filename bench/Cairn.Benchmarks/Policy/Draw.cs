using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.Benchmarks.Policy;

/// <summary>What one made-up text is drawn from: the same draws for the same name.</summary>
internal sealed class Draw(string name)
{
    private const string LowerLetters = "abcdefghijklmnopqrstuvwxyz";
    private const string UpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Decimals = "0123456789";
    private const string Letters = UpperLetters + LowerLetters;
    private const string AlphanumericCharacters = Letters + Decimals;

    private static readonly string[] Words =
    [
        "harbor", "maple", "falcon", "winter", "copper", "meadow", "thunder", "velvet", "cactus", "marble", "rocket",
        "bamboo", "saffron", "glacier", "pepper", "orchid", "lantern", "canyon", "walnut", "tango", "breeze", "ember",
        "sierra", "dragon", "muffin", "pirate", "summer", "hedgehog", "tulip", "quartz", "banjo", "kettle",
    ];

    private readonly Random _random = new(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))));

    /// <summary>A number of <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Number(int low, int high) => _random.Next(low, high + 1);

    public bool Chance(double share) => _random.NextDouble() < share;

    public string Of(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];

    public string From(string alphabet, int length) => string.Create(length, (_random, alphabet), static (text, from) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = from.alphabet[from._random.Next(from.alphabet.Length)];
    });

    public string From(string alphabet, int low, int high) => From(alphabet, Number(low, high));

    public string Digits(int length) => From(Decimals, length);
    public string Hex(int length) => From("0123456789abcdef", length);
    public string UpperHex(int length) => From("0123456789ABCDEF", length);
    public string Lower(int length) => From(LowerLetters + Decimals, length);
    public string Upper(int length) => From(UpperLetters + Decimals, length);
    public string Alphanumeric(int length) => From(AlphanumericCharacters, length);
    public string Alphanumeric(int low, int high) => From(AlphanumericCharacters, low, high);
    public string Base32(int length) => From("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length);
    public string Base58(int length) => From("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", length);

    /// <summary>Letters, digits, '-' and '_'; it begins with a letter or digit, and may end with any of them, as tokens do.</summary>
    public string UrlSafe(int length) => Alphanumeric(1) + From(AlphanumericCharacters + "-_", length - 1);

    /// <summary>Letters, digits, '+' and '/', without padding.</summary>
    public string Base64Text(int length) => From(AlphanumericCharacters + "+/", length);

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>That many random bytes in Base64, padded.</summary>
    public string Base64(int bytes) => Convert.ToBase64String(Bytes(bytes));

    public string Uuid() => $"{Hex(8)}-{Hex(4)}-4{Hex(3)}-{From("89ab", 1)}{Hex(3)}-{Hex(12)}";

    public string JsonWebToken() => JsonWebToken($$"""{"sub":"{{Digits(10)}}","iss":"https://auth.{{Host()}}","iat":17{{Digits(8)}}}""");

    public string JsonWebToken(string payload) =>
        $"{Base64Url("""{"alg":"HS256","typ":"JWT"}""")}.{Base64Url(payload)}.{UrlSafe(43)}";

    /// <summary>A text in Base64 with the URL's alphabet, unpadded.</summary>
    public static string Base64Url(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public string Word() => Of(Words);

    public string Title() => Capital(Word());

    public string User() => Of("deploy", "app", "svc_orders", "reporting", "admin", "backup", "ci-bot", "maria", "jenkins", "grafana_ro", "root", "tomas");

    public string Host() => $"{Of("db", "pg", "cache", "mq", "api", "ci", "git", "files", "vpn")}{Of("", "-1", "02", ".prod", ".eu")}.{Of("acme-corp.net", "northwind.io", "initech.dev", "internal.lan", "contoso-labs.com")}";

    public string Database() => Of("orders", "billing", "crm", "app_prod", "analytics", "inventory");

    /// <summary>A password that a person thought of: three classes of characters or more, with signs that need no quoting in most places.</summary>
    public string HumanPassword(string signs = "!_-.+*~") => Number(0, 4) switch
    {
        0 => $"{Title()}{Digits(Number(2, 4))}{From(signs, 1)}",
        1 => $"{Title()}{From(signs, 1)}{Word()}{Digits(2)}",
        2 => $"{Leet(Word())}{From(signs, 1)}{Title()}{Digits(Number(1, 3))}",
        3 => $"{Word()}{From(signs, 1)}{Title()}{From(signs, 1)}{Digits(Number(2, 4))}",
        _ => $"{From(LowerLetters, 3)}{Digits(2)}{From(UpperLetters, 2)}{From(signs, 1)}{From(AlphanumericCharacters, 5, 9)}",
    };

    /// <summary>A password that a machine made: letters and digits, at times signs that need no quoting.</summary>
    public string MachinePassword() => Number(0, 3) switch
    {
        0 => From(Letters, 2) + Digits(1) + Alphanumeric(13, 21),
        1 => Hex(Of("16", "24", "32", "40") switch { "16" => 16, "24" => 24, "32" => 32, _ => 40 }),
        2 => From(LowerLetters, 3) + Digits(2) + From(AlphanumericCharacters + "-_", 12, 24) + Alphanumeric(1),
        _ => From(UpperLetters, 1) + Digits(1) + From(AlphanumericCharacters + "!*-_.~+", 14, 22) + From(LowerLetters, 1),
    };

    /// <summary>Either sort of password.</summary>
    public string Password() => Chance(0.5) ? HumanPassword() : MachinePassword();

    public static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Leet(string word) => word.Replace('o', '0').Replace('e', '3').Replace('a', '4').Replace('i', '1');
}
