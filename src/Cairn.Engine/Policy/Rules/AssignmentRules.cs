namespace Cairn.Engine.Policy.Rules;

/// <summary>Values beside names that say secret, in configuration, code, flags, headers and addresses of any syntax.</summary>
internal static class AssignmentRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "assigned-password",
            Description = "Password beside its name",
            Tier = SecretTier.Contextual,
            Keywords = AssignmentParser.NameWords,
            Grammar = "password name, separator, real password",
            Parse = static text => Find(text, static assigned => assigned.Kind is NameKind.Password, IsPassword),
            Examples = PasswordExamples,
            CounterExamples = PasswordCounterExamples,
        },
        new ParserRule
        {
            Id = "assigned-secret",
            Description = "Key, token or secret beside its name",
            Tier = SecretTier.Contextual,
            Keywords = AssignmentParser.NameWords,
            Grammar = "secret or key name, separator, random value",
            Parse = static text => Find(text, static assigned => assigned.Kind is not NameKind.Password, IsKey),
            Examples = KeyExamples,
            CounterExamples = KeyCounterExamples,
        },
    ];

    private static IEnumerable<TextValue> Find(string text, Func<AssignedValue, bool> isMine, Func<string, AssignedValue, bool> isReal)
    {
        var behind = 0;
        foreach (var assigned in AssignmentParser.Find(text))
        {
            if (assigned.Value.Start < behind || !isMine(assigned) || !isReal(text, assigned)) continue;
            var value = assigned.Value.Whole(text);
            behind = value.End;
            yield return value;
        }
    }

    private static bool IsPassword(string text, AssignedValue assigned) =>
        RealValue.IsPassword(assigned.Value.Of(text), assigned.Value.IsQuoted, assigned.EndsStatement);

    private static bool IsKey(string text, AssignedValue assigned) =>
        RealValue.IsKey(assigned.Value.Of(text), assigned.Kind, assigned.IsConstant)
        // What stands bare in a statement and has no digit is a name.
        && (assigned.Value.IsQuoted || !assigned.EndsStatement || assigned.Value.Of(text).ContainsAnyInRange('0', '9'));

    private static IReadOnlyList<SecretExample> PasswordExamples(KeyMaterial keys) =>
    [
        new("DB_PASSWORD=", "Sommer" + "2024", "\n"),
        new("export SMTP_PASSWORD='", Human(keys), "'"),
        new("password: ", "hunter2" + "horse!", "\n"),
        new("password = \"", "correcthorse" + "batterystaple", "\""),
        new("{\"user\": \"app\", \"password\": \"", Human(keys), "\"}"),
        new("{\\\"dbPassword\\\":\\\"", Human(keys), "\\\"}"),
        new("'passwd' => '", Human(keys), "',"),
        new("<password>", Human(keys), "</password>"),
        new("<add key=\"SmtpPassword\" value=\"", Human(keys), "\" />"),
        new("- name: POSTGRES_PASSWORD\n  value: \"", Human(keys), "\""),
        new("\"name\": \"REDIS_PASSWORD\", \"value\": \"", Human(keys), "\""),
        new("var adminPwd = \"", Human(keys), "\";"),
        new("spring.datasource.password=", Human(keys), "\n"),
        new("tool login --password ", Human(keys), "\n"),
        new("tool login --password=", Human(keys), "\n"),
        new("os.environ.setdefault(\"DB_PASSWORD\", \"", Human(keys), "\")"),
        new("let password: &str = \"", Human(keys), "\";"),
        new("ENV ADMIN_PASSWORD ", Human(keys), "\n"),
        new("setx APP_PASSWORD \"", Human(keys), "\""),
        new("$env:APP_PASSWORD = \"", Human(keys), "\""),
        new("password: ${DB_PASSWORD:-", Human(keys), "}"),
        new("**Password:** `", Human(keys), "`"),
        new("| Password | ", Human(keys), " |"),
        new("passphrase: |\n  ", Human(keys), "\n"),
        new("Passwort: ", Human(keys), "\n"),
        new("contraseña: ", Human(keys), "\n"),
        new("mot de passe : ", Human(keys), "\n"),
        new("senha = ", Human(keys), "\n"),
        new("пароль: ", Human(keys), "\n"),
        new("密码：", Human(keys), "\n"),
        new("パスワード: ", Human(keys), "\n"),
        new("비밀번호: ", Human(keys), "\n"),
        new("db_pass=", keys.Alphanumeric(16) + "7", "\n"),
    ];

    private static IReadOnlyList<string> PasswordCounterExamples(KeyMaterial keys) =>
    [
        "POSTGRES_PASSWORD=postgres\n",
        "password=password\n",
        "pwd=$(pwd)\n",
        "PASSWORD=changeme\n",
        "PWD=/home/app2/src\n",
        "password: \"Password123!\"",
        "password: 'P@ssw0rd'",
        "string password = GetPassword();",
        "password = request.form2.password\n",
        "if (password == null) return;",
        "passwordField.text = \"Sign in 2\";",
        "\"password\": \"string\"",
        "<input type=\"password\" name=\"pwd\">",
        "password: 'Das Passwort'",
        "\"password\": \"Enter your password, at least 8 characters!\"",
        "password: true,",
        "password_hash = \"" + keys.Alphanumeric(24) + "\"",
        "password: \"$2b$12$" + keys.Alphanumeric(53) + "\"",
        "passwordFile: /run/secrets/db_password_2\n",
        "password: ${{ secrets.DB_PASSWORD_2 }}\n",
        "password: {{ vault_db_password_2 }}\n",
        "password: process.env.DB_PASSWORD2,",
        "password = os.environ[\"DB_PASSWORD_2\"]",
        "password = var.db_password_2\n",
        "password: \"<your-password-1>\"",
        "password: me2@acme.example\n",
        "password_updated_at: 2026-01-01T10:00:00Z\n",
        "password: string | null;",
        "min_password_length = 12\n",
        "const password2 = password1;",
        "ADD COLUMN password varchar2(255);",
        "password: op://vault2/item/password\n",
    ];

    private static IReadOnlyList<SecretExample> KeyExamples(KeyMaterial keys) =>
    [
        new("DATADOG_API_KEY=", keys.Hex(32), "\n"),
        new("heroku_api_key=", keys.Uuid(), "\n"),
        new("TWILIO_AUTH_TOKEN: '", keys.Hex(32), "'"),
        new("ALGOLIA_ADMIN_KEY=\"", keys.Hex(32), "\""),
        new("const apiKey = \"", keys.Alphanumeric(32), "\";"),
        new("\"client_secret\": \"", RandomKey(keys), "\","),
        new("{\\\"accessToken\\\": \\\"", RandomKey(keys), "\\\"}"),
        new("secret_key_base: ", keys.Hex(128), "\n"),
        new("RAILS_MASTER_KEY=", keys.Hex(32), "\n"),
        new("config/master.key: ", keys.Hex(32), "\n"),
        new("ServiceAccessKey=", keys.Base64(43) + "=", "\n"),
        new("X-Api-Key: ", keys.Alphanumeric(40), "\n"),
        new("-H \"PRIVATE-TOKEN: ", RandomKey(keys), "\""),
        new("GET /v1/me?access_token=", RandomKey(keys), "&v=2"),
        new("?api_key=", keys.Hex(40), "#top"),
        new("define('AUTH_KEY', '", RandomKey(keys), "');"),
        new("setenv(\"SESSION_SECRET\", \"", RandomKey(keys), "\", 1)"),
        new("API key: ", keys.Alphanumeric(32), "\n"),
        new("resource \"x\" { auth_token = \"", keys.Alphanumeric(40), "\" }"),
        new("ETH_PRIVATE_KEY=", "0x" + keys.Hex(64), "\n"),
        new("<key>ApiToken</key>\n  <string>", keys.Alphanumeric(40), "</string>"),
        new("SECRET_KEY = os.environ.get(\"SECRET_KEY\", \"", "dev-" + keys.Hex(48), "\")"),
        new("token: process.env.TOKEN || '", keys.Alphanumeric(32), "'"),
    ];

    private static IReadOnlyList<string> KeyCounterExamples(KeyMaterial keys) =>
    [
        "token: Token",
        "key: value",
        "tokens: 4096\n",
        "const TOKEN_LENGTH = 32;",
        "secretName: my-secret-2\n",
        "secret: web-tls-2024-prod\n",
        "api_key: your_api_key_here_1234567890\n",
        "API_KEY=" + new string('x', 32),
        "API_KEY=1234567890abcdef1234567890abcdef\n",
        "api_key = get_secret(\"billing-api-key-2\")",
        "api_key = \"${API_KEY_2026_PRODUCTION}\"",
        "token: ${{ secrets.GITHUB_TOKEN }}",
        "public_key: " + keys.Base64(43) + "=\n",
        "PublicKeyToken=" + keys.Hex(16),
        "cache_key: " + keys.Hex(40) + "\n",
        "key_id: " + keys.Uuid() + "\n",
        "next_page_token: " + keys.Base64(40) + "\n",
        "token_type: Bearer\n",
        "primary_key: user_account_2026_identifier\n",
        "secret: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-A1b2C3\n",
        "secret_name=projects/acme-prod-42/secrets/db-token/versions/3\n",
        "The token is stored in the keychain, and the key: it rotates.",
        "accessToken: this.tokens.accessToken2026,",
        "token = await client.GetTokenAsync(scope, cancellationToken2);",
        "key={item.id2026 ?? item.name2026}",
        $"[![codecov](https://codecov.example/graph/badge.svg?token={keys.Alphanumeric(10)})](https://codecov.example)",
        "botToken: \"123456:" + "ABC-DEF1234ghIkl-zyx57W2v1u123ew11\"",
        "monkey: " + keys.Alphanumeric(32) + "\n",
    ];

    /// <summary>As people make them up: a word, a number and a sign, in random order.</summary>
    private static string Human(KeyMaterial keys) => "Winter" + keys.Digits(2) + "$" + keys.LowerAlphanumeric(4) + "Q";

    /// <summary>41 characters of base64url.</summary>
    internal static string RandomKey(KeyMaterial keys) => RandomKey(() => "a" + keys.Base64Url(39) + "7");

    /// <summary>Draws until it is a key: one in thousands is not, which dashes cut into scraps of words, or which has no digit.</summary>
    internal static string RandomKey(Func<string> draw)
    {
        string key;
        do key = draw();
        while (!RealValue.IsKey(key, NameKind.Key, false));
        return key;
    }
}
