using System.Text;
using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Secrets whose plain form is not in the text: broken by invisible characters, escaped, encoded.</summary>
internal static class Encoded
{
    public static IEnumerable<TextKind> All =>
    [
        In("broken-zero-width", d => $"token {Mark(Insert(Token(d), d, d.Of("\u200B", "\u200C", "\u2060", "\uFEFF")))}"),
        In("broken-soft-hyphen", d => $"The key is {Mark(Insert(Token(d), d, "\u00AD"))} for now"),
        In("broken-zero-width-password", d => $"DB_PASSWORD={Mark(Insert(d.MachinePassword(), d, "\u200B"))}"),
        In("broken-full-width", d => $"Pasted from the chat: {Mark(FullWidth(Token(d)))}"),
        In("broken-backslash-newline", d => $"curl -H \"Authorization: Bearer {Mark(Insert(Token(d), d, "\\\n"))}\" https://{d.Host()}"),
        In("broken-quoted-printable", d => $"Content-Transfer-Encoding: quoted-printable\n\nYour new key: {Mark(Insert(Token(d), d, "=\n"))}"),
        In("broken-terminal-colour", d => $"\u001b[33mtoken:\u001b[0m \u001b[1m{Mark(Token(d))}\u001b[0m"),
        In("escaped-json-in-json", d => $$"""{"level":"info","message":"{\"user\":\"{{d.User()}}\",\"password\":\"{{Mark(d.MachinePassword())}}\"}"}"""),
        In("escaped-json-twice", d => $$"""body: "{\\\"client_secret\\\":\\\"{{Mark(d.UrlSafe(36))}}\\\"}" """),
        In("escaped-unicode", d => $$"""{"t":"{{Mark(Token(d).Replace("_", "\\u005f").Replace("-", "\\u002d"))}}"}"""),
        In("escaped-html", d => $"<code>{Mark(Token(d).Replace("_", "&#95;").Replace("-", "&#45;"))}</code>"),
        In("escaped-html-attribute", d => $"<input data-config=\"{{&quot;apiSecret&quot;:&quot;{Mark(d.UrlSafe(32))}&quot;}}\">"),
        In("escaped-markdown", d => $"Token: {Mark(Token(d).Replace("_", "\\_").Replace("-", "\\-"))}"),
        In("percent-connection", d => $"callback?dsn={Mark(Uri.EscapeDataString($"postgres://{d.User()}:{d.Password()}@{d.Host()}/{d.Database()}"))}"),
        In("percent-every-character", d => $"https://{d.Host()}/cb?t={Mark(string.Concat(Token(d).Select(c => $"%{(int)c:X2}")))}"),
        In("base64-line", d => $"data: {Mark(Base64($"{d.Of("AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "API_SECRET")}={d.Base64Text(40)}"))}"),
        In("base64-token", d => $"ci variable (masked): {Mark(Base64(Token(d)))}"),
        In("base64-url-alphabet", d => $"state={Mark(Draw.Base64Url($$"""{"token":"{{Token(d)}}","next":"/home"}"""))}"),
        In("base64-file", d => $"$ base64 -w0 .env\n{Mark(Base64($"PORT=8080\nLOG=debug\nGITHUB_TOKEN={Token(d)}\nDB=postgres://{d.User()}:{d.Password()}@{d.Host()}/app\n"))}"),
        In("base64-key-file", d => $"SIGNING_KEY_FILE: {Mark(Base64(PrivateKeys.Block("RSA PRIVATE KEY", "MIIEow" + d.Base64Text(500), "\n")))}"),
        In("base64-twice", d => $"payload {Mark(Base64(Base64(Token(d))))}"),
        In("base64-data-uri", d => $"data:text/plain;base64,{Mark(Base64($"token={Token(d)}"))}"),
        In("hexadecimal", d => $"0x{Mark(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Token(d))))}"),
        In("hexadecimal-upper", d => $"blob: {Mark(Convert.ToHexString(Encoding.ASCII.GetBytes($"password={d.MachinePassword()}")))}"),
    ];

    private static TextKind In(string name, Func<Draw, string> write) => new(name, SecretGroup.Wrapped, write);

    /// <summary>A token that any scanner knows in its plain form.</summary>
    private static string Token(Draw draw) => draw.Number(0, 4) switch
    {
        0 => "ghp_" + draw.Alphanumeric(36),
        1 => $"xoxb-{draw.Digits(12)}-{draw.Digits(13)}-{draw.Alphanumeric(24)}",
        2 => $"sk-ant-api03-{draw.UrlSafe(93)}AA",
        3 => "glpat-" + draw.UrlSafe(20),
        _ => "sk_live_" + draw.Alphanumeric(32),
    };

    private static string Insert(string text, Draw draw, string sign)
    {
        var at = draw.Number(3, text.Length - 3);
        return text[..at] + sign + text[at..];
    }

    private static string FullWidth(string text) => string.Concat(text.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
