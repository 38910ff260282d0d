using System.Text;
using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Secrets on command lines, in HTTP headers, in SQL, and those that only a person would type.</summary>
internal static class Commands
{
    public static IEnumerable<TextKind> All => [.. Shell, .. Headers, .. Sql, .. OneTime];

    private static IEnumerable<TextKind> Shell =>
    [
        In("shell-curl-user", d => $"curl {d.Of("-u", "--user", "-sSf -u")} {d.User()}:{Secret(d)} https://{d.Host()}/api/jobs"),
        In("shell-curl-user-quoted", d => $"curl -X POST -u '{d.User()}:{Secret(d)}' https://{d.Host()}/api"),
        In("shell-curl-form", d => $"curl -d \"grant_type=password&username={d.User()}&password={Secret(d)}\" https://{d.Host()}/oauth/token"),
        In("shell-curl-json", d => $"curl -H 'Content-Type: application/json' -d '{{\"email\":\"{d.User()}@acme.net\",\"password\":\"{Secret(d)}\"}}' https://{d.Host()}/login"),
        In("shell-wget", d => $"wget --user={d.User()} --password={d.Of($"'{Secret(d)}'", Secret(d))} https://{d.Host()}/dump.gz"),
        In("shell-mysql-attached", d => $"mysql -h {d.Host()} -u {d.User()} -p{Secret(d)} {d.Database()} < dump.sql"),
        In("shell-mysql-long", d => $"mysqldump --user={d.User()} --password={Secret(d)} {d.Database()} > out.sql"),
        In("shell-pgpassword", d => $"PGPASSWORD={d.Of($"'{Secret(d)}'", Secret(d))} psql -h {d.Host()} -U {d.User()} {d.Database()}"),
        In("shell-mongo", d => $"{d.Of("mongosh", "mongodump")} --host {d.Host()} -u {d.User()} {d.Of("-p", "--password")} {Secret(d)}"),
        In("shell-redis", d => $"redis-cli -h {d.Host()} -a {Secret(d)} INFO"),
        In("shell-redis-auth", d => $"127.0.0.1:6379> AUTH {d.Of("", "default ")}{Secret(d)}\nOK"),
        In("shell-sqlcmd", d => $"sqlcmd -S {d.Host()} -U {d.Of("sa", d.User())} -P {d.Of($"'{Secret(d)}'", Secret(d))} -Q \"select 1\""),
        In("shell-sqlplus", d => $"sqlplus {d.User()}/{Secret(d)}@{d.Host()}:1521/ORCL"),
        In("shell-ldapsearch", d => $"ldapsearch -x -H ldap://{d.Host()} -D \"cn=admin,dc=acme\" -w {d.Of($"'{Secret(d)}'", Secret(d))} -b dc=acme"),
        In("shell-docker-login", d => $"docker login -u {d.User()} {d.Of("-p", "--password")} {Secret(d)} registry.{d.Host()}"),
        In("shell-helm-login", d => $"helm registry login registry.{d.Host()} --username {d.User()} --password {Secret(d)}"),
        In("shell-sshpass", d => $"sshpass -p {d.Of($"'{Secret(d)}'", $"\"{Secret(d)}\"", Secret(d))} ssh {d.User()}@{d.Host()}"),
        In("shell-az-login", d => $"az login --service-principal -u {d.Uuid()} -p {Secret(d)} --tenant {d.Uuid()}"),
        In("shell-openssl", d => $"openssl pkcs12 -in cert.pfx -passin pass:{Secret(d)} -out cert.pem"),
        In("shell-smbclient", d => $"smbclient //{d.Host()}/share -U {d.User()}%{Secret(d)}"),
        In("shell-mount-cifs", d => $"mount -t cifs //{d.Host()}/data /mnt -o username={d.User()},password={Secret(d)}"),
        In("shell-net-use", d => $"net use Z: \\\\{d.Word()}\\share /user:ACME\\{d.User()} {Secret(d)}"),
        In("shell-rdp", d => $"xfreerdp /v:{d.Host()} /u:{d.User()} /p:{Secret(d)}"),
        In("shell-keytool", d => $"keytool -list -keystore app.jks {d.Of("-storepass", "-keypass")} {Secret(d)}"),
        In("shell-archive", d => d.Of($"7z x backup.7z -p{Secret(d)}", $"unzip -P {Secret(d)} backup.zip", $"zip -P {Secret(d)} out.zip dump.sql")),
        In("shell-gpg", d => $"gpg --batch --passphrase {d.Of($"'{Secret(d)}'", Secret(d))} -d dump.gpg"),
        In("shell-chpasswd", d => $"echo \"{d.User()}:{Secret(d)}\" | {d.Of("chpasswd", "sudo chpasswd")}"),
        In("shell-sudo-stdin", d => $"echo {d.Of($"'{Secret(d)}'", Secret(d))} | sudo -S systemctl restart nginx"),
        In("shell-htpasswd", d => $"htpasswd -cb .htpasswd {d.User()} {Secret(d)}"),
        In("shell-lftp", d => $"lftp -u {d.User()},{Secret(d)} sftp://{d.Host()}"),
        In("shell-mosquitto", d => $"mosquitto_pub -h {d.Host()} -u {d.User()} -P {Secret(d)} -t test -m hi"),
        In("shell-kubectl-secret", d => $"kubectl create secret generic db --from-literal=password={Secret(d)}"),
        In("shell-aws-configure", d => $"aws configure set aws_secret_access_key {Mark(d.Base64Text(40))}"),
        In("shell-vault-put", d => $"vault kv put secret/db username={d.User()} password={Secret(d)}"),
        In("shell-token-flag", d => $"{d.Of("deployctl", "npm publish", "helm push", "codecov", "cargo publish")} {d.Of("--token", "--api-key", "--auth-token")}{d.Of(" ", "=")}{Mark(d.UrlSafe(d.Number(24, 40)))}"),
        In("shell-password-flag", d => $"./{d.Of("migrate", "sync", "import.sh")} --host {d.Host()} --user {d.User()} --password{d.Of(" ", "=")}{Secret(d)}"),
        In("shell-nmcli", d => $"nmcli dev wifi connect {d.Title()} password {Secret(d)}"),
        In("shell-expect", d => $"expect \"*assword:\"\nsend \"{Secret(d)}\\r\""),
        In("shell-borg", d => $"BORG_PASSPHRASE='{Secret(d)}' borg create ::nightly /srv"),
    ];

    private static IEnumerable<TextKind> Headers =>
    [
        In("header-basic", d => $"Authorization: Basic {Mark(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{d.User()}:{d.Password()}")))}\nHost: {d.Host()}"),
        In("header-bearer", d => $"> GET /v1/me HTTP/1.1\n> {d.Of("Authorization", "authorization")}: Bearer {Mark(d.UrlSafe(d.Number(32, 64)))}"),
        In("header-token", d => $"curl -H \"Authorization: {d.Of("Token", "token", "ApiKey", "GenieKey")} {Mark(d.Of(d.Hex(40), d.Alphanumeric(36)))}\" https://{d.Host()}/api/"),
        In("header-api-key", d => $"{d.Of("X-API-Key", "x-api-key", "api-key", "Ocp-Apim-Subscription-Key", "DD-API-KEY")}: {Mark(d.Of(d.Hex(32), d.Alphanumeric(40)))}"),
        In("header-private-token", d => $"curl --header \"PRIVATE-TOKEN: {Mark(d.UrlSafe(20))}\" https://gitlab.{d.Host()}/api/v4/projects"),
        In("header-auth-token", d => $"{d.Of("X-Auth-Token", "X-Vault-Token", "X-Shopify-Access-Token", "X-Figma-Token", "X-Postmark-Server-Token")}: {Mark(d.Of(d.Uuid(), d.Alphanumeric(32)))}"),
        In("header-splunk", d => $"curl https://{d.Host()}:8088/services/collector -H 'Authorization: Splunk {Mark(d.Uuid())}'"),
        In("header-okta", d => $"Authorization: SSWS {Mark("00" + d.UrlSafe(40))}"),
        In("header-cookie", d => $"Cookie: theme=dark; {d.Of("sessionid", "session", "connect.sid", "PHPSESSID", "JSESSIONID")}={Mark(d.Alphanumeric(d.Number(26, 48)))}; lang=en"),
        In("header-set-cookie", d => $"Set-Cookie: {d.Of("auth_token", "session_token", "remember_token", "access_token")}={Mark(d.UrlSafe(d.Number(30, 60)))}; Path=/; HttpOnly; Secure"),
        In("header-proxy-basic", d => $"Proxy-Authorization: Basic {Mark(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{d.User()}:{d.Password()}")))}"),
        In("header-in-code", d => $"headers = {{'Authorization': 'Bearer {Mark(d.UrlSafe(d.Number(32, 60)))}'}}"),
    ];

    private static IEnumerable<TextKind> Sql =>
    [
        In("sql-identified-by", d => $"CREATE USER '{d.User()}'@'%' IDENTIFIED BY '{Signs(d)}';"),
        In("sql-identified-with", d => $"ALTER USER 'root'@'localhost' IDENTIFIED WITH mysql_native_password BY '{Signs(d)}';"),
        In("sql-create-user", d => $"CREATE {d.Of("USER", "ROLE")} {d.Word()} {d.Of("WITH LOGIN PASSWORD", "WITH PASSWORD", "WITH ENCRYPTED PASSWORD", "LOGIN PASSWORD")} '{Signs(d)}';"),
        In("sql-alter-role", d => $"postgres=# ALTER ROLE {d.Word()} PASSWORD '{Signs(d)}';\nALTER ROLE"),
        In("sql-create-login", d => $"CREATE LOGIN {d.Word()} WITH PASSWORD = N'{Signs(d)}', CHECK_POLICY = OFF;"),
        In("sql-set-password", d => $"SET PASSWORD FOR '{d.User()}'@'localhost' = {d.Of($"PASSWORD('{Signs(d)}')", $"'{Signs(d)}'")};"),
        In("sql-user-mapping", d => $"CREATE USER MAPPING FOR app SERVER remote OPTIONS (user '{d.User()}', password '{Signs(d)}');"),
        In("sql-oracle-identified", d => $"GRANT CONNECT TO {d.Word()} IDENTIFIED BY {Mark(d.Title() + d.Digits(3) + "_" + d.Alphanumeric(4))};"),
    ];

    private static IEnumerable<TextKind> OneTime =>
    [
        In("otp-uri", d => $"otpauth://totp/{d.Title()}:{d.User()}@acme.net?secret={Mark(d.Base32(d.Of("s", "l") == "s" ? 16 : 32))}&issuer={d.Title()}&digits=6"),
        In("otp-secret", d => $"{d.Of("TOTP_SECRET=", "totp secret: ", "MFA secret key: ", "2fa_secret: ")}{Mark(d.Base32(32))}"),
        In("seed-phrase-12", d => $"{d.Of("seed phrase", "Recovery phrase", "mnemonic", "MNEMONIC")}{d.Of(": ", "=\"")}{Mark(SeedPhrase(d, 12))}{d.Of("\"", "\n")}"),
        In("seed-phrase-24", d => $"wallet seed words:\n{Mark(SeedPhrase(d, 24))}"),
    ];

    // Words of the BIP-39 English list; the phrases' checksums are not made to fit.
    private const string SeedWords =
        "abandon ability absent absorb abstract accident acoustic adjust advice aerobic afford agree album alcohol alert " +
        "almost alpha amateur amazing anchor ancient animal answer antenna apart apple arctic arena armor artist asset " +
        "atom auction august avocado bachelor balance bamboo banana basket battle beach beauty before begin behave " +
        "bicycle blanket blossom board bone bonus border bottom brave breeze bridge bronze bubble budget buffalo cabbage " +
        "cactus camera canvas canyon carbon castle casual cereal cherry circle citizen clever climb clock cloud coconut " +
        "copper coral cradle crystal curtain damage dance daughter debate december defense denial desert diagram dinosaur " +
        "dolphin donkey dragon eagle echo elbow elephant energy engine exhaust fabric falcon fatigue festival fiction " +
        "gadget galaxy garlic gentle giraffe glory goddess gorilla guitar hammer harvest hockey hybrid icon idle imitate " +
        "infant island ivory jacket jungle kangaroo kitchen ladder lemon liberty lizard magnet mango marble mystery " +
        "napkin nephew noodle october olympic orchard ostrich oyster panther parade peanut phrase pigeon puzzle quantum " +
        "rabbit raccoon rocket saddle salmon scorpion shadow siren spider squirrel sunset tornado tribe tuition umbrella " +
        "uncover vacuum velvet venture vintage walnut weasel whisper wisdom yellow zebra zero";

    private static string SeedPhrase(Draw draw, int words)
    {
        var list = SeedWords.Split(' ');
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => draw.Of(list)));
    }

    private static TextKind In(string name, Func<Draw, string> write) => new(name, SecretGroup.Contextual, write);

    private static string Secret(Draw draw) => Mark(draw.Password());

    private static string Signs(Draw draw) => Mark(draw.Chance(0.6) ? draw.HumanPassword("!@#%^&*?+=-_.,") : draw.MachinePassword());
}
