using System.Buffers;

namespace Cairn.Engine.Policy;

/// <summary>A value as it stands in a text: in quotes of any kind, also escaped ones, or bare up to where a value of its kind ends.</summary>
/// <param name="Start">Offset of the first character, behind the quote.</param>
/// <param name="Length">Number of characters, without quotes; 0 where there is no value.</param>
/// <param name="IsQuoted">Whether a pair of quotes holds it.</param>
internal readonly record struct TextValue(int Start, int Length, bool IsQuoted)
{
    /// <summary>A value is looked at no further than this, so that no text is read again and again.</summary>
    private const int Longest = 4096;
    private const int LongestBare = 256;

    private const int MostBackslashes = 7;

    /// <summary>What a bare value is made of; letters of Latin-1 too.</summary>
    private static readonly SearchValues<char> Bare =
        SearchValues.Create(string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)).Where(c => !"\"'`<>\\".Contains(c)).ToArray());

    private static readonly SearchValues<char> Breaks = SearchValues.Create(",;&|)]}");

    /// <summary>Offset of the first character behind the value.</summary>
    public int End => Start + Length;

    /// <summary>The value's characters.</summary>
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, Length);

    /// <summary>The value that starts at <paramref name="at"/>, with or without quotes.</summary>
    public static TextValue Read(string text, int at)
    {
        var quote = OpeningQuote(text, at);
        if (quote > 0 && ReadQuoted(text, at, quote) is { } quoted) return quoted;
        return ReadBare(text, at + quote);
    }

    /// <summary>The length of the quote at this place: ", ', `, also behind backslashes, &amp;quot; or a typographic one. 0 where there is none.</summary>
    public static int OpeningQuote(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && i - at < MostBackslashes && text[i] == '\\') i++;
        if (i >= text.Length) return 0;
        if (text[i] is '"' or '\'' or '`')
        {
            var isTriple = i == at && i + 2 < text.Length && text[i + 1] == text[i] && text[i + 2] == text[i];
            return isTriple ? 3 : i + 1 - at;
        }
        if (i > at) return 0;
        if (text[at] is '“' or '”' or '„' or '‘' or '’' or '‚' or '«' or '»' or '「' or '『') return 1;
        foreach (var entity in (ReadOnlySpan<string>)["&quot;", "&#34;", "&#39;", "&apos;"])
            if (text[at..].StartsWith(entity)) return entity.Length;
        return 0;
    }

    /// <summary>A bare value that was cut off for its length, whole. To be asked once a value counts.</summary>
    public TextValue Whole(string text) =>
        IsQuoted || Length < LongestBare ? this : this with { Length = Length + BareLength(text.AsSpan(End)) };

    private static TextValue? ReadQuoted(string text, int at, int quote)
    {
        var window = text.AsSpan(at + quote, Math.Min(text.Length - at - quote, Longest));
        var opening = text.AsSpan(at, quote);
        var length = opening[^1] switch
        {
            '"' or '\'' or '`' when opening.Length != 3 || opening[0] == '\\' => LengthToQuote(window, opening[^1], opening.Length - 1),
            '“' or '”' or '„' => window.IndexOfAny('”', '“', '\n'),
            '‘' or '’' or '‚' => window.IndexOfAny('’', '‘', '\n'),
            '«' or '»' => window.IndexOfAny('»', '«', '\n'),
            '「' or '『' => window.IndexOfAny('」', '』', '\n'),
            _ => window.IndexOf(opening),
        };
        if (length < 0 || (length < window.Length && window[length] == '\n')) return null;
        return new TextValue(at + quote, length, true);
    }

    /// <summary>Up to the quote that stands behind no more backslashes than the opening one; -1 where the line or the window ends first.</summary>
    private static int LengthToQuote(ReadOnlySpan<char> window, char quote, int backslashes)
    {
        for (var i = 0; i < window.Length; i++)
        {
            var hit = window[i..].IndexOfAny(quote, '\n');
            if (hit < 0 || window[i + hit] == '\n') return -1;
            i += hit;
            var escapes = 0;
            while (escapes <= MostBackslashes && escapes < i && window[i - 1 - escapes] == '\\') escapes++;
            if (escapes <= backslashes) return i - escapes;
            if (backslashes == 0 && escapes % 2 == 0) return i;
        }
        return -1;
    }

    private static TextValue ReadBare(string text, int at)
    {
        var length = BareLength(text.AsSpan(at, Math.Min(text.Length - at, LongestBare)));
        var value = text.AsSpan(at, length);
        value = value[..LengthToBreak(value)];
        value = value.TrimEnd(".,;:|&");
        if (value.EndsWith("**")) value = value[..^2];
        return new TextValue(at, value.Length, false);
    }

    private static int BareLength(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var hit = text[i..].IndexOfAnyExcept(Bare);
            if (hit < 0) return text.Length;
            i += hit;
            if (text[i] is >= 'À' and <= 'ÿ') continue;
            // A backslash ends a value where it escapes what stands behind it in quoted code: \n, \", \\.
            if (text[i] == '\\' && i > 0 && i + 1 < text.Length && !"nrtu\"'\\`".Contains(text[i + 1]) && text[i + 1] > ' ') continue;
            return i;
        }
        return text.Length;
    }

    /// <summary>A bracket that closes what the value did not open, a comma, a separator behind which another name stands, or a doubled sign that joins conditions ends a value.</summary>
    private static int LengthToBreak(ReadOnlySpan<char> value)
    {
        var open = 0;
        var counted = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var hit = value[i..].IndexOfAny(Breaks);
            if (hit < 0) break;
            i += hit;
            switch (value[i])
            {
                case ')' or ']' or '}':
                    open += Opened(value[counted..i]);
                    counted = i + 1;
                    if (--open < 0) return i;
                    break;
                case '|' or '&' when i + 1 < value.Length && value[i + 1] == value[i]:
                    return i;
                case ',' or ';':
                    return i;
                default:
                    if (StartsPair(value[(i + 1)..])) return i;
                    break;
            }
        }
        return value.Length;
    }

    private static int Opened(ReadOnlySpan<char> text) => text.Count('(') + text.Count('[') + text.Count('{');

    /// <summary>"name=" or "name:", as the next part of a list or an address has it.</summary>
    private static bool StartsPair(ReadOnlySpan<char> rest)
    {
        var i = 0;
        while (i < rest.Length && i < 40 && (char.IsAsciiLetterOrDigit(rest[i]) || rest[i] is '_' or '-' or '.')) i++;
        return i > 0 && i < rest.Length && rest[i] is '=' or ':';
    }
}
