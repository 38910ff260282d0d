using System.Text;
using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Private keys in all their forms. A key's secret is the whole block, its first and last line included.</summary>
internal static class PrivateKeys
{
    public static IEnumerable<TextKind> All =>
    [
        Pem("pem-rsa", "RSA PRIVATE KEY", "MIIEpAIBAAKCAQEA", 600, 1200),
        Pem("pem-pkcs8", "PRIVATE KEY", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", 600, 1200),
        Pem("pem-ec", "EC PRIVATE KEY", "MHcCAQEEI", 110, 160),
        Pem("pem-dsa", "DSA PRIVATE KEY", "MIIBuwIBAAKBgQ", 400, 600),
        Pem("pem-openssh", "OPENSSH PRIVATE KEY", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ", 260, 1800),
        Pem("pem-encrypted-pkcs8", "ENCRYPTED PRIVATE KEY", "MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI", 600, 1200),
        Pem("pem-ed25519-pkcs8", "PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEI", 43, 43),
        new("pem-encrypted-traditional", SecretGroup.Structured, d => Mark(Block("RSA PRIVATE KEY",
            $"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{d.UpperHex(32)}\n\n{Lines(d.Base64Text(1100), 64)}", "\n"))),
        new("pgp-private-key", SecretGroup.Structured, d => Mark(Block("PGP PRIVATE KEY BLOCK",
            $"\nlQOYBGV{Lines(d.Base64Text(d.Number(700, 1300)), 64)}\n={d.Base64Text(4)}", "\n"))),
        new("ssh2-private-key", SecretGroup.Structured, d => Mark(
            $"---- BEGIN SSH2 ENCRYPTED {"PRIVATE"} KEY ----\nComment: \"rsa-key\"\nP2/56wAA{Lines(d.Base64Text(800), 70)}\n---- END SSH2 ENCRYPTED {"PRIVATE"} KEY ----")),
        new("putty-private-key", SecretGroup.Structured, d =>
            $"PuTTY-User-Key-File-{d.Of("2", "3")}: ssh-rsa\nEncryption: none\nComment: {d.Word()}\nPublic-Lines: 2\nAAAAB3NzaC1yc2EAAAADAQAB{d.Base64Text(40)}\n{d.Base64Text(50)}\nPrivate-Lines: 4\n{Mark(Lines(d.Base64Text(220), 64))}\nPrivate-MAC: {d.Hex(64)}"),
        new("pem-cut-off", SecretGroup.Structured, d =>
            $"$ cat ~/.ssh/id_{d.Of("rsa", "ed25519")} | head -5\n{Mark(Begin("OPENSSH PRIVATE KEY") + "\nb3BlbnNzaC1rZXktdjEAAAAA" + Lines(d.Base64Text(240), 70))}"),
        new("pem-indented-yaml", SecretGroup.Structured, d =>
            $"tls:\n  key: |\n    {Mark(Block("PRIVATE KEY", "MIIEvgIBADANBgkqh" + Lines(d.Base64Text(900), 64), "\n").Replace("\n", "\n    "))}\n  port: 8443"),
        new("pem-quoted-mail", SecretGroup.Structured, d =>
            $"> {Mark(Block("RSA PRIVATE KEY", "MIIEowIBAAKCAQ" + Lines(d.Base64Text(900), 64), "\n").Replace("\n", "\n> "))}\n> please put that on the box"),
        new("pem-crlf", SecretGroup.Structured, d => Mark(Block("EC PRIVATE KEY", "MHcCAQEEI" + Lines(d.Base64Text(150), 64).Replace("\n", "\r\n"), "\r\n"))),
        new("pem-in-environment", SecretGroup.Structured, d =>
            $"APP_PRIVATE_KEY=\"{Mark(Block("RSA PRIVATE KEY", "MIIEpAIBAAKCAQEA" + Lines(d.Base64Text(1000), 64).Replace("\n", @"\n"), @"\n"))}\"\nAPP_ID={d.Digits(6)}"),
        new("pem-on-one-line", SecretGroup.Structured, d => $"JWT_SIGNING {Mark(Block("PRIVATE KEY", "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg" + d.Base64Text(136), " "))}"),
        new("pem-joined-in-code", SecretGroup.Structured, Joined),
        new("gcp-service-account", SecretGroup.Structured, d => $$"""
            {
              "type": "service_account",
              "project_id": "{{d.Word()}}-{{d.Digits(6)}}",
              "private_key_id": "{{d.Hex(40)}}",
              "private_key": "{{Mark(Block("PRIVATE KEY", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + Lines(d.Base64Text(1500), 64).Replace("\n", @"\n"), @"\n"))}}\n",
              "client_email": "ci@{{d.Word()}}.iam.gserviceaccount.com"
            }
            """),
        new("kubeconfig-client-key", SecretGroup.Structured, d =>
            $"users:\n- name: admin\n  user:\n    client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t{d.Base64Text(80)}\n    client-key-data: {Mark(Convert.ToBase64String(Encoding.ASCII.GetBytes(Block("RSA PRIVATE KEY", "MIIEow" + d.Base64Text(700), "\n"))))}"),
        new("json-web-key", SecretGroup.Structured, d =>
            $$"""{"kty":"EC","crv":"P-256","x":"{{d.UrlSafe(43)}}","y":"{{d.UrlSafe(43)}}","d":"{{Mark(d.UrlSafe(43))}}","kid":"{{d.Word()}}"}"""),
        Token("age-secret-key", "sops key", "SOPS_AGE_KEY", d => "AGE-SECRET-KEY-1" + d.From("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
        new("wireguard-private-key", SecretGroup.Contextual, d =>
            $"[Interface]\nAddress = 10.8.0.{d.Number(2, 250)}/24\nPrivateKey = {Mark(d.Base64(32))}\n\n[Peer]\nEndpoint = {d.Host()}:51820"),
        Named("ethereum-private-key", d => d.Of("0x", "") + d.Hex(64), "PRIVATE_KEY", "DEPLOYER_PRIVATE_KEY", "WALLET_PRIVATE_KEY", "ETH_PRIVATE_KEY"),
        Named("ssh-key-base64", d => Convert.ToBase64String(Encoding.ASCII.GetBytes(Block("OPENSSH PRIVATE KEY", "b3BlbnNzaC1rZXktdjE" + d.Base64Text(200), "\n"))), "SSH_KEY_B64", "DEPLOY_KEY_BASE64", "SSH_PRIVATE_KEY"),
    ];

    /// <summary>A PEM block, put together here so that no file of the repository holds the line a scanner looks for.</summary>
    public static string Block(string label, string body, string newLine) =>
        $"{Begin(label)}{newLine}{body}{newLine}{new string('-', 5)}END {label}{new string('-', 5)}";

    private static TextKind Pem(string name, string label, string start, int low, int high) =>
        new(name, SecretGroup.Structured, d => Mark(Block(label, Lines(start + d.Base64Text(d.Number(low, high)), 64), "\n")));

    private static string Joined(Draw draw)
    {
        var lines = Block("RSA PRIVATE KEY", "MIIEpQIBAAKCAQEA" + Lines(draw.Base64Text(700), 64), "\n").Split('\n');
        return "const key = \"" + Mark(string.Join("\\n\" +\n  \"", lines)) + "\";";
    }

    private static string Begin(string label) => $"{new string('-', 5)}BEGIN {label}{new string('-', 5)}";

    private static string Lines(string text, int width) => string.Join('\n', text.Chunk(width).Select(line => new string(line)));
}
