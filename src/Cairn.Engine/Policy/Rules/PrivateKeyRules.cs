namespace Cairn.Engine.Policy.Rules;

/// <summary>Private keys in textual form: PEM (RFC 7468 and its forerunners), OpenSSH, PGP, SSH2, PuTTY, JWK, age, WireGuard, minisign.</summary>
internal static class PrivateKeyRules
{
    private const string Label = "[A-Z0-9 ]*(?:PRIVATE|SECRET) KEY(?: BLOCK)?";

    /// <summary>What may stand between the lines of a key that has lost its last line: line ends (also escaped), quotes, indents, headers.</summary>
    private const string BetweenLines = @"(?:[^A-Za-z0-9-]|\\+[nrt]|(?:Proc-Type|DEK-Info|Version|Comment): [^\r\n\\]*)*";

    /// <summary>Further lines of base64, also where the line ends are escaped.</summary>
    private const string MoreLines = @"(?:[ \t]*(?:\r?\n|(?:\\r)?\\n)[ \t]*[A-Za-z0-9+/=]{20,})*";

    /// <summary>How far from a JSON Web Key's member its type may stand, in characters: an RSA key of 4096 bits has 3,500.</summary>
    private const int LongestWebKey = 4000;

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
        new PatternRule
        {
            Id = "putty-private-key",
            Description = "Private key in PuTTY's form (PPK)",
            Keywords = ["private-lines"],
            Pattern = @"Private-Lines: [0-9]{1,3}(?:\s|\\[rn])+(?<secret>[A-Za-z0-9+/=]{16,}(?:(?:\s|\\[rn])+[A-Za-z0-9+/=]{4,})*(?:-(?:MAC|Hash): [0-9a-f]{8,})?)",
            Validate = candidate => HoldsKey(candidate.Value),
            Examples = keys =>
            [
                new($"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: laptop\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n", $"{keys.Base64(48)}\nPrivate-MAC: {keys.Hex(64)}", "\n"),
                new("PuTTY-User-Key-File-2: ssh-rsa\r\nPrivate-Lines: 2\r\n", $"{keys.Base64(64)}\r\n{keys.Base64(44)}\r\nPrivate-MAC: {keys.Hex(40)}", "\r\n"),
            ],
            CounterExamples = _ => ["Private-Lines: 14 is the number of lines of the private part", $"Private-Lines: 1\n{new string('x', 64)}\n"],
        },
        new PatternRule
        {
            Id = "private-key-body",
            Description = "Private key without its armour: base64 that starts as an OpenSSH, PKCS#1, PKCS#8 or SEC1 key",
            Keywords = ["b3blbnnzac1rzxktdj", "ibaakc", "ibadanbgkq", "mc4caqawbqydk2v", "ageambmgbyqgsm49", "ageambagbyqgsm49", "mhccaqeei"],
            Pattern =
                "(?:b3BlbnNzaC1rZXktdjE|MII[A-Za-z0-9+/]{3}IBAAKC|MII[A-Za-z0-9+/]{3}IBADANBgkq|MC4CAQAwBQYDK2V[wu]BCIEI|MI[A-Za-z0-9+/]{2}AgEAMB[MA]GByqGSM49|MHcCAQEEI)"
                + "[A-Za-z0-9+/=]{24,}" + MoreLines,
            Validate = candidate => HoldsKey(candidate.Value),
            Examples = keys =>
            [
                new("\"key\": \"", "b3BlbnNzaC1rZXkt" + "djE" + keys.Base64(200), "\""),
                new("MII" + "EpAIBAAKC" + keys.Base64(500)),
                new("private_key=", "MII" + "EvQIBADANBgkq" + keys.Base64(40) + "\n" + keys.Base64(64), "\n\n"),
                new("MC4CAQAwBQYD" + "K2VwBCIEI" + keys.Base64(43)),
                new("MIGHAgEAMBMG" + "ByqGSM49" + keys.Base64(160)),
                new("MHcCAQ" + "EEI" + keys.Base64(150)),
            ],
            CounterExamples = keys => ["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + keys.Base64(300), "MII" + "EpAIBAAKC" + new string('A', 100), "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE" + keys.Base64(88)],
        },
        new TokenRule
        {
            Id = "private-key-base64",
            Description = "PEM private key that is in base64 once more",
            // "-----BEGIN PRIVATE KEY", and the same with RSA, EC, OPENSSH, ENCRYPTED, DSA and PGP in front of PRIVATE.
            Prefixes =
            [
                "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt", "LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS",
                "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZ", "LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURSBLRVkt",
                "LS0tLS1CRUdJTiBEU0EgUFJJVkFURSBLRVkt", "LS0tLS1CRUdJTiBQR1AgUFJJVkFURSBLRVkg",
            ],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 40,
        },
        new TokenRule { Id = "age-secret-key", Description = "Secret key of age", Prefixes = ["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"], Alphabet = TokenAlphabet.UpperAlphanumeric, MinLength = 50 },
        new TokenRule
        {
            Id = "minisign-secret-key",
            Description = "Secret key of minisign or signify",
            // What the names of their algorithms are in base64.
            Prefixes = ["RWRTY0Iy", "RWRCS"],
            Alphabet = TokenAlphabet.Base64,
            MinLength = 100,
        },
        new PatternRule
        {
            Id = "wireguard-key",
            Description = "Private or pre-shared key of WireGuard, and others of 32 bytes under the same name",
            Keywords = ["privatekey", "presharedkey"],
            Pattern = @"(?i:PrivateKey|PresharedKey)[ \t]{0,4}[=:][ \t]{0,4}[""']?(?<secret>[A-Za-z0-9+/]{43}=)",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("[Interface]\nAddress = 10.0.0.2/32\nPrivateKey = ", keys.Base64(43) + "=", "\nDNS = 10.0.0.1\n"),
                new("[Peer]\nPublicKey = " + keys.Base64(43) + "=\nPresharedKey=", keys.Base64(43) + "=", "\n"),
            ],
            CounterExamples = keys => [$"[Peer]\nPublicKey = {keys.Base64(43)}=", "PrivateKey = <your private key>", $"PrivateKey = {new string('A', 43)}="],
        },
        new PatternRule
        {
            Id = "json-web-key",
            Description = "Private member of a JSON Web Key (RFC 7517)",
            Keywords = ["kty"],
            Pattern = @"\\?""(?:d|p|q|dp|dq|qi|k)\\?""\s*:\s*\\?""(?<secret>[A-Za-z0-9_-]{20,})",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value) && StandsInWebKey(candidate),
            Examples = keys =>
            [
                new($"{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{keys.Base64Url(43)}\",\"d\":\"", keys.Base64Url(43), "\"}"),
                new("{\"d\": \"", keys.Base64Url(43), "\", \"kty\": \"OKP\", \"crv\": \"Ed25519\"}"),
                new("{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"", keys.Base64Url(43), "\\\"}"),
            ],
            CounterExamples = keys =>
            [
                "{\"kty\":\"RSA\",\"n\":\"" + keys.Base64Url(342) + "\",\"e\":\"AQAB\",\"kid\":\"" + keys.Base64Url(43) + "\"}",
                "{\"d\": \"" + keys.Base64Url(43) + "\"}",
            ],
        },
    ];

    private static bool StandsInWebKey(SecretCandidate candidate) =>
        candidate.Before[Math.Max(0, candidate.Before.Length - LongestWebKey)..].Contains("\"kty", StringComparison.Ordinal)
        || candidate.After[..Math.Min(candidate.After.Length, LongestWebKey)].Contains("\"kty", StringComparison.Ordinal);

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
