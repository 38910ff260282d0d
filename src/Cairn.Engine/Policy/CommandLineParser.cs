namespace Cairn.Engine.Policy;

/// <summary>Finds the passwords in command lines: a known command, and its own flag or the place where it takes one.</summary>
internal static class CommandLineParser
{
    /// <summary>A command is read no further, in characters and in words.</summary>
    private const int LongestCommand = 600;
    private const int MostWords = 48;

    /// <summary>How a flag carries its password.</summary>
    private enum Form
    {
        /// <summary>"-p X" or "--password=X".</summary>
        Value,

        /// <summary>"-pX", never "-p X".</summary>
        Glued,

        /// <summary>"-u user:X".</summary>
        UserColon,

        /// <summary>"-U user%X".</summary>
        UserPercent,

        /// <summary>"-u user,X".</summary>
        UserComma,

        /// <summary>"-passin pass:X".</summary>
        PassColon,

        /// <summary>"--from-literal=name=X".</summary>
        NameEquals,
    }

    private sealed record Flag(string[] Commands, string[] Names, Form Form, string? Needs = null);

    private static readonly Flag[] Flags =
    [
        new(["curl"], ["-u", "--user", "-U", "--proxy-user"], Form.UserColon),
        new(["http", "https", "xh"], ["-a", "--auth"], Form.UserColon),
        new(["skopeo"], ["--creds", "--src-creds", "--dest-creds"], Form.UserColon),
        new(["wget"], ["--password", "--http-password", "--ftp-password", "--proxy-password"], Form.Value),
        new(["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "mycli", "mysqlsh", "7z", "7za"], ["-p"], Form.Glued),
        new(["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "mycli", "mysqlsh"], ["--password"], Form.Value),
        new(["redis-cli"], ["-a", "--pass"], Form.Value),
        new(["mongo", "mongosh", "mongodump", "mongorestore", "mongoimport", "mongoexport", "cqlsh", "beeline", "cypher-shell", "evil-winrm", "tsm"], ["-p", "--password"], Form.Value),
        new(["sshpass"], ["-p"], Form.Value),
        new(["sshpass"], ["-p"], Form.Glued),
        new(["docker", "podman", "nerdctl", "buildah", "helm", "oras", "crane", "az", "cf", "oc", "argocd", "rclone", "jf"], ["-p", "--password"], Form.Value, Needs: "login"),
        new(["az"], ["--client-secret", "--admin-password", "--password"], Form.Value),
        new(["helm", "svn", "nuget", "dotnet", "clickhouse-client", "influx", "argocd", "conjur"], ["--password", "-Password", "-password"], Form.Value),
        new(["kubectl"], ["--docker-password", "--password"], Form.Value),
        new(["kubectl"], ["--from-literal"], Form.NameEquals),
        new(["openssl"], ["-passin", "-passout", "-pass", "-password"], Form.PassColon),
        new(["openssl"], ["-k"], Form.Value, Needs: "enc"),
        new(["gpg", "gpg2"], ["--passphrase"], Form.Value),
        new(["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"], ["-w"], Form.Value),
        new(["smbclient", "rpcclient", "winexe", "smbget", "smbmap"], ["-U", "--user"], Form.UserPercent),
        new(["lftp"], ["-u"], Form.UserComma),
        new(["sqlcmd", "bcp", "isql", "tsql", "mssql-cli", "zip", "unzip", "ipmitool", "mosquitto_pub", "mosquitto_sub", "mosquitto_rr"], ["-P", "--pw"], Form.Value),
        new(["rabbitmqadmin", "couchbase-cli", "cbq", "cbbackupmgr", "netexec", "nxc", "crackmapexec", "smbmap", "psexec", "ncftp", "ncftpget", "ncftpput", "twine", "arangosh", "arangodump", "kcadm.sh", "nsqadmin"], ["-p", "--password"], Form.Value),
        new(["influx", "wsadmin.sh", "asadmin"], ["-password", "--passwd"], Form.Value),
        new(["snmpget", "snmpwalk", "snmpset", "snmpbulkwalk"], ["-A", "-X"], Form.Value),
        new(["hdiutil"], ["-passphrase"], Form.Value),
        new(["security"], ["-p", "-w"], Form.Value, Needs: "unlock-keychain"),
        new(["security"], ["-w"], Form.Value, Needs: "add-generic-password"),
        new(["schtasks"], ["/rp", "/p"], Form.Value),
        new(["winrs"], ["-p:", "/p:", "-password:"], Form.Glued),
        new(["rar", "unrar", "7zz", "7zr"], ["-hp", "-p"], Form.Glued),
        new(["aria2c"], ["--http-passwd", "--ftp-passwd"], Form.Value),
        new(["etcdctl"], ["--user"], Form.UserColon),
        new(["keytool", "jarsigner"], ["-storepass", "-keypass", "-srcstorepass", "-deststorepass", "-srckeypass", "-destkeypass"], Form.Value),
        new(["xfreerdp", "xfreerdp3", "wfreerdp"], ["/p:"], Form.Glued),
        new(["cmdkey"], ["/pass:"], Form.Glued),
        new(["rdesktop"], ["-p"], Form.Value),
    ];

    /// <summary>Commands whose password is a word in a certain place.</summary>
    private static readonly string[] Positional = ["htpasswd", "net", "vault", "rabbitmqctl", "grafana-cli", "nmcli", "echo", "printf", "wpa_passphrase"];

    private static readonly Dictionary<string, Flag[]> ByCommand =
        Flags.SelectMany(static flag => flag.Commands.Select(command => (command, flag))).GroupBy(static pair => pair.command, static pair => pair.flag).ToDictionary(static group => group.Key, static group => group.ToArray());

    /// <summary>The commands, as they stand in a line or in a list of arguments.</summary>
    public static IReadOnlyList<string> Keywords { get; } =
        [.. ByCommand.Keys.Concat(Positional).Select(static command => command + " ").Distinct(), .. ByCommand.Keys.Select(static command => command + "\""), ".exe ", ".exe\""];

    /// <summary>The commands with their flags, a line each. Any of them may end with .exe.</summary>
    public static string Grammar => ".exe\n" + string.Join('\n', Flags.Select(static flag => $"{string.Join('|', flag.Commands)} {string.Join('|', flag.Names)} {flag.Form} {flag.Needs}"));

    /// <summary>The passwords in the text's command lines, in order.</summary>
    public static IEnumerable<TextValue> Find(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var (command, behind) = NextCommand(text, at);
            if (behind < 0) yield break;
            at = behind;
            var words = Words(text, behind);
            foreach (var value in Passwords(text, command, words))
            {
                if (value.Start < at || value.Length < 3 || !IsRealPassword(value.Of(text)) || (value.IsQuoted && SecretValue.IsBetweenStrings(value.Of(text)))) continue;
                at = value.End;
                yield return value;
            }
        }
    }

    /// <summary>The next known command and the place behind it; -1 where there is no more.</summary>
    private static (string Command, int Behind) NextCommand(string text, int from)
    {
        for (var at = from; at < text.Length;)
        {
            var space = text.IndexOfAny([' ', '"'], at);
            if (space < 0) break;
            var end = text.AsSpan(from, space - from).EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? space - ".exe".Length : space;
            var start = end;
            while (start > from && end - start < 20 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '_')) start--;
            if (start > 0 && start < end && text[start - 1] == '\\' && text[start] is 'n' or 'r' or 't') start++;
            if (end > start && IsCommand(text.AsSpan(start, end - start))) return (text[start..end].ToLowerInvariant(), space);
            at = space + 1;
        }
        return ("", -1);
    }

    private static bool IsCommand(ReadOnlySpan<char> word)
    {
        if (ByCommand.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(word)) return true;
        foreach (var command in Positional)
            if (word.SequenceEqual(command)) return true;
        return false;
    }

    /// <summary>The words of the command up to the end of its line, or to the next command's. A backslash at a line's end goes on.</summary>
    private static List<TextValue> Words(string text, int at)
    {
        var words = new List<TextValue>();
        var limit = Math.Min(text.Length, at + LongestCommand);
        // ["mysql", "-px"] as containers and process calls have it.
        var isArray = text[at] == '"' && at + 1 < limit && text[at + 1] == ',';
        if (text[at] == '"' && !isArray) return words;
        if (isArray) at++;
        while (at < limit && words.Count < MostWords)
        {
            if (text[at] is ' ' or '\t' || (isArray && text[at] == ',')) at++;
            else if (isArray && text[at] is ']' or ')') break;
            else if (text[at] == '\\' && at + 1 < limit && text[at + 1] is '\n' or '\r') at += 2;
            else if (text[at] is '\n' or '\r' or ';' or '|') break;
            else if (text[at] == '&' && at + 1 < limit && text[at + 1] == '&') break;
            else
            {
                var word = TextValue.Read(text, at);
                var end = word.End + (word.IsQuoted ? word.Start - at : 0);
                // A flag with a quoted value: --password="x", -p'x'.
                if (!word.IsQuoted && word.Length > 0 && end < limit && TextValue.OpeningQuote(text, end) is > 0 and var quote && (text[end - 1] is '=' or ':' || (text[at] == '-' && word.Length == 2)))
                {
                    var quoted = TextValue.Read(text, end);
                    if (quoted.IsQuoted)
                    {
                        words.Add(word);
                        words.Add(quoted);
                        at = quoted.End + quote;
                        continue;
                    }
                }
                if (!word.IsQuoted && IsCommand(word.Of(text))) break;
                // The string in which the command stood has ended: what follows is code.
                if (word.IsQuoted && !isArray && word.Of(text).TrimStart().StartsWith(",")) break;
                if (word.Length > 0) words.Add(word);
                at = Math.Max(end, at + 1);
            }
        }
        return words;
    }

    private static IEnumerable<TextValue> Passwords(string text, string command, List<TextValue> words)
    {
        if (!ByCommand.TryGetValue(command, out var flags)) return AtTheirPlaces(text, command, words);
        var found = new List<TextValue>();
        foreach (var flag in flags)
        {
            if (flag.Needs is not null && !words.Take(4).Any(word => word.Of(text).SequenceEqual(flag.Needs))) continue;
            for (var i = 0; i < words.Count; i++)
            {
                if (FlagValue(text, words, i, flag) is not { } carried) continue;
                if (Inner(text, carried, flag.Form) is { Length: > 0 } value && found.TrueForAll(other => other.Start != value.Start)) found.Add(value);
                if (command == "sshpass") break;
            }
        }
        return found.OrderBy(static value => value.Start);
    }

    /// <summary>What the flag at this word carries: the rest of the word, or the next one.</summary>
    private static TextValue? FlagValue(string text, List<TextValue> words, int i, Flag flag)
    {
        var word = words[i].Of(text);
        foreach (var name in flag.Names)
        {
            if (!word.StartsWith(name, StringComparison.Ordinal)) continue;
            var isNext = i + 1 < words.Count && (word.Length == name.Length || (word.Length == name.Length + 1 && word[^1] == '='));
            if (isNext)
            {
                var touches = words[i + 1].IsQuoted && words[i + 1].Start - words[i].End <= 2 && text[words[i].End] != ' ';
                if (flag.Form is Form.Glued && !touches) continue;
                return text[words[i + 1].Start] == '-' ? null : words[i + 1];
            }
            if (word.Length > name.Length + 1 && word[name.Length] == '=' && name.StartsWith("--", StringComparison.Ordinal)) return Rest(words[i], name.Length + 1);
            if (flag.Form is Form.Glued || (name.Length == 2 && flag.Form is Form.UserColon or Form.UserPercent)) return word.Length > name.Length ? Rest(words[i], name.Length) : null;
        }
        return null;
    }

    private static TextValue Rest(TextValue word, int from) => new(word.Start + from, word.Length - from, word.IsQuoted);

    /// <summary>The password in what the flag carries.</summary>
    private static TextValue? Inner(string text, TextValue carried, Form form)
    {
        var separator = form switch { Form.UserColon => ':', Form.UserPercent => '%', Form.UserComma => ',', Form.PassColon => ':', Form.NameEquals => '=', _ => '\0' };
        if (separator == '\0') return carried;
        var value = carried.Of(text);
        if (form is Form.UserComma && text.AsSpan(carried.End).StartsWith(",")) return TextValue.Read(text, carried.End + 1);
        var at = value.IndexOf(separator);
        if (at < 0 || (form is Form.PassColon && !value.StartsWith("pass:"))) return null;
        if (form is Form.NameEquals && TellingName.KindOf(value[..at]) is NameKind.None) return null;
        return value[..at].SequenceEqual(value[(at + 1)..]) ? null : Rest(carried, at + 1);
    }

    private static IEnumerable<TextValue> AtTheirPlaces(string text, string command, List<TextValue> words)
    {
        var plain = words.Where(word => text[word.Start] is not ('-' or '/')).ToList();
        switch (command)
        {
            case "htpasswd" when words.Any(word => text[word.Start] == '-' && word.Of(text).Contains('b')):
                var hasNoFile = words.Any(word => text[word.Start] == '-' && word.Of(text).Contains('n'));
                return plain.Skip(hasNoFile ? 1 : 2).Take(1);
            case "net" when plain.Count > 2 && plain[0].Of(text).SequenceEqual("use") && words.Any(word => word.Of(text).StartsWith("/user:", StringComparison.OrdinalIgnoreCase)):
                return plain.Skip(1).Where(word => word.Length > 2 && text[word.Start - 1] != '\\' && !word.Of(text).Contains('\\') && (HasFlagBehind(text, words, word) || RealValue.IsPassword(word.Of(text), isQuoted: true))).Take(1);
            case "rabbitmqctl" when plain.Count > 2 && plain[0].Of(text) is "add_user" or "change_password" or "authenticate_user":
                return plain.Skip(2).Take(1).Where(word => RealValue.IsPassword(word.Of(text), word.IsQuoted));
            case "grafana-cli" when plain.Count > 2 && plain.FindIndex(word => word.Of(text).SequenceEqual("reset-admin-password")) is >= 0 and var reset:
                return plain.Skip(reset + 1).Take(1);
            case "net" when plain.Count > 2 && plain[0].Of(text).SequenceEqual("user") && words.Any(word => word.Of(text).Equals("/add", StringComparison.OrdinalIgnoreCase)):
                return plain.Skip(2).Take(1);
            case "vault" when plain.Count > 1 && plain[0].Of(text).SequenceEqual("login"):
                return plain.Skip(1).Select(word => word.Of(text).IndexOf('&') is >= 0 and var end ? word with { Length = end } : word).Where(word => RealValue.IsKey(word.Of(text), NameKind.Key, false)).Take(1);
            case "nmcli":
                return plain.SkipWhile(word => !word.Of(text).SequenceEqual("password")).Skip(1).Take(1);
            case "wpa_passphrase":
                return plain.Skip(1).Take(1).Where(word => word.Length >= 8);
            case "echo" or "printf" when words.Count > 0 && FeedsPassword(text, words[^1].End):
                return words.Where(word => text[word.Start] is not ('-' or '%')).Take(1).Select(word => AfterUser(text, word));
            default:
                return [];
        }
    }

    private static bool HasFlagBehind(string text, List<TextValue> words, TextValue word) => words.Exists(other => other.Start > word.Start && text[other.Start] == '/');

    private static bool FeedsPassword(string text, int at)
    {
        var rest = text.AsSpan(at, Math.Min(text.Length - at, 120));
        var end = rest.IndexOf('\n');
        if (end >= 0) rest = rest[..end];
        return rest.TrimStart("\"' ").StartsWith("|") && (rest.Contains("--password-stdin", StringComparison.Ordinal) || rest.Contains("sudo -S", StringComparison.Ordinal)
            || rest.Contains("--stdin", StringComparison.Ordinal) || rest.Contains("chpasswd", StringComparison.Ordinal) || rest.Contains("--passphrase-fd", StringComparison.Ordinal));
    }

    /// <summary>"user:password", as chpasswd reads it, or the word itself.</summary>
    private static TextValue AfterUser(string text, TextValue word)
    {
        var colon = word.Of(text).IndexOf(':');
        return colon > 0 ? Rest(word, colon + 1) : word;
    }

    /// <summary>Whether what stands in a password's place is one: anything but a stand-in, a reference, a path or an address.</summary>
    public static bool IsRealPassword(ReadOnlySpan<char> value) =>
        !SecretValue.IsStandIn(value) && !value.Contains("$(", StringComparison.Ordinal) && value[0] is not ('`' or '<' or '$' or '/' or '@') && !value.StartsWith("...")
        && !value.Contains("://", StringComparison.Ordinal);
}
