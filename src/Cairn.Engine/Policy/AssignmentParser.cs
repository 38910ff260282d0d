using System.Buffers;
using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>
/// Finds values beside telling names in whatever syntax: name=value, "name": "value", name := value, --name value,
/// &lt;name&gt;value&lt;, ("name", "value"), name => 'value', { name: "X", value: "v" }, | name | value |, quoted and escaped.
/// </summary>
internal static class AssignmentParser
{
    private const int MostSpaces = 24;

    /// <summary>What telling names hold. A text without one of these holds no such name.</summary>
    public static IReadOnlyList<string> NameWords { get; } =
    [
        "pass", "pwd", "pw=", "pw:", "pw\"", "pw'", "pw ", "pw\n", "pw\r", "pw`", "pw>", "pw*", "pw|", "pw&", "pw\\", "psk", "secret", "token", "key", "auth", "creds", "bearer", "_salt", "mdp", "kennwort", "contrase", "mot de passe", "motdepasse",
        "mot_de_passe", "senha", "wachtwoord", "losenord", "lösenord", "salasana", "hasło", "haslo", "heslo", "parola", "_pat", "pat =", "pat=", "pat:", "pat\"", "pat is ", "otp_seed", "api_code", "пароль", "密码", "密碼", "パスワード", "비밀번호",
    ];

