namespace Cairn.Engine.Policy;

/// <summary>What the name of a value says about it.</summary>
internal enum NameKind
{
    /// <summary>Nothing, or that it is no secret.</summary>
    None,

    /// <summary>A key of some kind, which may be a secret or may not: "maps_key".</summary>
    PerhapsKey,

    /// <summary>A secret that a machine makes: "api_key", "auth token".</summary>
    Key,

    /// <summary>A secret that a machine or a person makes: "client_secret".</summary>
    Secret,

    /// <summary>A secret that a person may have chosen: "db-password", "passphrase".</summary>
    Password,
}

/// <summary>Reads names in any case (snake, kebab, camel, Pascal, dotted, spaced): their last words say what they name.</summary>
internal static class TellingName
{
    /// <summary>A longer name is looked at from its end.</summary>
    public const int Longest = 64;

    private static readonly string[] Passwords =
    [
        "password", "passwd", "passphrase", "passwort", "kennwort", "passcode", "passwrd", "contrasena", "contraseña", "contrasenya", "motdepasse",
        "mot_de_passe", "wachtwoord", "losenord", "lösenord", "salasana", "hasło", "пароль", "密码", "密碼", "パスワード", "비밀번호",
    ];

    private static readonly string[] ShortPasswords = ["pass", "pwd", "pw", "mdp", "parola", "senha", "haslo", "heslo", "psk", "jelszo"];

    /// <summary>Names glued together whose end alone would also fit other words ("bypass").</summary>
    private static readonly string[] GluedPasswords =
    [
        "dbpass", "userpass", "mypass", "rootpass", "smtppass", "mailpass", "ftppass", "adminpass", "sshpass", "storepass", "keypass", "bindpw", "rootpw",
        "pgpass", "sqlpass", "ldappass", "redispass", "mongopass", "loginpass", "sudopass", "vncpass", "wifipass", "apppass", "userpw", "dbpw", "adminpw", "sqlpwd", "pgpwd", "sapwd", "ftppwd", "apppwd", "dbpwd", "userpwd", "loginpwd", "adminpwd", "mysqlpwd", "rootpwd",
    ];

    private static readonly string[] Secrets = ["secret", "secrets", "secretkey", "secret_key", "secret_key_base", "secret_id", "secret_value"];

    private static readonly string[] Keys =
    [
        "token", "tokens", "apikey", "apikeys", "api_key", "api_keys", "accesskey", "access_key", "access_keys", "privatekey", "private_key", "authkey", "auth_key",
        "signing_key", "signingkey", "sign_key", "encryption_key", "encryptionkey", "enc_key", "decryption_key", "cipher_key", "crypto_key", "master_key", "masterkey",
        "account_key", "accountkey", "shared_access_key", "sharedaccesskey", "shared_key", "client_key", "app_key", "appkey", "application_key", "admin_key", "adminkey",
        "service_key", "service_role_key", "server_key", "storage_key", "session_key", "jwt_key", "hmac_key", "aes_key", "des_key", "license_key", "licence_key",
        "subscription_key", "consumer_key", "write_key", "integration_key", "deploy_key", "webhook_key", "instrumentation_key", "ingest_key", "ingestion_key",
        "logged_in_key", "nonce_key", "function_key", "functions_key", "host_key_secret", "ssh_key", "wallet_key", "validator_key", "recovery_key", "root_key",
        "auth_salt", "logged_in_salt", "nonce_salt", "hash_salt", "app_salt", "session_salt", "security_salt", "api_code", "authorization", "bearer",
    ];

    private static readonly string[] ShortKeys = ["auth", "creds", "otp_seed", "totp_seed", "pat"];

    /// <summary>Words that say where or how a secret is used; what it is stands in front of them.</summary>
    private static readonly string[] Trailers =
    [
        "prod", "production", "prd", "dev", "development", "staging", "stage", "stg", "live", "sandbox", "value", "val", "str", "string", "text", "plain", "plaintext",
        "raw", "b64", "base64", "hex", "new", "old", "current", "default", "primary", "secondary", "main", "backup", "confirm", "confirmation", "again", "env", "v",
    ];

    /// <summary>What stands in front of "key" when it is no secret.</summary>
    private static readonly string[] HarmlessKeys =
    [
        "public", "pub", "publishable", "primary", "foreign", "sort", "partition", "cache", "idempotency", "dedup", "deduplication", "group", "row", "hash", "map", "object",
        "s3", "lookup", "registry", "index", "translation", "i18n", "event", "message", "config", "json", "dict", "unique", "natural", "composite", "surrogate", "query",
        "react", "host", "anon", "site", "verification", "verify", "verifying", "issue", "jira", "project", "range", "shard", "routing", "redis", "item", "storage", "bucket",
        "file", "artifact", "restore", "node", "hot", "arrow", "enter", "escape", "shift", "trigger", "answer", "join", "order", "state", "id", "resource", "feature", "flag", "the", "this", "that", "a", "an", "my", "our", "your", "its", "each", "every", "no", "which",
    ];

