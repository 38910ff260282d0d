using System.Text;

namespace Cairn.Benchmarks.Policy.Clean;

/// <summary>What is random or looks so, and is meant to be seen: public keys, digests, identifiers, encoded data.</summary>
internal static class PublicMaterial
{
    public static IEnumerable<TextKind> All => [.. Keys, .. Digests, .. Identifiers, .. Data];

    private static IEnumerable<TextKind> Keys =>
    [
        Clean("clean-public-key", d => Block(d.Of("PUBLIC KEY", "RSA PUBLIC KEY"), "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + d.Base64Text(360))),
        Clean("clean-certificate", d => Block(d.Of("CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL"), "MIID" + d.Base64Text(d.Number(800, 1400)))),
        Clean("clean-pgp-public-key", d => Block("PGP PUBLIC KEY BLOCK", "\nmQINBG" + d.Base64Text(700) + "\n=" + d.Base64Text(4))),
        Clean("clean-pgp-signature", d => Block("PGP SIGNATURE", "\niQIzBAABCgAd" + d.Base64Text(500))),
        Clean("clean-ssh-rsa-line", d => $"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{d.Base64Text(d.Number(300, 500))}= {d.User()}@{d.Word()}"),
        Clean("clean-ssh-ed25519-line", d => $"{d.Of("", "- ", "key: ")}ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{d.Base64Text(43)} {d.User()}@{d.Word()}"),
        Clean("clean-known-hosts", d => $"{d.Host()} ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY{d.Base64Text(90)}="),
        Clean("clean-ssh-fingerprint", d => $"256 SHA256:{d.Base64Text(43)} {d.User()}@{d.Word()} (ED25519)"),
        Clean("clean-age-public-key", d => $"age: age1{d.From("qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58)}"),
        Clean("clean-wireguard-public-key", d => $"[Peer]\nPublicKey = {d.Base64(32)}\nAllowedIPs = 10.8.0.{d.Number(2, 250)}/32"),
        Clean("clean-stripe-publishable-key", d => $"{d.Of("STRIPE_PUBLISHABLE_KEY=", "loadStripe('", "publishable: ")}pk_{d.Of("live", "test")}_{d.Alphanumeric(24, 99)}"),
        Clean("clean-mapbox-public-token", d => $"mapboxgl.accessToken = 'pk.{Draw.Base64Url($$"""{"u":"{{d.Word()}}","a":"cl{{d.Lower(23)}}"}""")}.{d.UrlSafe(22)}';"),
        Clean("clean-posthog-project-key", d => $"posthog.init('phc_{d.Alphanumeric(43)}', {{ api_host: 'https://eu.posthog.com' }})"),
        Clean("clean-pgp-fingerprint", d => $"Fingerprint: {d.UpperHex(4)} {d.UpperHex(4)} {d.UpperHex(4)} {d.UpperHex(4)} {d.UpperHex(4)}  {d.UpperHex(4)} {d.UpperHex(4)} {d.UpperHex(4)} {d.UpperHex(4)} {d.UpperHex(4)}"),
    ];

    private static IEnumerable<TextKind> Digests =>
    [
        Clean("clean-npm-integrity", d => $"\"node_modules/{d.Word()}\": {{\n  \"version\": \"{Version(d)}\",\n  \"resolved\": \"https://registry.npmjs.example/{d.Word()}.tgz\",\n  \"integrity\": \"sha512-{d.Base64(64)}\"\n}}"),
        Clean("clean-subresource-integrity", d => $"<script src=\"https://cdn.example.com/app.js\" integrity=\"sha384-{d.Base64(48)}\" crossorigin=\"anonymous\"></script>"),
        Clean("clean-nuget-content-hash", d => $"\"{d.Title()}.{d.Title()}\": {{\n  \"type\": \"Direct\",\n  \"resolved\": \"{Version(d)}\",\n  \"contentHash\": \"{d.Base64(64)}\"\n}}"),
        Clean("clean-cargo-checksum", d => $"[[package]]\nname = \"{d.Word()}\"\nversion = \"{Version(d)}\"\nchecksum = \"{d.Hex(64)}\""),
        Clean("clean-go-sum", d => $"github.com/{d.Word()}/{d.Word()} v{Version(d)} h1:{d.Base64(32)}\ngithub.com/{d.Word()}/{d.Word()} v{Version(d)}/go.mod h1:{d.Base64(32)}"),
        Clean("clean-python-hashes", d => $"{d.Word()}=={Version(d)} \\\n    --hash=sha256:{d.Hex(64)} \\\n    --hash=sha256:{d.Hex(64)}"),
        Clean("clean-git-hash", d => $"{d.Of("commit ", "Fixed in ", "cherry-picked from ", "HEAD is now at ", "parent ")}{d.Hex(d.Of("7", "40") == "7" ? 7 : 40)} {d.Of("", "(origin/main)", "Fix the importer")}"),
        Clean("clean-docker-digest", d => $"{d.Of("FROM ", "image: ", "pulled ")}node:22-alpine@sha256:{d.Hex(64)}"),
        Clean("clean-checksum-file", d => $"{d.Hex(64)}  {d.Word()}-{Version(d)}-linux-x64.tar.gz\n{d.Hex(64)}  {d.Word()}-{Version(d)}-osx-arm64.tar.gz"),
        Clean("clean-known-digest", d => d.Of("sha256 of the empty string: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "md5 d41d8cd98f00b204e9800998ecf8427e is an empty file", "empty tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904")),
        Clean("clean-etag", d => $"ETag: {d.Of("", "W/")}\"{d.Hex(32)}\"\nCache-Control: max-age=60\nContent-MD5: {d.Base64(16)}"),
        Clean("clean-cache-key", d => $"{d.Of("cache key", "cacheKey", "Cache restored from key")}: {d.Of("node-modules-linux-x64-", "nuget-", "v2-deps-")}{d.Hex(64)}"),
        Clean("clean-chunk-name", d => $"dist/assets/{d.Of("index", "vendor", "main")}-{d.Alphanumeric(8)}.js   {d.Number(10, 900)}.{d.Digits(2)} kB"),
    ];

    private static IEnumerable<TextKind> Identifiers =>
    [
        Clean("clean-uuid", d => $"{d.Of("order ", "id: ", "\"tenantId\": \"", "correlation id ", "entry ", "client_id=")}{d.Uuid()}"),
        Clean("clean-named-uuid", d => $"{d.Of("project_id", "idempotency_key", "session_id", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "request-id", "deployment")}: {d.Uuid()}"),
        Clean("clean-trace-parent", d => $"traceparent: 00-{d.Hex(32)}-{d.Hex(16)}-01"),
        Clean("clean-log-request-id", d => $"2026-03-0{d.Number(1, 9)}T11:00:{d.Digits(2)}Z INFO  GET /api/orders 200 {d.Digits(2)}ms request_id={d.Hex(32)} user={d.Number(100, 9999)}"),
        Clean("clean-log-trace", d => $"trace_id={d.Hex(32)} span_id={d.Hex(16)} msg=\"token refreshed\" took=12ms"),
        Clean("clean-semantic-version", d => $"Upgrade {d.Word()} from {Version(d)} to {Version(d)}-beta.{d.Number(1, 9)}+build.{d.Digits(5)}.{d.Hex(7)}"),
        Clean("clean-phone", d => $"Call +49 {d.Digits(3)} {d.Digits(7)} or (555) {d.Digits(3)}-{d.Digits(4)}, extension {d.Digits(3)}."),
        Clean("clean-isbn", d => $"ISBN 978-{d.Digits(1)}-{d.Digits(4)}-{d.Digits(4)}-{d.Digits(1)}, chapter {d.Number(1, 20)}"),
        Clean("clean-cloud-names", d => $"arn:aws:{d.Of("iam", "kms", "lambda")}:eu-west-1:{d.Digits(12)}:{d.Of("role/deploy", "key/" + d.Uuid(), "function:" + d.Word())}"),
        Clean("clean-chain-address", d => $"{d.Of("to: ", "contract ", "tx ")}0x{d.Hex(d.Of("a", "t") == "a" ? 40 : 64)}"),
        Clean("clean-content-address", d => $"ipfs://Qm{d.Base58(44)}/metadata.json"),
        Clean("clean-windows-identifier", d => $"{d.Of("HKCR\\CLSID\\", "AppId ", "ProductCode ")}{{{d.UpperHex(8)}-{d.UpperHex(4)}-{d.UpperHex(4)}-{d.UpperHex(4)}-{d.UpperHex(12)}}}"),
        Clean("clean-snowflake-numbers", d => $"user {d.Digits(18)} joined channel {d.Digits(19)} at 17{d.Digits(8)}"),
        Clean("clean-ip-and-port", d => $"listening on 10.{d.Number(0, 255)}.{d.Number(0, 255)}.{d.Number(1, 254)}:{d.Digits(4)}, peers [fe80::{d.Hex(4)}:{d.Hex(4)}]:7946"),
        Clean("clean-remote-address", d => d.Of("git@github.com:acme/shop.git", "ssh://git@git.example.com:2222/acme/shop.git", "https://medium.com/@ana/post-12", "registry.example.com:5000/app:1.2@sha256:" + d.Hex(64), "npm i @acme/ui@1.4.2", "mailto:ana@example.com?subject=hi:there", "https://example.com:8443/path@v2", "scp out.tgz deploy@host:/srv/app")),
    ];

    private static IEnumerable<TextKind> Data =>
    [
        Clean("clean-image-data-uri", d => $"background: url(data:image/{d.Of("png;base64,iVBORw0KGgoAAAANSUhEUgAA", "gif;base64,R0lGODlhAQABAIAA", "webp;base64,UklGR")}{d.Base64Text(d.Number(200, 600))}=);"),
        Clean("clean-base64-text", d => $"{d.Of("body: ", "decoded from ", "")}{Convert.ToBase64String(Encoding.UTF8.GetBytes($"Hello {d.Title()}, the import of {d.Digits(3)} orders is done and nothing has to be looked at today."))}"),
        Clean("clean-base64-binary", d => $"payload: {d.Base64(d.Number(60, 200))}"),
        Clean("clean-hex-dump", d => $"00000000  {Pairs(d)}  |................|\n00000010  {Pairs(d)}  |................|"),
        Clean("clean-minified-script", d => $"!function(e,t){{\"use strict\";var n=t(\"{d.Alphanumeric(4)}\"),r=n.key,o=n.token||0;e.exports=function(e){{return r[e]&&o+{d.Digits(3)}}}}}(this,0);var a=function(e,t){{for(var n=0;n<t.length;n++)e[t[n].key]=t[n].value}};"),
        Clean("clean-source-map", d => $"{{\"version\":3,\"file\":\"app.js\",\"mappings\":\"AAAA,{d.From("ABCDEFGHIJKLMNOPQRSTUVWXYZ;,", 180)}\"}}"),
        Clean("clean-svg-path", d => $"<path d=\"M12 {d.Number(1, 9)}a{d.Number(1, 9)} {d.Number(1, 9)} 0 0 0-{d.Number(1, 9)}v{d.Number(1, 9)}h-1.5c-.83 0-1.5.67-1.5 1.5v9c0 .83.67 1.5 1.5 1.5h13z\"/>"),
        Clean("clean-colours", d => $"--primary: #{d.Hex(6)}; --accent: #{d.Hex(8)}; --muted: #{d.Hex(3)};"),
        Clean("clean-embedding", d => $"embedding: [0.{d.Digits(8)}, -0.{d.Digits(8)}, 0.{d.Digits(8)}, -0.{d.Digits(8)}]"),
        Clean("clean-cursor", d => $"{{\"next\": \"{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"id\":{d.Digits(6)},\"at\":\"2026-01-0{d.Number(1, 9)}\"}}"))}\", \"limit\": 50}}"),
    ];

    private static TextKind Clean(string name, Func<Draw, string> write) => new(name, null, write);

    private static string Version(Draw draw) => $"{draw.Number(0, 12)}.{draw.Number(0, 30)}.{draw.Number(0, 20)}";

    private static string Pairs(Draw draw) => string.Join(' ', Enumerable.Range(0, 16).Select(_ => draw.Hex(2)));

    private static string Block(string label, string body) =>
        $"-----BEGIN {label}-----\n{string.Join('\n', body.Chunk(64).Select(line => new string(line)))}\n-----END {label}-----";
}
