namespace Cairn.Engine.Policy.Rules;

/// <summary>Passwords in command lines: a known command and its own flag. A person may have chosen them, so any but a stand-in counts.</summary>
internal static class CommandLineRules
{
    /// <summary>Variables that programs read a password from, and that hold nothing else.</summary>
    private static readonly string[] Variables =
        ["PGPASSWORD", "MYSQL_PWD", "REDISCLI_AUTH", "SSHPASS", "RESTIC_PASSWORD", "BORG_PASSPHRASE", "SQLCMDPASSWORD", "MYSQL_ROOT_PASSWORD", "SNOWSQL_PWD", "LFTP_PASSWORD"];

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "command-password",
            Description = "Password in a command line",
            Keywords = CommandLineParser.Keywords,
            Grammar = CommandLineParser.Grammar,
            Parse = CommandLineParser.Find,
            Examples = CommandExamples,
            CounterExamples = CommandCounterExamples,
        },
        new ParserRule
        {
            Id = "environment-password",
            Description = "Password in a variable that a database client or a tool reads",
            Keywords = [.. Variables.Select(static name => name.ToLowerInvariant())],
            Grammar = string.Join('|', Variables) + "=",
            Parse = FindInVariables,
            Examples = keys =>
            [
                new("PGPASSWORD=", "sommer", " psql -h db"),
                new("PGPASSWORD='", "it is " + keys.Digits(3), "' psql"),
                new("export MYSQL_PWD=", keys.Alphanumeric(9), "\n"),
                new("REDISCLI_AUTH=\"", "winterzeit", "\" redis-cli ping"),
                new("PGPASSWORD: \"", "winter" + keys.Digits(2), "\""),
            ],
            CounterExamples = _ =>
            [
                "PGPASSWORD=$DB_PASSWORD psql", "PGPASSWORD=\"$(cat pw)\" psql", "PGPASSWORD=postgres psql", "PGPASSWORD=${PW} psql", "PGPASSWORD=<password> psql", "set PGPASSWORD= and try again",
                "MYSQL_ROOT_PASSWORD: ${ROOT_PW}", "use PGPASSWORD or a .pgpass file",
            ],
        },
    ];

    private static IEnumerable<TextValue> FindInVariables(string text)
    {
        foreach (var name in Variables)
        {
            for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
            {
                var sign = at + name.Length;
                if (sign + 1 >= text.Length || text[sign] is not ('=' or ':')) continue;
                if (text[sign] == ':' && text[sign + 1] == ' ') sign++;
                if (sign + 1 >= text.Length || text[sign + 1] is ' ' or '\n') continue;
                var value = TextValue.Read(text, sign + 1);
                if (value.Length >= 4 && CommandLineParser.IsRealPassword(value.Of(text)) && !(value.IsQuoted && SecretValue.IsBetweenStrings(value.Of(text)))) yield return value;
            }
        }
    }

    private static IReadOnlyList<SecretExample> CommandExamples(KeyMaterial keys) =>
    [
        new("curl -u app:", "sommer", " https://api.acme.internal"),
        new("PS C:\\> C:\\tools\\curl.exe -u app:", "sommer", " https://api.acme.internal"),
        new("curl -sS --user 'ops:", "it is " + keys.Digits(4), "' https://api.acme.internal"),
        new("wget --user=app --password=", keys.Alphanumeric(8), " ftp://files.acme.internal/x"),
        new("mysql -u root -p", "sommer" + keys.Digits(2), " orders"),
        new("mysqldump -uroot -p'", "a b" + keys.Digits(3), "' orders > x.sql"),
        new("mysqldump --user=app --password=\"", "winterzeit", "\" orders"),
        new("redis-cli -h cache -a ", keys.Alphanumeric(9), " ping"),
        new("mongosh --host db -u app -p ", "winterzeit", " --authenticationDatabase admin"),
        new("sshpass -p ", keys.Alphanumeric(7), " ssh -p 2222 root@host"),
        new("sshpass -p'", "winter zeit", "' ssh root@host"),
        new("docker login -u ci -p ", keys.Alphanumeric(12), " registry.acme.internal"),
        new("helm registry login -u ci --password ", keys.Alphanumeric(12), " registry.acme.internal"),
        new("az login --service-principal -u app -p ", keys.Alphanumeric(12), " --tenant t"),
        new("kubectl create secret generic db --from-literal=password=", "winterzeit", " -n prod"),
        new("openssl rsa -in key.pem -passin pass:", "winterzeit", " -out plain.pem"),
        new("gpg --batch --passphrase ", "winterzeit", " -d x.gpg"),
        new("htpasswd -nb admin ", "winterzeit", "\n"),
        new("htpasswd -bc .htpasswd admin ", "winterzeit", "\n"),
        new("ldapsearch -x -D cn=admin -w ", "winterzeit", " -b dc=acme"),
        new("smbclient //srv/share -U jane%", "winterzeit", " -c ls"),
        new("net use Z: \\\\srv\\share ", "winterzeit", " /user:acme\\jane"),
        new("net use Z: \\\\srv\\share /user:ACME\\jane ", "Winter" + keys.Digits(3) + "$", "\n"),
        new("mosquitto_pub -h mq -u app -P ", "winterzeit", " -t test -m hi"),
        new("rabbitmqctl add_user app ", "Winter" + keys.Digits(3) + "$q", "\n"),
        new("rabbitmqadmin -u app -p ", "winterzeit", " list queues"),
        new("sqlcmd -S db -U app -P ", "Winter" + keys.Digits(2), " -Q x"),
        new("keytool -list -keystore k.jks -storepass ", "winterzeit", "\n"),
        new("echo '", "winterzeit", "' | sudo -S reboot"),
        new("echo ", keys.Alphanumeric(12), " | docker login --password-stdin -u ci"),
        new("echo 'root:", "winterzeit", "' | chpasswd"),
        new("command: [\"redis-cli\", \"-a\", \"", "winterzeit", "\", \"ping\"]"),
    ];

    private static IReadOnlyList<string> CommandCounterExamples(KeyMaterial keys) =>
    [
        "curl -u user:password https://api.acme.internal",
        "curl -u \"$USER:$PASSWORD\" https://api.acme.internal",
        "curl -u user: https://api.acme.internal",
        "curl -u admin:admin https://api.acme.internal",
        "curl -u <user>:<password> https://api.acme.internal",
        "mysql -u root -p orders",
        "mysql -u root -p$MYSQL_ROOT_PASSWORD orders",
        "mysql -u root -ppassword orders\n",
        "docker run -p 8080:80 web",
        "docker login -u ci --password-stdin",
        "docker login -u ci -p $TOKEN",
        "mkdir -p build/out",
        "ssh -p 2222 root@host",
        "redis-cli -a $REDIS_PASSWORD ping",
        "sshpass -p \"$PW\" ssh -p 2222 root@host",
        "openssl rsa -passin env:KEY_PASS -in key.pem",
        "openssl rsa -passin pass:changeme -in key.pem",
        "kubectl create secret generic db --from-literal=password=$PW",
        "kubectl create secret generic db --from-literal=mode=winterzeit",
        "helm upgrade web ./chart --set image.tag=1.2.3",
        "echo hello world | tee out.txt",
        "the net effect of using the echo command",
        "net use Z: \\\\srv\\share /user:acme\\jane",
        "zip -P <password> x.zip x",
        "az login --service-principal -u app -p <secret>",
    ];
}
