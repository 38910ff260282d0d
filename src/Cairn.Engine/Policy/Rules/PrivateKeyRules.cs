namespace Cairn.Engine.Policy.Rules;

/// <summary>Private keys in textual armour: PEM (RFC 7468 and its forerunners), OpenSSH, PGP, SSH2.</summary>
internal static class PrivateKeyRules
{
    private const string Label = "[A-Z0-9 ]*(?:PRIVATE|SECRET) KEY(?: BLOCK)?";

    /// <summary>What may stand between the lines of a key that has lost its last line: line ends (also escaped), quotes, indents, headers.</summary>
    private const string BetweenLines = @"(?:[^A-Za-z0-9-]|\\+[nrt]|(?:Proc-Type|DEK-Info|Version|Comment): [^\r\n\\]*)*";

    /// <summary>A run of base64 that long is a line of a key; an elided or described key has none.</summary>
    private const int ShortestLine = 32;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "private-key",
            Description = "Private key in PEM, OpenSSH, PGP or SSH2 form, encrypted or not",
            Keywords = ["private key", "secret key"],
            // A whole block, whatever its lines are wrapped in; or, where the end is cut off, the lines that are there.
            // A deleted line of a diff puts one more dash in front. Neither runs over a second head, so that many heads without an end cost one pass and not one each.
            Pattern =
                $"----[- ]BEGIN {Label}[- ]----(?:"
                + $"(?:[^-]|-{{1,3}}[^-])*-?----[- ]END {Label}[- ]----"
                + $"|(?:{BetweenLines}[A-Za-z0-9+/=]{{24,}})+)",
            Validate = candidate => HoldsKey(candidate.Value),
            Examples = keys =>
            [
                new(keys.Pem("RSA PRIVATE KEY", lines: 12)),
                new(keys.Pem("PRIVATE KEY", lines: 1)),
                new(keys.Pem("EC PRIVATE KEY", lines: 3, newLine: "\r\n")),
                new(keys.Pem("DSA PRIVATE KEY")),
                new(keys.Pem("OPENSSH PRIVATE KEY", lines: 6)),
                new(keys.Pem("ENCRYPTED PRIVATE KEY")),
                new(keys.Pem("RSA PRIVATE KEY", headers: $"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{keys.Hex(32)}\n\n")),
                new(keys.Pem("PGP PRIVATE KEY BLOCK", lines: 20, headers: "Version: GnuPG v2 (GNU/Linux)\n\n")),
                new("{\"private_key\": \"", keys.Pem("PRIVATE KEY", lines: 20, newLine: "\\n"), "\\n\", \"client_id\": 7}"),
                new("key: |\n  ", keys.Pem("PRIVATE KEY", newLine: "\n  "), "\nname: web"),
                new("-", keys.Pem("RSA PRIVATE KEY", newLine: "\n-"), ""),
                new(keys.Pem("PRIVATE KEY", newLine: " ")),
                new(keys.Pem("PRIVATE KEY", newLine: "\" +\n    \"")),
                new($"---- BEGIN SSH2 ENCRYPTED {"PRIVATE"} KEY ----\nComment: laptop\n{keys.Base64(70)}\n{keys.Base64(70)}\n---- END SSH2 ENCRYPTED {"PRIVATE"} KEY ----"),
                new($"{KeyMaterial.PemHead("RSA PRIVATE KEY")}\n{keys.Base64(64)}\n{keys.Base64(64)}\n{keys.Base64(40)}"),
            ],
            CounterExamples = keys =>
            [
                keys.Pem("CERTIFICATE", lines: 12),
                keys.Pem("PUBLIC KEY"),
                keys.Pem("RSA PUBLIC KEY"),
                keys.Pem("PGP PUBLIC KEY BLOCK"),
                keys.Pem("CERTIFICATE REQUEST"),
                $"A key file starts with {KeyMaterial.PemHead("PRIVATE KEY")} and holds base64.",
                $"{KeyMaterial.PemHead("PRIVATE KEY")}\n...\n-----END {"PRIVATE"} KEY-----",
                $"{KeyMaterial.PemHead("RSA PRIVATE KEY")}\n{new string('x', 64)}\n-----END RSA {"PRIVATE"} KEY-----",
                $"ssh-ed25519 {keys.Base64(68)} me@laptop",
            ],
        },
    ];

    private static bool HoldsKey(ReadOnlySpan<char> block)
    {
        var runStart = 0;
        for (var i = 0; i <= block.Length; i++)
        {
            if (i < block.Length && (char.IsAsciiLetterOrDigit(block[i]) || block[i] is '+' or '/' or '=')) continue;
            if (i - runStart >= ShortestLine && SecretValue.IsVaried(block[runStart..i], distinct: 10)) return true;
            runStart = i + 1;
        }
        return false;
    }
}
