using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>
/// Invents the values of rules' examples: the right alphabet and length, drawn at random, valid nowhere.
/// The same seed draws the same values.
/// </summary>
internal sealed class KeyMaterial(int seed)
{
    private const string LowerCase = "abcdefghijklmnopqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Decimal = "0123456789";

    private readonly Random random = new(seed);

    public string Digits(int length) => random.GetString(Decimal, length);

    public string Hex(int length) => random.GetString(Decimal + "abcdef", length);

    public string LowerAlphanumeric(int length) => random.GetString(LowerCase + Decimal, length);

    public string UpperAlphanumeric(int length) => random.GetString(UpperCase + Decimal, length);

    public string Alphanumeric(int length) => random.GetString(LowerCase + UpperCase + Decimal, length);

    public string Base32(int length) => random.GetString(UpperCase + "234567", length);

    public string Base64(int length) => random.GetString(LowerCase + UpperCase + Decimal + "+/", length);

    public string Base64Url(int length) => random.GetString(LowerCase + UpperCase + Decimal + "-_", length);

    /// <summary>Random characters of an alphabet, the last of which is a letter or digit.</summary>
    public string Of(TokenAlphabet alphabet, int length) =>
        random.GetString(alphabet.Characters, length - 1) + random.GetString(string.Concat(alphabet.Characters.Where(char.IsAsciiLetterOrDigit)), 1);

    public string Uuid() => string.Join('-', Hex(8), Hex(4), Hex(4), Hex(4), Hex(12));

    /// <summary>A PEM block of lines of 64 characters. The label is "RSA PRIVATE KEY" and the like.</summary>
    public string Pem(string label, int lines = 4, string newLine = "\n", string headers = "") =>
        PemHead(label) + newLine + headers + string.Concat(Enumerable.Range(0, lines).Select(_ => Base64(64) + newLine)) + $"-----END {label}-----";

    /// <summary>A PEM block's first line.</summary>
    public static string PemHead(string label) => $"-----BEGIN {label}-----";

    /// <summary>A JSON Web Token with this header.</summary>
    public string Jwt(string header, int signatureLength = 43) =>
        $"{Encode(header)}.{Encode($$"""{"sub":"{{Digits(10)}}","iat":{{Digits(9)}}}""")}.{Base64Url(signatureLength)}";

    private static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