    /// <summary>What stands in front of "token" when it is none that opens a door.</summary>
    private static readonly string[] HarmlessTokens =
    [
        "page", "next", "prev", "previous", "continuation", "pagination", "cancellation", "cancel", "sync", "resume", "cursor", "start", "end", "eos", "bos", "pad", "unk",
        "mask", "special", "stop", "max", "min", "num", "total", "input", "output", "prompt", "completion", "unexpected", "design", "public_key", "publickey", "concurrency",
    ];

    /// <summary>What stands in front of "password" when the value is a switch, a message, or a hash.</summary>
    private static readonly string[] HarmlessPasswords =
    [
        "has", "is", "show", "hide", "forgot", "forgotten", "require", "requires", "required", "needs", "allow", "invalid", "wrong", "missing", "toggle", "validate", "check",
        "hash", "hashed", "encrypted", "digest", "bad", "incorrect", "no",
    ];

    /// <summary>All endings by their last character, those that say most first.</summary>
    private static readonly Dictionary<char, Ending[]> Endings = new[]
    {
        Of(Passwords, NameKind.Password), Of(ShortPasswords, NameKind.Password, isWord: true), Of(GluedPasswords, NameKind.Password), Of(Secrets, NameKind.Secret), Of(Keys, NameKind.Key),
        Of(ShortKeys, NameKind.Key, isWord: true), Of(["key"], NameKind.PerhapsKey, isWord: true),
    }.SelectMany(static endings => endings).GroupBy(static ending => ending.Text[^1]).ToDictionary(static group => group.Key, static group => group.ToArray());

    private readonly record struct Ending(string Text, NameKind Kind, bool IsWord);

    /// <summary>What a value with this name is. The name is an identifier, or words with one space between them.</summary>
    public static NameKind KindOf(ReadOnlySpan<char> name)
    {
        Span<char> buffer = stackalloc char[2 * Longest];
        if (name.Length > Longest) name = name[^Longest..];
        var snake = WithoutTrailers(buffer[..ToSnakeCase(name, buffer)]);
        if (snake.IsEmpty || snake.StartsWith("x_amz_")) return NameKind.None;

        if (!Endings.TryGetValue(snake[^1], out var endings)) return NameKind.None;
        foreach (var ending in endings)
        {
            if (!snake.EndsWith(ending.Text)) continue;
            var front = snake[..^ending.Text.Length];
            if (ending.IsWord && front is [.., not '_']) continue;
            front = front.TrimEnd('_');
            return IsHarmless(ending, front, name) ? NameKind.None : ending.Kind;
        }
        return NameKind.None;
    }

    private static IEnumerable<Ending> Of(string[] endings, NameKind kind, bool isWord = false) => endings.Select(text => new Ending(text, kind, isWord));

    private static bool IsHarmless(Ending ending, ReadOnlySpan<char> front, ReadOnlySpan<char> name) => ending.Kind switch
    {
        NameKind.Password => EndsInWord(front, HarmlessPasswords, out _),
        NameKind.Key => ending.Text is "token" or "tokens" && EndsInWord(front, HarmlessTokens, out _),
        // "the key", "lookup key" and "key" alone may be any key; in front of the vendor's a name stands ("Stripe key").
        NameKind.PerhapsKey => front.IsEmpty || (name.Contains(' ') && !char.IsAsciiLetterUpper(name[0])) || EndsInWord(front, HarmlessKeys, out _),
        _ => false,
    };

    private static ReadOnlySpan<char> WithoutTrailers(ReadOnlySpan<char> snake)
    {
        while (true)
        {
            var trimmed = snake.TrimEnd("0123456789_");
            if (EndsInWord(trimmed, Trailers, out var front) && !front.IsEmpty) trimmed = front;
            if (trimmed.Length == snake.Length) return snake;
            snake = trimmed;
        }
    }

    /// <summary>Whether the name ends in one of these as a whole word.</summary>
    private static bool EndsInWord(ReadOnlySpan<char> snake, ReadOnlySpan<string> endings, out ReadOnlySpan<char> front)
    {
        foreach (var ending in endings)
        {
            if (!snake.EndsWith(ending) || (snake.Length > ending.Length && snake[^(ending.Length + 1)] != '_')) continue;
            front = snake[..^ending.Length].TrimEnd('_');
            return true;
        }
        front = default;
        return false;
    }

    /// <summary>"APIKey", "api-key", "Api Key" and "api.key" all become "api_key". Returns the length.</summary>
    private static int ToSnakeCase(ReadOnlySpan<char> name, Span<char> snake)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (!char.IsLetterOrDigit(c))
            {
                if (length > 0 && snake[length - 1] != '_') snake[length++] = '_';
                continue;
            }
            if (char.IsAsciiLetterUpper(c) && i > 0 && StartsWord(name, i) && length > 0 && snake[length - 1] != '_') snake[length++] = '_';
            snake[length++] = char.ToLowerInvariant(c);
        }
        return length;
    }

    private static bool StartsWord(ReadOnlySpan<char> name, int i) =>
        char.IsAsciiLetterLower(name[i - 1])
        || char.IsAsciiDigit(name[i - 1])
        || (char.IsAsciiLetterUpper(name[i - 1]) && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]));
}
