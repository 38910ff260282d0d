namespace Cairn.Engine.Policy.Rules;

/// <summary>Passwords in files that hold nothing else, by the form of their lines.</summary>
internal static class CredentialFileRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "netrc-password",
            Description = "Password in a .netrc entry",
            Keywords = ["machine", "login"],
            Pattern = @"(?:machine\s+[^\s]+|default)\s+login\s+[^\s]+\s+(?:account\s+[^\s]+\s+)?password\s+(?<secret>[!-~]+)",
            Validate = static candidate => IsReal(candidate.Value.TrimEnd("\"'`)\\,.;&")),
            Examples = keys =>
            [
                new("machine api.acme.internal login ci password ", "winterzeit", "\n"),
                new("machine api.acme.internal\n  login ci\n  password ", keys.Alphanumeric(20), "\n"),
                new("default login anonymous password ", "x" + keys.Alphanumeric(9), "\n"),
            ],
            CounterExamples = _ => ["machine api.acme.internal login ci password <token>", "machine api.acme.internal login ci password $CI_TOKEN\n", "the machine login password is asked for"],
        },
        new PatternRule
        {
            Id = "pgpass-password",
            Description = "Password in a .pgpass line",
            Keywords = [":5432:", ":5433:", ":6432:", ":6543:", ":*:"],
            Pattern = @"[A-Za-z0-9_.*-]+:(?:5432|5433|6432|6543|\*):[A-Za-z0-9_*-]+:[A-Za-z0-9_.*-]+:(?<secret>[!#-&(-\[\]-_a-~]{4,})",
            Validate = static candidate => IsReal(candidate.Value),
            Examples = keys => [new("db.acme.internal:5432:orders:app:", "winterzeit", "\n"), new("*:*:*:app:", keys.Alphanumeric(16), "\n")],
            CounterExamples = _ => ["db.acme.internal:5432:orders:app:<password>\n", "localhost:5432:orders:postgres:postgres\n", "hostname:*:database:username:password\n"],
        },
        new PatternRule
        {
            Id = "redis-password",
            Description = "Password in Redis' configuration",
            Keywords = ["requirepass", "masterauth"],
            Pattern = @"(?i:requirepass|masterauth)[ \t=:""']+(?<secret>[!#-&(-_a-~]+)",
            Validate = static candidate => IsReal(candidate.Value.TrimEnd(".,;)")) && !IsSentence(candidate),
            Examples = keys => [new("requirepass ", "Winter" + keys.Digits(3), "\n"), new("masterauth \"", keys.Alphanumeric(20), "\""), new("redis-server --requirepass ", keys.Alphanumeric(12), " --port 6380")],
            CounterExamples = _ => ["# requirepass foobared\n", "requirepass $REDIS_PASSWORD\n", "requirepass is not set", "requirepass and masterauth must be the same", "requirepass ${REDIS_PASSWORD}\n"],
        },
        new PatternRule
        {
            Id = "redis-prompt-password",
            Description = "Password that a client gives to Redis, at its prompt or as one of its commands",
            Keywords = ["auth ", "setuser "],
            Pattern = @"(?:^|[\n>])[ \t]*(?:AUTH[ ]+(?:[A-Za-z0-9_.-]+[ ]+)?[""']?(?<secret>[!#-&(-_a-~]+)|(?i:acl[ ]+setuser)[ ][^\n>]*>(?<secret>[!#-&(-_a-~]+))",
            Validate = static candidate => RealValue.IsPassword(candidate.Value.TrimEnd(".,;)"), isQuoted: true),
            Examples = keys =>
            [
                new("127.0.0.1:6379> AUTH ", "Winter" + keys.Digits(3) + "$", "\nOK"),
                new("redis> AUTH default ", "x7" + keys.Alphanumeric(18), "\n"),
                new("127.0.0.1:6379> ACL SETUSER app on >", "Winter" + keys.Digits(3) + "$", " ~* +@all"),
            ],
            CounterExamples = _ => ["127.0.0.1:6379> AUTH <password>\n", "127.0.0.1:6379> AUTH $REDIS_PASSWORD\n", "(error) NOAUTH Authentication required.", "> AUTH is not needed here", "> ACL SETUSER app on nopass ~* +@all"],
        },
        new PatternRule
        {
            Id = "expect-password",
            Description = "Password that a script types where one is asked for",
            Keywords = ["assword", "assphrase"],
            Pattern = @"(?:assword|assphrase)[^""'\n{}]{0,40}(?:[""'}][ \t)]*;?[ \t]*(?:\{[ \t]*)?\n?[ \t]*|[ \t]*\n[ \t]*)(?:[A-Za-z_]+\.)?(?:exp_)?[sS]end(?:[lL]ine)?(?:[ ]+--)?[ (]+[""'](?<secret>[^""'\n\\]+)",
            Validate = static candidate => RealValue.IsPassword(candidate.Value, isQuoted: true),
            Examples = keys =>
            [
                new("expect \"*assword:\"\nsend \"", "Winter" + keys.Digits(3) + "$", "\\r\""),
                new("expect \"Password: \" { send \"", "x7" + keys.Alphanumeric(14), "\\r\" }"),
                new("child.expect('password:')\nchild.sendline('", "Winter" + keys.Digits(3) + "$", "')"),
            ],
            CounterExamples = _ => ["expect \"*assword:\"\nsend \"$password\\r\"", "expect \"password:\"\nsend \"yes\\r\"", "child.expect('password:')\nchild.sendline(password)"],
        },
        new PatternRule
        {
            Id = "otpauth-secret",
            Description = "Shared secret of one-time passwords in an otpauth address",
            Keywords = ["otpauth:"],
            Pattern = @"otpauth://[ht]otp/[^\s""'<>`]*[?&]secret=(?<secret>[A-Za-z2-7]{16,})",
            Validate = static candidate => SecretValue.IsVaried(candidate.Value) && candidate.Value is not "JBSWY3DPEHPK3PXP",
            Examples = keys => [new("otpauth://totp/Acme:jane?secret=", keys.Base32(32), "&issuer=Acme"), new("otpauth://hotp/x?issuer=Acme&secret=", keys.Base32(16), "&counter=1")],
            CounterExamples = _ => ["otpauth://totp/Acme:jane?secret=XXXXXXXXXXXXXXXX&issuer=Acme", "otpauth://totp/{label}?secret={secret}"],
        },
        new PatternRule
        {
            Id = "sql-password",
            Description = "Password in an SQL statement",
            Keywords = ["identified", "create user", "alter user", "create role", "alter role", "create login", "alter login", "set password", "by password", "create credential", "scoped credential"],
            Pattern =
                @"(?i:(?:create|alter)\s+user\s+[A-Za-z0-9_$#""]+\s+identified\s+by\s|\sto\s+[A-Za-z0-9_$#""]+\s+identified\s+by\s)\s*(?<secret>[A-Za-z][A-Za-z0-9_$#]{5,29})\s*(?:;|\n|$)"
                + @"|(?i:identified\s+(?:with\s+[^\s;]+\s+)?(?:by|as)\s+(?:password\s+)?"
                + @"|(?:create|alter)\s+(?:user|role|login)\s[^;'\n]*password\s*[=(]?\s*"
                + @"|set\s+password\s[^;\n=]*=\s*(?:password\s*\(\s*)?"
                + @"|by\s+password\s*=\s*|credential\s[^;]*secret\s*=\s*)"
                + @"[nN]?(?:'(?<secret>[^'\n]+)'|""(?<secret>[^""\n]+)"")",
            Validate = static candidate => IsReal(candidate.Value) && IsStatement(candidate) && (candidate.Before[^1] is '\'' or '"' || RealValue.IsPassword(candidate.Value, isQuoted: true)),
            Examples = keys =>
            [
                new("CREATE USER 'app'@'%' IDENTIFIED BY '", "winterzeit", "';"),
                new("ALTER USER app IDENTIFIED WITH mysql_native_password BY '", keys.Alphanumeric(9), "';"),
                new("CREATE ROLE app LOGIN PASSWORD '", "winterzeit", "';"),
                new("ALTER ROLE app WITH ENCRYPTED PASSWORD '", keys.Alphanumeric(9), "';"),
                new("create user app with password '", "it is " + keys.Digits(4), "';"),
                new("CREATE LOGIN app WITH PASSWORD = N'", keys.Alphanumeric(9), "', CHECK_POLICY = OFF"),
                new("CREATE MASTER KEY ENCRYPTION BY PASSWORD = '", keys.Alphanumeric(9), "';"),
                new("alter user app identified by \"", "winterzeit", "\";"),
                new("ALTER USER app IDENTIFIED BY ", "Winter" + keys.Digits(3) + "_q", ";"),
                new("GRANT CONNECT TO app IDENTIFIED BY ", "Winter" + keys.Digits(3) + "$q", ";"),
                new("SET PASSWORD FOR 'app'@'%' = PASSWORD('", "winterzeit", "');"),
                new("CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = 'x',\n SECRET = '", keys.Alphanumeric(30), "';"),
            ],
            CounterExamples = _ =>
            [
                "CREATE USER 'app'@'%' IDENTIFIED BY '<password>';", "CREATE ROLE app LOGIN PASSWORD 'postgres';", "ALTER ROLE app PASSWORD :'password';", "create user app identified by '$PASSWORD';",
                "CREATE USER app IDENTIFIED BY 'password';", "ALTER USER app PASSWORD EXPIRE;", "a row is identified by 'name'", "identified by \"name\" and a number", "ALTER USER app PASSWORD EXPIRE; -- a row is identified by 'name'",
                "CREATE ROLE app LOGIN PASSWORD '" + "SCRAM-SHA-256$4096:" + "abc" + "';",
            ],
        },
    ];

    private static bool IsReal(ReadOnlySpan<char> value) =>
        value.Length >= 4 && !SecretValue.IsStandIn(value) && !SecretValue.IsBetweenStrings(value) && value[0] is not ('$' or '<' or '{' or '%' or ':' or '*') && !value.StartsWith("SCRAM-") && !value.Contains("${", StringComparison.Ordinal);

    /// <summary>Prose says "identified by" too; a statement has a user in front of it.</summary>
    private static bool IsStatement(SecretCandidate candidate)
    {
        var before = candidate.Before[^Math.Min(candidate.Before.Length, 120)..];
        before = before[(before.LastIndexOf(';') + 1)..];
        return !before.Contains("identified", StringComparison.OrdinalIgnoreCase) || before.Contains("user ", StringComparison.OrdinalIgnoreCase)
            || before.Contains("role ", StringComparison.OrdinalIgnoreCase) || before.Contains("grant ", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Words about the setting: not the last word of its line, and plain.</summary>
    private static bool IsSentence(SecretCandidate candidate) =>
        candidate.Value.TrimEnd(".,;:)") is var word && SecretValue.CountClasses(word) == 1 && !word.ContainsAnyInRange('0', '9') && !candidate.Before.EndsWith("\"") && !candidate.Before.EndsWith("'");
}
