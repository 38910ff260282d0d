using Cairn.Engine.Policy;
using CsCheck;

namespace Cairn.Engine.Tests.Policy;

/// <summary>Names and values in every syntax: what is found does not depend on how it is written down.</summary>
public sealed class ContextualRuleTests
{
    private const int LongText = 1 << 17;

    private static readonly SecretScanner Scanner = new();

    private static readonly string[] KeyNames =
    [
        "api_key", "apiKey", "API_KEY", "ApiKey", "api-key", "acme.api.key", "DATADOG_API_KEY", "client_secret", "clientSecret", "webhookSecret", "access_token", "accessToken", "AUTH_TOKEN",
        "x-auth-token", "signing_key", "encryptionKey", "SECRET_KEY_BASE", "private_key", "MAPS_ACCESS_KEY", "githubToken", "SECRET_KEY_PROD", "jwt.secret",
    ];

    private static readonly string[] PasswordNames =
    [
        "password", "Password", "db_password", "dbPassword", "DB_PASSWORD", "smtp-password", "spring.datasource.password", "passwd", "admin_pwd", "userPass", "rootpw", "passphrase",
        "PASSWORD_PROD", "contraseña", "kennwort", "db_passwort", "wachtwoord",
    ];

    /// <summary>{0} is the name, {1} the value.</summary>
    private static readonly string[] Syntaxes =
    [
        "{0}={1}\n", "export {0}={1}\n", "{0}: {1}\n", "{0} = {1}\n", "{0}: \"{1}\"", "{0} = \"{1}\"", "{0} = '{1}';", "\"{0}\": \"{1}\",", "'{0}' => '{1}',", "{0} := \"{1}\"", "{0}: `{1}`",
        "{{\\\"{0}\\\":\\\"{1}\\\"}}", "{{\\\\\\\"{0}\\\\\\\": \\\\\\\"{1}\\\\\\\"}}", "--{0} {1} --verbose", "--{0}={1} --verbose", "<{0}>{1}</{0}>", "<add key=\"{0}\" value=\"{1}\"/>", "setenv(\"{0}\", \"{1}\")",
        "- name: {0}\n  value: {1}\n", "let {0}: &str = \"{1}\";", "const {0}: string = '{1}'", "ENV {0} {1}\n", "$env:{0} = \"{1}\"", "config[\"{0}\"] = \"{1}\"", "?state=x&{0}={1}&z=1", "| {0} | {1} |", "${{{0}:-{1}}}",
        "{0}: |\n  {1}\n", "setx {0} \"{1}\"", "{0}=b'{1}'", "{0} = String::from(\"{1}\")", "{0}: process.env.X || \"{1}\"", "&quot;{0}&quot;: &quot;{1}&quot;",
    ];

    private static readonly Gen<string> Keys = Gen.Select(Gen.Int, Gen.Int[0, 4], static (seed, form) =>
        new KeyMaterial(seed) is var keys ? form switch { 0 => keys.Hex(40), 1 => keys.Uuid(), 2 => "a" + keys.Base64Url(40) + "7aZ", 3 => keys.Alphanumeric(40) + "7aZ", _ => keys.LowerAlphanumeric(40) + "7a" } : "");

    private static readonly Gen<string> HumanPasswords = Gen.Select(Gen.Int, OneOf(["Sommer", "hunter", "Tr0ub4dor", "kaffee", "Blue"]), OneOf(["!", "$", "%", "+"]), static (seed, word, sign) =>
        word + new KeyMaterial(seed).Digits(2) + sign + new KeyMaterial(seed).LowerAlphanumeric(4) + "Q");

    [Fact]
    public void Scan_RandomKeyUnderTellingNameInAnySyntax_FindsExactlyIt() =>
        Gen.Select(OneOf(KeyNames), OneOf(Syntaxes), Keys).Sample(static (name, syntax, key) => FindsExactly(syntax, name, key), iter: 3000);

    [Fact]
    public void Scan_HumanPasswordUnderTellingNameInAnySyntax_FindsExactlyIt() =>
        Gen.Select(OneOf(PasswordNames), OneOf(Syntaxes), HumanPasswords).Sample(static (name, syntax, password) => FindsExactly(syntax, name, password), iter: 3000);

    /// <summary>Two words with a sign between them and a number behind, which looks like a member of something until its end.</summary>
    [Fact]
    public void Scan_PhraseOfAPersonUnderTellingName_FindsExactlyIt()
    {
        var word = OneOf(["copper", "Sierra", "kettle", "Canyon", "tulip", "Meadow"]);
        Gen.Select(OneOf([.. PasswordNames, "API_SECRET", "clientSecret"]), OneOf(Syntaxes), word, OneOf([".", "-", "_", "+", "!"]), word, Gen.Int[10, 9999])
            .Where(static drawn => (drawn.Item3 + drawn.Item5).Any(char.IsAsciiLetterUpper))
            .Sample(static (name, syntax, first, sign, second, number) => FindsExactly(syntax, name, first + sign + second + number), iter: 2000);
    }

    [Fact]
    public void Scan_WordsUnderTellingNameInAnySyntax_FindsNothing()
    {
        var word = OneOf(["user", "service", "account", "default", "production", "request", "value", "config", "session", "provider", "name", "required", "storage", "database", "header"]);
        var separator = OneOf(["_", "-", ".", "/"]);
        var words = Gen.Select(word, separator, word, Gen.Int[0, 9], static (first, separator, second, number) => number < 5 ? first + separator + second : first + char.ToUpperInvariant(second[0]) + second[1..]);
        Gen.Select(OneOf([.. KeyNames, .. PasswordNames]), OneOf(Syntaxes), words).Sample(static (name, syntax, value) => Assert.Empty(Scanner.Scan(Write(syntax, name, value))), iter: 3000);
    }