    /// <summary>The words in ASCII, and the few in other scripts: a search for both at once is many times slower.</summary>
    private static readonly SearchValues<string> AsciiWords = WordsWhere(static word => Ascii.IsValid(word));
    private static readonly SearchValues<string> ForeignWords = WordsWhere(static word => !Ascii.IsValid(word));

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static c => (char)c).Where(static c => c != '&')]);

    private static readonly string[] Setters = ["ENV", "ARG", "setx", "setenv", "set", "-x", "-gx", "-Ux", "-xg"];

    private static readonly string[] Fallbacks = ["||", "??", "or", "?:"];

    private static readonly string[] ValueNames = ["value", "string", "val", "default"];

    /// <summary>Every telling name that has a value, in order.</summary>
    public static IEnumerable<AssignedValue> Find(string text)
    {
        foreach (var (start, end, kind) in Names(text))
        {
            // The user of an address, whose password is another rule's; the token of a badge, which is there for all to see.
            if (text.AsSpan(0, start).EndsWith("://") || text.AsSpan(0, start).EndsWith(".svg?") || ValueOf(text, start, end) is not { Length: > 0 } value) continue;
            if (!value.IsQuoted) value = ToItsEnd(text, value, kind, isParameter: start > 0 && text[start - 1] is '?' or '&');
            yield return new AssignedValue(kind, value, IsConstant(text.AsSpan(start, end - start)), EndsStatement(text, value.End));
        }
    }

    /// <summary>Every telling name, in order, whether a value follows or not.</summary>
    public static IEnumerable<(int Start, int End, NameKind Kind)> Names(string text)
    {
        var (ascii, foreign) = (-1, Ascii.IsValid(text) ? int.MaxValue : -1);
        for (var at = 0; at < text.Length;)
        {
            if (ascii < at) ascii = Next(text, at, AsciiWords);
            if (foreign < at) foreign = Next(text, at, ForeignWords);
            if (Math.Min(ascii, foreign) is var hit && hit == int.MaxValue) yield break;
            var (start, end) = NameAround(text, hit);
            at = end;
            var kind = TellingName.KindOf(text.AsSpan(start, end - start));
            if (kind is not NameKind.None) yield return (start, end, kind);
        }
    }

    private static int Next(string text, int from, SearchValues<string> words)
    {
        var hit = text.AsSpan(from).IndexOfAny(words);
        return hit < 0 ? int.MaxValue : from + hit;
    }

    private static SearchValues<string> WordsWhere(Func<string, bool> isWanted) =>
        SearchValues.Create([.. NameWords.Where(isWanted).Select(static word => word.StartsWith("pw", StringComparison.Ordinal) ? "pw" : word).Distinct()], StringComparison.OrdinalIgnoreCase);

    /// <summary>The identifier around a hit, and the word in front of it where the name is written with a space ("API key").</summary>
    private static (int Start, int End) NameAround(string text, int hit)
    {
        var start = hit;
        while (start > 0 && hit - start < TellingName.Longest && IsNameCharacter(text[start - 1])) start--;
        if (start > 0 && start < hit && text[start - 1] == '\\' && text[start] is 'n' or 'r' or 't') start++;
        // At least one character, so that the search goes on.
        var end = hit + 1;
        if (!char.IsAscii(text[hit]))
        {
            while (end < text.Length && end - hit < TellingName.Longest && char.IsLetter(text[end]) && !ForeignWords.Contains(text[hit..end])) end++;
            return (start, end);
        }
        while (end < text.Length && end - hit < TellingName.Longest && (IsNameCharacter(text[end]) || "ñöł".Contains(text[end]))) end++;
        if (text.AsSpan(hit).StartsWith("mot de passe", StringComparison.OrdinalIgnoreCase)) return (start, hit + "mot de passe".Length);
        while (end - 1 > hit && text[end - 1] is '-' or '.') end--;

        if (start < 2 || text[start] == '-' || text[start - 1] != ' ' || !char.IsAsciiLetter(text[start - 2])) return (start, end);
        var word = start - 1;
        while (word > 0 && start - word < 24 && char.IsAsciiLetter(text[word - 1])) word--;
        if (word > 0 && text[word - 1] == '\\' && text[word] is 'n' or 'r' or 't') word++;
        return word > 0 && text[word - 1] == '-' ? (start, end) : (word, end);
    }

    /// <summary>A bare value of an address ends at its next sign. No key holds an ampersand or a letter beyond ASCII; a password may.</summary>
    private static TextValue ToItsEnd(string text, TextValue value, NameKind kind, bool isParameter)
    {
        var end = isParameter ? value.Of(text).IndexOfAny('&', '#') : -1;
        if (end < 0 && kind is not NameKind.Password) end = value.Of(text).IndexOfAnyExcept(KeyCharacters);
        return end < 0 ? value : value with { Length = end };
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';

    private static bool IsConstant(ReadOnlySpan<char> name) => name[(name.LastIndexOf(' ') + 1)..] is var word && !word.ContainsAnyInRange('a', 'z') && (word.Length == name.Length || word.Contains('_'));

    private static bool EndsStatement(string text, int end) => end < text.Length && text[end] is ';' or ',' or ')';

    private static TextValue? ValueOf(string text, int nameStart, int nameEnd)
    {
        var at = nameEnd;
        var quote = TextValue.OpeningQuote(text, at);
        at += quote;
        if (quote == 0) at = SkipAny(text, at, '*', 2);
        at = SkipAny(text, at, ']', 1);
        var afterName = at;
        at = SkipSpaces(text, at);
        if (at >= text.Length) return null;

        var spaced = at > afterName;
        switch (text[at])
        {
            case ':' or '=' or '：' or '＝' or '?' or '-' or '|':
                if (SkipSeparator(text, at, nameStart) is var next and > 0) return ReadValue(text, next);
                break;
            case '>' when !spaced && (quote > 0 || (nameStart > 0 && text[nameStart - 1] is '<' or ':')):
                return TextValue.Read(text, at + 1) is var content && EndsElement(text, content.End) ? content : null;
            case ',' when quote > 0 && IsFirstArgument(text, nameStart, quote) && SkipSpaces(text, at + 1) is var argument && IsQuoted(text, argument) && !NamesValue(text, argument):
                return TextValue.Read(text, argument + Prefix(text, argument));
            case '(' when quote == 0 && IsQuoted(text, at + 1):
                return TextValue.Read(text, at + 1);
            case '"' or '\'' when spaced:
                return TextValue.Read(text, at);
        }
        if (spaced && quote == 0 && (TakesNextWord(text, nameStart) || IsLineOfTwoWords(text, nameStart, nameEnd, at))) return text[at] == '-' ? null : ReadValue(text, at);
        return PairedValue(text, afterName);
    }

    /// <summary>Behind the sign between name and value, or 0 where it is another sign (==, ::, a lone minus).</summary>
    private static int SkipSeparator(string text, int at, int nameStart)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (text[at])
        {
            case '=':
                return next is '=' or '~' ? 0 : next == '>' ? at + 2 : at + 1;
            case ':':
                if (next == ':') return 0;
                if (next == '-') return nameStart >= 2 && text[nameStart - 1] == '{' && text[nameStart - 2] == '$' ? at + 2 : 0;
                return next == '=' ? at + 2 : BehindType(text, at + 1);
            case '?':
                return next == '=' ? at + 2 : 0;
            case '-':
                return next == '>' ? at + 2 : 0;
            case '|':
                return next == ' ' ? at + 1 : 0;
            default:
                return at + 1;
        }
    }

    /// <summary>Behind "string =" of a typed declaration ("password: string = ..."); else where it was.</summary>
    private static int BehindType(string text, int at)
    {
        var window = text.AsSpan(at, Math.Min(text.Length - at, 40));
        var equals = window.IndexOf(" = ");
        if (equals <= 0) return at;
        foreach (var c in window[..equals])
            if (!char.IsAsciiLetterOrDigit(c) && !" _<>[]|?&'.:".Contains(c)) return at;
        return at + equals + 3;
    }

    /// <summary>"password X" alone on its line, as netrc, msmtp and many a server's configuration have it.</summary>
    private static bool IsLineOfTwoWords(string text, int nameStart, int nameEnd, int valueStart)
    {
        var before = text.AsSpan(0, nameStart).TrimEnd(" \t");
        if ((before.Length > 0 && before[^1] != '\n') || text.AsSpan(nameStart, nameEnd - nameStart).Contains(' ')) return false;
        var end = valueStart;
        while (end < text.Length && text[end] > ' ') end++;
        while (end < text.Length && text[end] is ' ' or '\t' or '\r') end++;
        return (end == text.Length || text[end] == '\n') && SecretValue.CountDigits(text.AsSpan(valueStart, end - valueStart)) > 1 && text[end - 1] is not (';' or ',' or '.');
    }

    /// <summary>A flag, or a name behind a word that sets what follows: ENV, setx, set -x.</summary>
    private static bool TakesNextWord(string text, int nameStart)
    {
        if (text[nameStart] == '-') return true;
        var name = text.AsSpan(nameStart);
        // A name with a space in it brought the word along.
        foreach (var setter in Setters)
        {
            if (name.StartsWith(setter) && name.Length > setter.Length && name[setter.Length] == ' ') return true;
            var before = text.AsSpan(0, nameStart).TrimEnd(' ');
            if (before.Length < nameStart && before.EndsWith(setter) && (before.Length == setter.Length || char.IsWhiteSpace(before[^(setter.Length + 1)]))) return true;
        }
        return false;
    }

    private static TextValue? ReadValue(string text, int at)
    {
        at = SkipSpaces(text, SkipAny(text, at, '*', 2));
        at = SkipBlockMark(text, at);
        if (at >= text.Length) return null;
        return TextValue.Read(text, at + Prefix(text, at));
    }

    /// <summary>YAML's | and >, which put the value on the next line.</summary>
    private static int SkipBlockMark(string text, int at)
    {
        if (at >= text.Length || text[at] is not ('|' or '>')) return at;
        var i = at + 1;
        while (i < text.Length && text[i] is '-' or '+') i++;
        if (i >= text.Length || text[i] != '\n') return at;
        return SkipSpaces(text, i + 1);
    }

    /// <summary>What may stand between the sign and the quote: b", @", ["x"], String::from("x"), env.X || "x".</summary>
    private static int Prefix(string text, int at)
    {
        var i = at;
        while (i < text.Length && i - at < 48 && (char.IsAsciiLetterOrDigit(text[i]) || "_.:@$!?\\&".Contains(text[i]))) i++;
        if (i >= text.Length) return 0;
        if (text[i] is '(' or '[' or '{')
        {
            // The name of a character set.
            if (text.AsSpan(at, i - at).EndsWith(".encode")) return 0;
            i++;
        }
        else if (text[i] == ' ' && Fallback(text, i + 1) is var behind and > 0) i = behind;
        else if (i - at is not (1 or 2) || text[at] == '\\' || text[at] == '&') return 0;
        return i < text.Length && text[i] is '"' or '\'' or '`' ? i - at : 0;
    }

    private static int Fallback(string text, int at)
    {
        foreach (var operatorSign in Fallbacks)
            if (text.AsSpan(at).StartsWith(operatorSign) && at + operatorSign.Length < text.Length && text[at + operatorSign.Length] == ' ') return at + operatorSign.Length + 1;
        return 0;
    }

    private static bool IsQuoted(string text, int at) => at < text.Length && TextValue.OpeningQuote(text, at + Prefix(text, at)) > 0;

    /// <summary>The value of a pair whose name is a value itself: "name": "X", "value": "v"; key="X" value="v"; &lt;key>X&lt;/key>&lt;string>v&lt;/string>.</summary>
    private static TextValue? PairedValue(string text, int at)
    {
        if (text.AsSpan(at).StartsWith("</"))
        {
            var close = text.AsSpan(at, Math.Min(12, text.Length - at)).IndexOf('>');
            if (close < 0) return null;
            at += close + 1;
        }
        var limit = Math.Min(text.Length, at + 40);
        while (at < limit && (char.IsWhiteSpace(text[at]) || text[at] is ',' or ';' or '<')) at++;
        var quote = TextValue.OpeningQuote(text, at);
        at += quote;
        foreach (var name in ValueNames)
        {
            if (!text.AsSpan(at).StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            at = SkipSpaces(text, at + name.Length + quote);
            if (at >= text.Length || text[at] is not (':' or '=' or '>')) return null;
            return ReadValue(text, at + 1);
        }
        return null;
    }

    private static bool IsFirstArgument(string text, int nameStart, int quote) => nameStart > quote && text[nameStart - quote - 1] == '(';

    private static bool EndsElement(string text, int end) => end == text.Length || text[end] is '<' or '\n' or '\r';

    private static bool NamesValue(string text, int quoted) => ValueNames.Contains(TextValue.Read(text, quoted).Of(text).ToString(), StringComparer.OrdinalIgnoreCase);

    private static int SkipSpaces(string text, int at)
    {
        var limit = Math.Min(text.Length, at + MostSpaces);
        while (at < limit && text[at] is ' ' or '\t') at++;
        return at;
    }

    private static int SkipAny(string text, int at, char c, int most)
    {
        var limit = Math.Min(text.Length, at + most);
        while (at < limit && text[at] == c) at++;
        return at;
    }
}

/// <summary>A value beside a telling name.</summary>
/// <param name="Kind">What the name says.</param>
/// <param name="Value">Where the value is.</param>
/// <param name="IsConstant">Whether the name is all capitals.</param>
/// <param name="EndsStatement">Whether a sign that ends a statement or an argument stands behind the value.</param>
internal readonly record struct AssignedValue(NameKind Kind, TextValue Value, bool IsConstant, bool EndsStatement);
