using System.Text;
using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Passwords and keys in configuration files and in source code, beside a name that tells.</summary>
internal static class Settings
{
    public static IEnumerable<TextKind> All => [.. Files, .. Code, .. Tools];

    private static IEnumerable<TextKind> Files =>
    [
        In("settings-yaml", d => $"database:\n  host: {d.Host()}\n  user: {d.User()}\n  password: {Secret(d)}\n  pool: 10"),
        In("settings-yaml-quoted", d => $"smtp:\n  username: {d.User()}\n  password: {d.Of("\"", "'") switch { "'" => $"'{Signs(d)}'", _ => $"\"{Signs(d)}\"" }}"),
        In("settings-json", d => $$"""{ "host": "{{d.Host()}}", "user": "{{d.User()}}", "{{d.Of("password", "passwd", "pwd", "pass", "dbPassword")}}": "{{Signs(d)}}" }"""),
        In("settings-json-secret", d => $$"""{ "clientId": "{{d.Uuid()}}", "{{d.Of("clientSecret", "client_secret", "secret", "apiSecret", "sharedSecret")}}": "{{Mark(d.UrlSafe(d.Number(20, 44)))}}" }"""),
        In("settings-toml", d => $"[database]\nuser = \"{d.User()}\"\npassword = \"{Signs(d)}\"\nmax_connections = 20"),
        In("settings-ini", d => $"[client]\nuser={d.User()}\n{d.Of("password", "passwd", "pass")}={Secret(d)}\nhost={d.Host()}"),
        In("settings-properties", d => $"spring.datasource.url=jdbc:postgresql://{d.Host()}/{d.Database()}\nspring.datasource.username={d.User()}\nspring.datasource.password={Secret(d)}"),
        In("settings-xml-element", d => $"<server>\n  <id>releases</id>\n  <username>{d.User()}</username>\n  <password>{Secret(d)}</password>\n</server>"),
        In("settings-xml-attribute", d => $"<add key=\"{d.Of("SmtpPassword", "ApiSecret", "DbPassword", "ClientSecret")}\" value=\"{Secret(d)}\" />"),
        In("settings-appsettings", d => $$"""
            "Smtp": {
              "Host": "{{d.Host()}}",
              "User": "{{d.User()}}",
              "Password": "{{Signs(d)}}"
            },
            """),
        In("settings-dockerfile", d => $"FROM node:22\nENV {d.Of("DB_PASSWORD", "ADMIN_PASSWORD", "API_SECRET")}={Secret(d)}\nCOPY . ."),
        In("settings-compose", d => $"services:\n  db:\n    image: mysql:8\n    environment:\n      - MYSQL_DATABASE={d.Database()}\n      - {d.Of("MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD")}={Secret(d)}"),
        In("settings-compose-map", d => $"    environment:\n      POSTGRES_USER: {d.User()}\n      POSTGRES_PASSWORD: {Secret(d)}\n      TZ: UTC"),
        In("settings-kubernetes-string-data", d => $"apiVersion: v1\nkind: Secret\nstringData:\n  username: {d.User()}\n  password: {Secret(d)}"),
        In("settings-kubernetes-data", d => $"apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  {d.Of("password", "db-password", "api-key")}: {Mark(Convert.ToBase64String(Encoding.UTF8.GetBytes(d.Password())))}"),
        In("settings-helm-values", d => $"auth:\n  enablePostgresUser: true\n  postgresPassword: {Secret(d)}\n  replicationPassword: \"\""),
        In("settings-terraform", d => $"resource \"aws_db_instance\" \"main\" {{\n  username = \"{d.User()}\"\n  password = \"{Secret(d)}\"\n}}"),
        In("settings-tfvars", d => $"region = \"eu-west-1\"\n{d.Of("db_password", "admin_password", "master_password")} = \"{Signs(d)}\""),
        In("settings-ansible", d => $"{d.Of("ansible_become_pass", "ansible_password", "vault_db_password", "ansible_ssh_pass")}: {Secret(d)}\nansible_user: {d.User()}"),
        In("settings-systemd", d => $"[Service]\nEnvironment=DB_PASSWORD={Secret(d)}\nExecStart=/usr/bin/app"),
        In("settings-aws-credentials", d => $"[default]\naws_access_key_id = AKIA{d.Base32(16)}\naws_secret_access_key = {Mark(d.Base64Text(40))}\nregion = eu-central-1"),
        In("settings-redis-requirepass", d => $"bind 0.0.0.0\n{d.Of("requirepass", "masterauth")} {Secret(d)}\nmaxmemory 2gb"),
        In("settings-s3cfg", d => $"[default]\naccess_key = {d.Upper(20)}\nsecret_key = {Mark(d.Base64Text(40))}\nhost_base = {d.Host()}"),
        In("settings-wifi", d => $"network={{\n  ssid=\"{d.Title()}\"\n  psk=\"{Secret(d)}\"\n}}"),
        In("settings-nuget-clear-text", d => $"<packageSourceCredentials>\n  <feed>\n    <add key=\"Username\" value=\"{d.User()}\" />\n    <add key=\"ClearTextPassword\" value=\"{Secret(d)}\" />"),
        In("settings-npmrc-auth", d => $"registry=https://npm.{d.Host()}/\n//npm.{d.Host()}/:{d.Of("_auth", "_password")}={Mark(Encoded(d))}"),
        In("settings-docker-auth", d => $$"""{"auths": {"registry.{{d.Host()}}": {"auth": "{{Mark(Encoded(d))}}"} } }"""),
        In("settings-gradle-signing", d => $"storeFile=release.jks\n{d.Of("storePassword", "keyPassword")}={Secret(d)}\nkeyAlias=upload"),
        In("settings-ldap", d => $"bindDn: cn={d.User()},dc=acme,dc=net\n{d.Of("bindPassword", "bind_password", "bindCredentials")}: {Secret(d)}"),
        In("settings-grafana", d => $"[security]\nadmin_user = admin\nadmin_password = {Secret(d)}\nsecret_key = {d.Of("${GF_SECRET}", "$__env{GF_SECRET}")}"),
        In("settings-env-trailing-comment", d => $"SMTP_PASSWORD={Secret(d)}   # changed in May\nSMTP_PORT=587"),
        In("settings-toml-inline", d => $"auth = {{ user = \"{d.User()}\", token = \"{Mark(d.UrlSafe(32))}\" }}"),
    ];

    private static IEnumerable<TextKind> Code =>
    [
        In("code-csharp", d => $"private const string {d.Of("Password", "ApiKey", "DbPassword", "ClientSecret")} = \"{Signs(d)}\";"),
        In("code-csharp-initialiser", d => $"var options = new SmtpOptions {{ User = \"{d.User()}\", Password = \"{Signs(d)}\" }};"),
        In("code-csharp-credential", d => $"client.Credentials = new NetworkCredential(\"{d.User()}\", \"{Signs(d)}\");"),
        In("code-python", d => $"{d.Of("password", "DB_PASSWORD", "SECRET_KEY", "api_secret")} = {d.Of("'", "\"") switch { "'" => $"'{Signs(d)}'", _ => $"\"{Signs(d)}\"" }}"),
        In("code-python-argument", d => $"conn = psycopg2.connect(host=\"{d.Host()}\", user=\"{d.User()}\", password=\"{Signs(d)}\")"),
        In("code-python-auth-tuple", d => $"requests.get(url, auth=(\"{d.User()}\", \"{Signs(d)}\"))"),
        In("code-django-secret-key", d => $"DEBUG = False\nSECRET_KEY = '{Mark(d.From("abcdefghijklmnopqrstuvwxyz0123456789!@#%^&*(-_=+)", 50))}'"),
        In("code-javascript", d => $"const pool = new Pool({{ user: '{d.User()}', password: '{Signs(d)}', database: '{d.Database()}' }});"),
        In("code-typescript", d => $"const {d.Of("apiSecret", "authToken", "jwtSecret")}: string = '{Mark(d.UrlSafe(d.Number(24, 40)))}';"),
        In("code-jwt-sign", d => $"const token = jwt.sign(payload, '{Mark(d.HumanPassword())}', {{ expiresIn: '1h' }});"),
        In("code-go", d => $"{d.Of("password := ", "const apiKey = ", "dbPassword := ", "secretKey := ")}\"{Secret(d)}\""),
        In("code-go-struct", d => $"client := redis.NewClient(&redis.Options{{\n\tAddr:     \"{d.Host()}:6379\",\n\tPassword: \"{Secret(d)}\",\n}})"),
        In("code-java", d => $"private static final String {d.Of("PASSWORD", "API_KEY", "SECRET")} = \"{Secret(d)}\";"),
        In("code-java-driver", d => $"DriverManager.getConnection(url, \"{d.User()}\", \"{Secret(d)}\");"),
        In("code-ruby", d => $"{d.Of("password: ", ":password => ", "secret_key: ")}\"{Secret(d)}\", host: \"{d.Host()}\""),
        In("code-php-define", d => $"define('DB_USER', '{d.User()}');\ndefine('DB_PASSWORD', '{Signs(d)}');"),
        In("code-php-salt", d => $"define('{d.Of("AUTH_KEY", "SECURE_AUTH_KEY", "NONCE_SALT", "LOGGED_IN_KEY")}', '{Mark(d.From("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#%^&*()-_ []{}<>~`+=,.;:/?|", 64))}');"),
        In("code-laravel-key", d => $"APP_ENV=production\nAPP_KEY={Mark("base64:" + d.Base64(32))}"),
        In("code-rust", d => $"let {d.Of("password", "api_key", "secret")} = \"{Secret(d)}\";"),
        In("code-kotlin", d => $"val {d.Of("password", "apiKey", "clientSecret")} = \"{Secret(d)}\""),
        In("code-powershell-secure-string", d => $"$cred = ConvertTo-SecureString \"{Secret(d)}\" -AsPlainText -Force"),
        In("code-diff", d => $"-  password: {Secret(d)}\n+  password: ${{DB_PASSWORD}}"),
        In("code-comment", d => $"// {d.Of("old password", "prod pw", "admin password")}: {Mark(d.HumanPassword())}"),
    ];

    private static IEnumerable<TextKind> Tools =>
    [
        In("file-netrc", d => $"machine {d.Host()}\n  login {d.User()}\n  password {Secret(d)}"),
        In("file-netrc-one-line", d => $"machine api.{d.Host()} login {d.User()} password {Secret(d)}"),
        In("file-pgpass", d => $"# ~/.pgpass\n{d.Host()}:5432:{d.Database()}:{d.User()}:{Secret(d)}"),
        In("file-my-cnf", d => $"[mysqldump]\nuser = {d.User()}\npassword = {d.Of($"\"{Secret(d)}\"", Secret(d))}"),
        In("file-msmtp", d => $"account work\nhost smtp.{d.Host()}\nuser {d.User()}\npassword {Secret(d)}"),
        In("file-git-credentials", d => $"# ~/.git-credentials\nhttps://{d.User()}:{Secret(d)}@git.{d.Host()}"),
        In("file-kubeconfig-token", d => $"users:\n- name: ci\n  user:\n    token: {Mark(d.Alphanumeric(d.Number(32, 64)))}"),
        In("file-gh-hosts", d => $"git.{d.Host()}:\n    user: {d.User()}\n    oauth_token: {Mark(d.Hex(40))}"),
    ];

    private static TextKind In(string name, Func<Draw, string> write) => new(name, SecretGroup.Contextual, write);

    private static string Secret(Draw draw) => Mark(draw.Password());

    /// <summary>A password in quotes: it may hold signs that would need quoting.</summary>
    private static string Signs(Draw draw) => Mark(draw.Chance(0.5) ? draw.HumanPassword("!@#%^&*?+=-_.,") : draw.MachinePassword());

    private static string Encoded(Draw draw) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{draw.User()}:{draw.Password()}"));
}
