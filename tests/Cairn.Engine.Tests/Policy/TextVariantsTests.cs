using System.Globalization;
using System.Text;
using Cairn.Engine.Policy;
using CsCheck;

namespace Cairn.Engine.Tests.Policy;

/// <summary>Secrets that a text does not spell out plainly: each is found at its whole span of the text.</summary>
public sealed class TextVariantsTests
{
    private const int Megabyte = 1 << 20;

    private static readonly SecretScanner Scanner = new();
    private static readonly KeyMaterial Keys = new(20261101);
    private static readonly string Token = "ghp_" + Keys.Alphanumeric(36);

    public static TheoryData<string, Func<string, string>> Disguises => new()
    {
        { "zero-width spaces", secret => string.Join('\u200B', secret.ToCharArray()) },
        { "control characters", secret => secret.Insert(9, "\u0001\u009F").Insert(3, "\u001F") },
        { "one soft hyphen", secret => secret.Insert(7, "\u00AD") },
        { "bidi controls", secret => "\u202E" + secret.Insert(3, "\u202C") },
        { "variation selectors", secret => string.Concat(secret.Select(static c => $"{c}\uFE0F")) },
        { "tag characters", secret => secret.Insert(6, "\U000E0041\U000E007F") },
        { "full-width forms", secret => string.Concat(secret.Select(static c => (char)(c + 0xFEE0))) },
        { "mathematical letters", secret => string.Concat(secret.Select(static c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1D5EE + c - 'a') : c.ToString())) },
        { "circled letters", secret => string.Concat(secret.Select(static c => char.IsAsciiLetterUpper(c) ? (char)(0x24B6 + c - 'A') : c)) },
        { "outlined digits", secret => string.Concat(secret.Select(static c => char.IsAsciiDigit(c) ? char.ConvertFromUtf32(0x1CCF0 + c - '0') : c.ToString())) },
        { "percent-encoding", secret => string.Concat(secret.Select(Percent)) },
        { "percent-encoding of one character", secret => secret.Replace("_", "%5f", StringComparison.Ordinal) },
        { "percent-encoding twice", secret => secret.Replace("_", "%255F", StringComparison.Ordinal) },
        { "escapes of JSON", secret => string.Concat(secret.Select(static c => $"\\u{(int)c:x4}")) },
        { "escapes of JSON inside of JSON", secret => string.Concat(secret.Select(static c => $"\\\\u{(int)c:X4}")) },
        { "escapes of C", secret => string.Concat(secret.Select(static c => $"\\x{(int)c:x2}")) },
        { "escapes of JavaScript", secret => secret.Replace("_", "\\u{5f}", StringComparison.Ordinal) },
        { "references of HTML", secret => string.Concat(secret.Select(static c => $"&#{(int)c};")) },
        { "hexadecimal references", secret => string.Concat(secret.Select(static c => $"&#x{(int)c:X};")) },
        { "named references", secret => secret.Replace("_", "&lowbar;", StringComparison.Ordinal) },
        { "escapes of Markdown", secret => secret.Replace("_", "\\_", StringComparison.Ordinal) },
        { "bold on a terminal", secret => $"\u001B[1m{secret}\u001B[0m" },
        { "base64", Base64 },
        { "base64 in front of a sentence", secret => $"{Base64(secret)}\nThe rest of it" },
        { "base64 for addresses", secret => Base64(secret).TrimEnd('=').Replace('+', '-').Replace('/', '_') },
        { "base64 twice", secret => Base64(Base64(secret)) },
        { "base64 in lines", secret => Lines(Base64($"{new string('a', 90)} {secret} {new string('b', 90)}"), 76, "\n") },
        { "base64 in lines of Windows", secret => Lines(Base64($"{new string('a', 90)} {secret}"), 64, "\r\n  ") },
        { "base64 in a literal", secret => Lines(Base64($"{new string('a', 90)} {secret}"), 76, "\\n") },
        { "base64 of PowerShell", secret => Convert.ToBase64String(Encoding.Unicode.GetBytes($"$t = '{secret}'")) },
        { "base64 of escapes", secret => Base64(string.Concat(secret.Select(Percent))) },
        { "base64 escaped", secret => Base64(secret).Replace("=", "%3D", StringComparison.Ordinal).Replace("Z", "%5A", StringComparison.Ordinal) },
        { "base64 in a path", secret => $"/v1/blobs/{Base64(secret)}/raw" },
        { "hexadecimal", secret => Convert.ToHexString(Encoding.UTF8.GetBytes(secret)) },
        { "hexadecimal as a number", secret => "0x" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)) },
        { "hexadecimal in lines", secret => Lines(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), 60, "\n") },
        { "quoted-printable", secret => $"a=3Db {secret.Replace("_", "=5F", StringComparison.Ordinal)}" },
        { "a soft line break of a mail", secret => $"Content-Transfer-Encoding: quoted-printable\n\n{secret[..20]}=\n{secret[20..]}" },
        { "a soft line break", secret => $"a=3Db {secret[..20]}=\n{secret[20..]}" },
        { "a shell's line break", secret => $"{secret[..12]}\\\n    {secret[12..]}" },
        { "a line break of PowerShell", secret => $"{secret[..12]}`\r\n{secret[12..]}" },
        { "a wrapped line", secret => $"{secret[..25]}\n{secret[25..]}" },
        { "a wrapped line of a quotation", secret => $"{secret[..25]}\n> > {secret[25..]}" },
        { "a wrapped and indented comment", secret => $"{secret[..25]}\r\n  # {secret[25..]}" },
        { "short lines", secret => Lines(secret, 18, "\n  ") },
        { "literals that are added", secret => $"\"{secret[..4]}\" + \"{secret[4..]}\"" },
        { "literals on several lines", secret => $"'{secret[..14]}' +\n    '{secret[14..30]}' +\n    '{secret[30..]}'" },
        { "literals side by side", secret => $"(\"{secret[..14]}\"\n f\"{secret[14..]}\")" },
        { "literals of PHP", secret => $"'{secret[..9]}' . '{secret[9..]}'" },
        { "literals in a literal", secret => $"{{\"code\": \"x = \\\"{secret[..9]}\\\" + \\\"{secret[9..]}\\\"\"}}" },
    };

    [Theory, MemberData(nameof(Disguises))]
    public void Scan_DisguisedSecret_CoversAllOfIt(string name, Func<string, string> disguise)
    {
        Assert.NotEmpty(name);
        Gen.Int.Sample(seed =>
        {
            var secret = "ghp_" + new KeyMaterial(seed).Alphanumeric(34) + "x1";
            var text = $"The value is {disguise(secret)}, or was.";

            var finding = Assert.Single(Scanner.Scan(text));

            Assert.Equal("github-token", finding.RuleId);
            // What stays when the finding goes reads like the secret in no way: half of it would be found in this.
            var rest = text[..finding.Start] + "[REDACTED]" + text[finding.End..];
            Assert.Empty(Scanner.Scan(rest));
            foreach (var reading in TextVariants.Of(rest).Select(variant => variant.Text).Append(rest))
            {
                Assert.DoesNotContain(secret[4..12], reading, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(secret[28..36], reading, StringComparison.OrdinalIgnoreCase);
            }
        }, iter: 20);
    }

    [Fact]
    public void Scan_EncodedSecret_IsFoundAsTheWholeSegment()
    {
        var segment = Base64($"user: ci, token: {Token}, until: tomorrow");
        var text = $"data: {segment} end";

        Assert.Equal([new SecretFinding("github-token", 6, segment.Length - segment.Count(static c => c == '='))], Scanner.Scan(text));
    }

    [Fact]
    public void Scan_SecretWithOneEscape_StartsAndEndsWhereItDoes()
    {
        var text = $"see ?t={Token.Replace("_", "%5F", StringComparison.Ordinal)}&x=%20";

        Assert.Equal([new SecretFinding("github-token", 7, Token.Length + 2)], Scanner.Scan(text));
    }

    [Fact]
    public void Scan_SecretBetweenInvisibleCharacters_IsFoundWithoutThem() =>
        Assert.Equal([new SecretFinding("github-token", 2, Token.Length)], Scanner.Scan($"\u200B\uFEFF{Token}\u200B more"));

    [Fact]
    public void Scan_SecretsOnLinesOfTheirOwn_FindsEachAtItsPlace()
    {
        var second = "ghp_" + Keys.Alphanumeric(36);

        Assert.Equal(
            [new SecretFinding("github-token", 0, 40), new SecretFinding("github-token", 41, 40)],
            Scanner.Scan($"{Token}\n{second}\n{Keys.Hex(40)} is the commit"));
    }

    [Fact]
    public void Scan_LongKeyOverThreeLines_CoversItsEnd()
    {
        var key = "sk-" + "proj-" + Keys.Alphanumeric(146) + "x1y2z3";
        var text = $"key:\n{Lines(key, 76, "\n")}\nThe rest is prose.";

        Assert.Equal([new SecretFinding("openai-api-key", 5, key.Length + 2)], Scanner.Scan(text));
    }

    public static TheoryData<string> CleanTexts =>
    [
        $"fixed in {Keys.Hex(40)}\n{Keys.Hex(40)}\n{Keys.Hex(40)}",
        $"<img src=\"data:image/png;base64,iVBORw0KGgo{Keys.Base64(2_000)}\">",
        Base64("Nothing in here is worth hiding; it is a sentence of some length, and that is all."),
        $"AKIA\n{Keys.Base32(8)}",
        "The prefix is ghp_\nand 36 characters follow it, as in the documentation.",
        "sk-learn-\npipelines-v2 is the name of the package",
        "C:\\users\\x41\\new\\token\\readme.md 100% &copy; &nosuch; %zz %4 &#xFFFFFFFF; \\u12 \\",
        "API_TOKEN=\nDB_HOST=db-1.internal.example\nDB_NAME=orders2026",
        "❤️ and ™ and … and ½ and 日本語 and ﬁne",
        "\"ghp_\" + token + \"x\"",
        "'ghp_' + 'your-token-here'",
        "\ud83d \udc00 %ED%A0%80",
    ];

    [Theory, MemberData(nameof(CleanTexts))]
    public void Scan_CleanText_FindsNothing(string text) => Assert.Empty(Scanner.Scan(text));

    /// <summary>Units that give cause again and again. Work is counted in characters, not in time.</summary>
    public static TheoryData<string> AdversarialUnits =>
    [
        "%", "%41", "%2541", "%25252541", "&#", "&#65;", "&amp;", "&amp;amp;", "\\", "\\\"", "\\u0041", "\\x41", "=3D", "=\n", "=3D=\n",
        "\u200B", "\u00AD", "\uFF21", "㏂", "\U0001D400", "\ud83d", "a\n", "a1\n", "ab1234567\n", "\\\n", "`\n", "\"", "\" ", "\"+\"", "a\"+\"b", "'a' 'b' ",
        "QUJD", "QUJD\n", Base64("QUJD") + "\n", "41", "4142434445464748494a4b4c\n", new string('A', 23) + " ", new string('A', 24) + " ", "/", "a/", "%41\n\u200B&#65;QUJDQUJDQUJDQUJDQUJDQUJD=3D\\x41",
    ];

    [Theory, MemberData(nameof(AdversarialUnits))]
    public void Of_MegabyteOfOneUnit_StaysWithinItsBound(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, Megabyte / unit.Length));

        Assert.InRange(TextVariants.Of(text).Sum(static variant => (long)variant.Text.Length), 0, (3L * text.Length) + (32 * 1024));
    }

    [Theory, MemberData(nameof(AdversarialUnits))]
    public void Scan_MegabyteOfOneUnit_StillFindsTheSecretBehindIt(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, Megabyte / unit.Length)) + "\n\n";

        Assert.Contains(Scanner.Scan(text + Token), finding => finding.End == text.Length + Token.Length);
    }

    [Fact]
    public void InOriginal_AnyPlaceOfAnyVariant_IsASpanOfTheText()
    {
        string[] parts = ["%41", "&#65;", "\\u0041", "\u200B", "Ａ", "ﬃ", "QUJDQUJDQUJDQUJDQUJDQUJDQUJD", "a1b2c3d4\ne5f6a7b8", "\"ab1\" + \"cd2\"", " word ", "\n", "=3D", "=\n", "𝗔"];
        Gen.Int[0, parts.Length - 1].Array[0, 30].Select(indexes => string.Concat(indexes.Select(index => parts[index]))).Sample(text =>
        {
            foreach (var variant in TextVariants.Of(text))
            {
                var last = 0;
                for (var at = 0; at < variant.Text.Length; at++)
                {
                    var (start, end) = variant.InOriginal(at, at + 1);
                    Assert.True(start >= 0 && end > start && end <= text.Length && start >= last);
                    last = start;
                }
            }
        }, iter: 200);
    }

    private static string Percent(char c) => string.Create(CultureInfo.InvariantCulture, $"%{(int)c:X2}");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Lines(string text, int length, string lineBreak) => string.Join(lineBreak, text.Chunk(length).Select(static line => new string(line)));
}
