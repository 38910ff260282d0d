using System.Buffers;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Passwords in connection strings: ADO.NET, ODBC, JDBC, libpq, Redis. A person may have chosen them, so any but a stand-in counts.</summary>
internal static class ConnectionStringRules
{
    /// <summary>How far around a password its companions are looked for, in characters.</summary>
    private const int Reach = 200;

    private static readonly SearchValues<string> Names = SearchValues.Create(["password", "pwd"], StringComparison.OrdinalIgnoreCase);

    /// <summary>What else stands in a connection string.</summary>
    private static readonly SearchValues<string> Companions = SearchValues.Create(
        ["server=", "data source=", "datasource=", "host=", "user id=", "userid=", "uid=", "user=", "username=", "user name=", "database=", "initial catalog=", "driver=", "dsn=", "dbname=",
            "abortconnect=", "ssl=", "provider=", "addr=", "address=", "dbq=", "jdbc:", "servername=", "virtualhost=", "connecttimeout=", "clientname=", "hostaddr="],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> BeforeUser = SearchValues.Create(" \t\r\n:\"'`=/");

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n;\"'`<>\\");

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "connection-string-password",
            Description = "Password in a connection string",
            Keywords = ["password", "pwd"],
            Grammar = "Password= or Pwd= beside server=, user= and the like",
            Parse = Find,
            Examples = keys =>
            [
                new("Server=db;Database=orders;User Id=app;Password=", "sommer", ";Encrypt=true"),
                new("\"Default\": \"Host=db;Username=app;Password=", "Kx!" + keys.Alphanumeric(8), "\""),
                new("Driver={ODBC Driver 18 for SQL Server};Server=db;Uid=app;Pwd={", "a;b" + keys.Alphanumeric(6), "};"),
                new("jdbc:mysql://db:3306/orders?user=app&password=", keys.Alphanumeric(10) + "7", "&useSSL=true"),
                new("jdbc:sqlserver://db:1433;databaseName=orders;user=sa;password=", "P4!" + keys.Alphanumeric(6), ";"),
                new("host=db port=5432 dbname=orders user=app password=", keys.Alphanumeric(10) + "7", " sslmode=require"),
                new("cache.internal:6380,password=", keys.Base64(43) + "=", ",ssl=True,abortConnect=False"),
                new("Data Source=db;User ID=app;Password=\"", "x;y" + keys.Digits(3), "\";"),
                new("Provider=SQLOLEDB;Data Source=db;User Id=app;Password = ", "winterzeit", ";"),
                new("Data Source=db:1521/orders;User Id=app;Password='", "x;y" + keys.Digits(3), "';"),
            ],
            CounterExamples = _ =>
            [
                "Server=db;Database=orders;User Id=app;Password=${DB_PASSWORD};",
                "Server=db;User Id=sa;Password=<YourStrong@Passw0rd>;",
                "Server=db;User Id=sa;Password=yourStrong(!)Password;",
                "Host=localhost;Username=postgres;Password=postgres;",
                "Server=db;User Id=app;Password=***;",
                "Server=db;User Id=app;Password={password};",
                "Server=db;User Id=app;Pwd=;Encrypt=true",
                "host=db user=app password=$PGPASSWORD dbname=orders",
                "Server=db;Integrated Security=true;Password=changeme",
                "connect(host=host, user=user, password=password, database=database)",
                "connect(host=cfg.host, user=cfg.user, password=cfg.password, database=name)",
                "connect(host=host, user=user, password=get_password(), database=name)",
                "connect(host=host, user=user, password=None);",
            ],
        },
        new PatternRule
        {
            Id = "dsn-password",
            Description = "Password in a data source name: user:password@tcp(host)",
            Keywords = ["@tcp", "@udp", "@unix(", "@cloudsql", "@memory("],
            Pattern = @"[A-Za-z0-9_.-]*:(?<secret>[A-Za-z0-9!#$%&*+./?@^_{}~-][^\s""'`<>\\]*)@(?:tcp[46]?|udp[46]?|unix|cloudsql[a-z-]*)\(",
            Validate = static candidate => !SecretValue.IsStandIn(candidate.Value) && !IsUser(candidate),
            Examples = keys =>
            [
                new("app:", "winterzeit", "@tcp(db:3306)/orders?parseTime=true"),
                new("dsn := \"app:", "pa@" + keys.Digits(4) + "!", "@tcp(10.0.0.7:3306)/orders\""),
                new("root:", keys.Alphanumeric(12) + "7", "@unix(/run/mysqld.sock)/orders"),
            ],
            CounterExamples = _ => ["user:password@tcp(localhost:3306)/db", "root:root@tcp(127.0.0.1:3306)/db", "%s:%s@tcp(%s)/%s", "app:${DB_PASSWORD}@tcp(db:3306)/x", "user@tcp(db:3306)/x", "app:***@tcp(db)/x"],
        },
        new PatternRule
        {
            Id = "oracle-password",
            Description = "Password in an Oracle connect string: user/password@host",
            Keywords = ["jdbc:oracle:", "sqlplus", "sqlldr", "expdp", "impdp", "sqlcl"],
            Pattern = @"(?:jdbc:oracle:[a-z0-9]+:|(?:sqlplus|sqlldr|expdp|impdp|sqlcl)(?:64)?(?:\.exe)?\s(?:-[A-Za-z]+\s)*(?:userid=)?[""']?)[A-Za-z0-9_.$#-]+/[""']?(?<secret>[^\s""'`<>\\]+)[""']?@",
            Validate = static candidate => !SecretValue.IsStandIn(candidate.Value) && candidate.Value is not "tiger" && !IsUser(candidate),
            Examples = keys =>
            [
                new("jdbc:oracle:thin:app/", "winterzeit", "@//db.acme.internal:1521/ORCL"),
                new("url=jdbc:oracle:oci8:app/", keys.Alphanumeric(12) + "7", "@db:1521:ORCL"),
                new("sqlplus -S app/", "Winter" + keys.Digits(3), "@//db:1521/ORCL @report.sql"),
                new("expdp app/", keys.Alphanumeric(10) + "7", "@orcl directory=dump"),
            ],
            CounterExamples = _ => ["jdbc:oracle:thin:@//db:1521/ORCL", "jdbc:oracle:thin:scott/" + "tiger" + "@//localhost:1521/XE", "jdbc:oracle:thin:app/<password>@//db:1521/X", "sqlplus app/$DB_PASSWORD@db", "sqlplus / as sysdba", "sqlplus user/password@db"],
        },
    ];

    /// <summary>The password is the user's name, as in tutorials: root:root, system/system.</summary>
    private static bool IsUser(SecretCandidate candidate) => candidate.Before[..^1].TrimEnd("\"'/") is var user && user[(user.LastIndexOfAny(BeforeUser) + 1)..].EndsWith(candidate.Value);

    private static IEnumerable<TextValue> Find(string text)
    {
        var (last, next) = (-1, NextCompanion(text, 0));
        for (var at = 0; at < text.Length;)
        {
            var hit = text.AsSpan(at).IndexOfAny(Names);
            if (hit < 0) yield break;
            var name = at + hit;
            at = name + 3;
            while (next < name && next != int.MaxValue) (last, next) = (next, NextCompanion(text, next + 1));
            if (ValueStart(text, name) is not (> 0 and var start) || !(IsNear(text, last, name) || IsNear(text, name, next))) continue;
            var value = Value(text, start);
            if (value.Length == 0 || SecretValue.IsStandIn(value.Of(text)) || IsCode(value.Of(text))) continue;
            at = value.End;
            yield return value;
        }
    }

    /// <summary>Behind "password =", where the name stands by itself; else 0.</summary>
    private static int ValueStart(string text, int name)
    {
        if (name > 0 && (char.IsAsciiLetterOrDigit(text[name - 1]) || text[name - 1] is '_' or '-' or '.' or '$')) return 0;
        var at = name + (text.AsSpan(name).StartsWith("password", StringComparison.OrdinalIgnoreCase) ? 8 : 3);
        while (at < text.Length && text[at] == ' ' && at - name < 12) at++;
        if (at >= text.Length || text[at] != '=') return 0;
        at++;
        // "Password= and User=" are words about connection strings.
        while (at < text.Length && text[at] == ' ' && text[at - 2] == ' ' && at - name < 16) at++;
        return at < text.Length ? at : 0;
    }

    private static TextValue Value(string text, int start)
    {
        var window = text.AsSpan(start, Math.Min(text.Length - start, Reach));
        if (window[0] is '{' or '"' or '\'' && window[1..].IndexOf(window[0] == '{' ? '}' : window[0]) is > 0 and var close)
            return window[0] == '{' && !window[1..(close + 1)].ContainsAny(';', '$') && close + 2 < window.Length && window[close + 2] != ';' ? default : new TextValue(start + 1, close, true);
        var end = window.IndexOfAny(Ends);
        if (end >= 0) window = window[..end];
        if (window.IndexOfAnyExceptInRange('!', '~') is >= 0 and var foreign) window = window[..foreign];
        var next = window.IndexOf('&') is var and && and >= 0 ? and : window.Length;
        if (window.IndexOf(')') is >= 0 and var bracket && !window[..bracket].Contains('(') && bracket < next) next = bracket;
        var comma = window.IndexOf(',');
        if (comma >= 0 && comma < next && (comma + 1 == window.Length || window[comma..].Contains('='))) next = comma;
        return new TextValue(start, window[..next].TrimEnd(").,").Length, false);
    }

    /// <summary>Arguments of a call are written much the same: a name, a member or a call behind the sign.</summary>
    private static bool IsCode(ReadOnlySpan<char> value) =>
        value is "None" or "null" or "nil" or "true" or "false" or "True" or "False"
        || value.Contains('(') && WordShape.IsWords(value)
        || RealValue.IsMemberAccess(value);

    private static int NextCompanion(string text, int from)
    {
        var hit = from < text.Length ? text.AsSpan(from).IndexOfAny(Companions) : -1;
        return hit < 0 ? int.MaxValue : from + hit;
    }

    /// <summary>Whether two places are on one line and not far apart.</summary>
    private static bool IsNear(string text, int first, int second) =>
        first >= 0 && second != int.MaxValue && second - first <= Reach && !text.AsSpan(first, second - first).Contains('\n');
}