    [Fact]
    public void Scan_RandomValueUnderHarmlessName_FindsNothing() =>
        Gen.Select(OneOf(["commit", "etag", "checksum", "key_id", "public_key", "cache_key", "session_id", "password_hash", "max_tokens", "next_page_token", "content_digest", "secretName"]), OneOf(Syntaxes), Gen.Int)
            .Sample(static (name, syntax, seed) => Assert.Empty(Scanner.Scan(Write(syntax, name, new KeyMaterial(seed).Hex(40)))), iter: 1000);

    public static TheoryData<string> CleanTexts =>
    [
        "const password = req.body.password;",
        "let { password, token } = await readJson(request2);",
        "password: z.string().min(8),",
        "password: Mapped[str] = mapped_column(String(255))",
        "public string Password { get; set; }",
        "\"password\": \"Password must contain 8 characters and 1 number\"",
        "PASSWORD_MIN_LENGTH=12",
        "api_key: str = Field(..., env=\"OPENAI_API_KEY\")",
        "apiKey: import.meta.env.VITE_API_KEY_2,",
        "export API_KEY=$(cat /run/secrets/api_key2)",
        "password=$(openssl rand -base64 32)",
        "secret = secrets.token_urlsafe(32)",
        "SECRET_KEY = config('SECRET_KEY2')",
        "password: [REDACTED:assigned-password]",
        "keyboard: us-intl-2024-layout-v3",
        "authority: login.microsoftonline.example/" + new KeyMaterial(5).Uuid(),
        "secretKeyRef: { name: db-creds-2, key: password }",
        "grant_type=client_credentials&client_secret=CLIENT_SECRET_123",
        "--password-file /run/secrets/pw2.txt",
        "resetPasswordToken: user.resetPasswordToken2,",
        "PasswordAuthentication no\nKbdInteractiveAuthentication yes",
        "\"private_key_path\": \"/home/ci2/.ssh/id_ed25519_2024\"",
        "if token == \"Bearer2024Token\":",
        "passphrase: correct horse battery staple (see xkcd 936)",
        "api_key=\"YOUR-API-KEY-123456\"",
        "apikey: 00000000-0000-0000-0000-000000000000",
        "tokenAddress: 0x" + new KeyMaterial(6).Hex(40),
        "Secret key: press Ctrl+Shift+K2",
        "password = password.encode(\"latin1\")",
        "login with GitHub/OAuth2.0, then npm/cli#v6.0.0",
        "password: options.Encoding.base64",
        "password = settings.dbPassword2024",
        "docker run -e MYSQL_ROOT_PASSWORD=my-secret-pw mysql:8",
        "Password hashing2\nPassword policies v2.1\n",
        "auth: [\"GET\", \"/v1/items/2024\"]",
        "jwt.verify(token, keys.publicKey2024)",
        "mnemonic: the words of the phrase that the wallet shows once",
        "seed: 20260304",
    ];

    [Theory, MemberData(nameof(CleanTexts))]
    public void Scan_CodeAndWordsAboutSecrets_FindsNothing(string text) => Assert.Empty(Scanner.Scan(text));

    [Fact]
    public void Scan_OwnDocumentsAndSource_FindsNothing()
    {
        var root = RepositoryRoot();
        var files = Directory.EnumerateFiles(root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).Where(static file => !IsRuleOrBuilt(file)));
        Assert.All(files, static file => Assert.Empty(Scanner.Scan(File.ReadAllText(file))));
    }

    /// <summary>Beginnings of which each could be followed to the end of the text.</summary>
    public static TheoryData<string> AdversarialUnits =>
    [
        "password=", "password=\"", "password=\\\"", "passwordpassword", "password is ", "password: string = ", "token:", "\"token\":\"", "\\\\\\\"token\\\\\\\":\\\"", "pwd=", "key ", "<password>",
        "\"password\", \"value\": ", "password=((((", "password=&", "Authorization: ", "Bearer ", "Basic YWFh", "cookie session=", "curl -u ", "echo a | sudo -S ", "mysql -p\"", "PGPASSWORD='", "server=;password=",
        "identified by '", "create user a password = '", "machine a login b password ", "otpauth://totp/?secret=", "://a:b", "legal winner thank year wave sausage worth useful seed ", "login a / ", "密码是", "\\", "&quot;",
        "jwt.sign(", "auth=('a', ", "f(g(", "a:b@tcp(", "expect \"password:\" send \"", "> AUTH a ", "password a\n", "MTaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaa.", "....", "seed: legal winner ", "[1m", "rabbitmqctl add_user a ", "jdbc:oracle:thin:a/",
    ];

    [Theory, MemberData(nameof(AdversarialUnits))]
    public void Scan_LongRunOfOneBeginning_StillFindsTheSecretBehindIt(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, LongText / unit.Length)) + "\n";
        var secret = "ghp_" + new KeyMaterial(7).Alphanumeric(36);

        Assert.Contains(Scanner.Scan(text + secret), finding => finding.End == text.Length + secret.Length);
    }

    private static void FindsExactly(string syntax, string name, string value)
    {
        var text = Write(syntax, name, value);
        var finding = Assert.Single(Scanner.Scan(text));
        Assert.Equal(value, text.Substring(finding.Start, finding.Length));
    }

    private static string Write(string syntax, string name, string value) => string.Format(null, syntax, name, value);

    private static bool IsRuleOrBuilt(string file) =>
        file.Contains(Path.Combine("Policy", "Rules"), StringComparison.Ordinal) || file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cairn.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
