using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Secrets said in sentences, and in data structures that a program wrote into its log.</summary>
internal static class Prose
{
    public static IEnumerable<TextKind> All => [.. Sentences, .. Dumps];

    private static IEnumerable<TextKind> Sentences =>
    [
        In("prose-password-is", d => $"The {d.Of("", "admin ", "root ", "staging ", "database ")}password {d.Of("is", "was", "is now", "for staging is")} {Secret(d)}{d.Of("", ".", ", ask Ana before you change it.")}"),
        In("prose-password-quoted", d => $"Use {d.Of("the password", "password", "passwd")} {d.Of($"'{Secret(d)}'", $"\"{Secret(d)}\"", $"`{Secret(d)}`")} for the test tenant."),
        In("prose-pw-colon", d => $"{d.Of("pw", "PW", "pass", "pwd", "Password", "root pw")}: {Secret(d)}"),
        In("prose-login-slash", d => $"{d.Of("Login with", "Log in as", "sign in with", "creds are")} {d.User()} / {Secret(d)}"),
        In("prose-credentials-lines", d => $"URL: https://{d.Host()}\nuser: {d.User()}\npass: {Secret(d)}"),
        In("prose-credentials-bullets", d => $"- **Username:** {d.User()}\n- **Password:** {d.Of(Secret(d), $"`{Secret(d)}`")}\n- **MFA:** off"),
        In("prose-parentheses", d => $"ssh to {d.Host()} as {d.User()} ({d.Of("password", "pw", "pass")} {d.Of("", "= ", "is ")}{Secret(d)}) and restart the unit."),
        In("prose-changed-to", d => $"I {d.Of("changed", "reset", "set")} the {d.Of("root", "wifi", "admin", "Grafana")} password to {Secret(d)} this morning."),
        In("prose-german", d => $"Das {d.Of("Passwort", "Kennwort")} {d.Of("lautet", "ist")} {Secret(d)}"),
        In("prose-french", d => $"{d.Of("Mot de passe", "mot de passe")} : {Secret(d)}"),
        In("prose-spanish", d => $"{d.Of("Contraseña", "La contraseña es", "contraseña del admin")}: {Secret(d)}"),
        In("prose-chat", d => $"> tomas: what's the {d.Of("db", "staging", "vpn")} password again?\n> ana: {Secret(d)}"),
        In("prose-table", d => $"| host | user | password |\n|---|---|---|\n| {d.Host()} | {d.User()} | {Secret(d)} |"),
        In("prose-api-key-is", d => $"{d.Of("My", "The", "our")} {d.Of("API key", "api key", "access token", "secret key")} is {Mark(d.Of(d.Hex(32), d.Alphanumeric(40), d.UrlSafe(43)))}"),
        In("prose-token-hand-over", d => $"here is the {d.Of("token", "API token", "access key")} you asked for: {Mark(d.Of(d.Hex(40), d.Alphanumeric(32)))}"),
        In("prose-user-with-password", d => $"Created user {d.User()} with password {Secret(d)} on {d.Host()}."),
        In("prose-passphrase", d => $"The passphrase {d.Of("for the key ", "of the backup ", "")}is {d.Of($"\"{Secret(d)}\"", Secret(d))}"),
        In("prose-credentials-pair", d => $"{d.Of("Credentials", "creds", "Login")}: {d.User()}:{Secret(d)}"),
    ];

    private static IEnumerable<TextKind> Dumps =>
    [
        In("dump-python-dict", d => $"DEBUG config loaded: {{'host': '{d.Host()}', 'user': '{d.User()}', 'password': '{Secret(d)}', 'port': 5432}}"),
        In("dump-go-struct", d => $"level=debug msg=\"config {{Host:{d.Host()} User:{d.User()} Password:{Secret(d)} Timeout:30s}}\""),
        In("dump-java-to-string", d => $"INFO DataSourceConfig(url=jdbc:postgresql://{d.Host()}/app, username={d.User()}, password={Secret(d)}, poolSize=10)"),
        In("dump-dotnet-record", d => $"dbug: SmtpOptions {{ Host = {d.Host()}, User = {d.User()}, Password = {Secret(d)}, Port = 587 }}"),
        In("dump-ruby-inspect", d => $"Parameters: {{\"utf8\"=>\"✓\", \"user\"=>\"{d.User()}\", \"password\"=>\"{Secret(d)}\", \"commit\"=>\"Log in\"}}"),
        In("dump-logfmt", d => $"ts=2026-05-02T09:10:11Z level=warn msg=\"login failed\" user={d.User()} password={Secret(d)} ip=10.0.4.7"),
        In("dump-php-array", d => $"Array\n(\n    [host] => {d.Host()}\n    [username] => {d.User()}\n    [password] => {Secret(d)}\n)"),
        In("dump-process-list", d => $"{d.User()}  {d.Digits(5)}  0.3  1.2 /usr/bin/app --db-host {d.Host()} --db-password {Secret(d)} --workers 4"),
        In("dump-query-string", d => $"POST /login?user={d.User()}&password={Secret(d)}&next=%2Fhome 302 41ms"),
    ];

    private static TextKind In(string name, Func<Draw, string> write) => new(name, SecretGroup.Wrapped, write);

    private static string Secret(Draw draw) => Mark(draw.HumanPassword("!@#%*?+-_"));
}
