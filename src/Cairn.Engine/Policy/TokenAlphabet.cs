using System.Buffers;

namespace Cairn.Engine.Policy;

/// <summary>The characters that a kind of token is made of.</summary>
internal sealed class TokenAlphabet
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Decimal = "0123456789";

    private readonly SearchValues<char> set;

    private TokenAlphabet(string characters)
    {
        Characters = characters;
        set = SearchValues.Create(characters);
    }

    public static TokenAlphabet Digits { get; } = new(Decimal);

    /// <summary>Lower case, as most tokens write it.</summary>
    public static TokenAlphabet Hex { get; } = new(Decimal + "abcdef");

    public static TokenAlphabet LowerAlphanumeric { get; } = new(Lower + Decimal);

    public static TokenAlphabet UpperAlphanumeric { get; } = new(Upper + Decimal);

    public static TokenAlphabet Alphanumeric { get; } = new(Lower + Upper + Decimal);

    /// <summary>RFC 4648 section 6, without padding.</summary>
    public static TokenAlphabet Base32 { get; } = new(Upper + "234567");

    /// <summary>Letters and digits without the four that look alike, as Bitcoin's.</summary>
    public static TokenAlphabet Base58 { get; } = new("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

    /// <summary>RFC 4648 section 4, without padding.</summary>
    public static TokenAlphabet Base64 { get; } = new(Lower + Upper + Decimal + "+/");

    /// <summary>RFC 4648 section 5, without padding.</summary>
    public static TokenAlphabet Base64Url { get; } = new(Lower + Upper + Decimal + "-_");

    /// <summary>Letters, digits and underscores.</summary>
    public static TokenAlphabet Word { get; } = new(Lower + Upper + Decimal + "_");

    /// <summary>Base64 of either kind, and dots: tokens of several parts.</summary>
    public static TokenAlphabet Dotted { get; } = new(Lower + Upper + Decimal + "-_.");

    /// <summary>What a token in an HTTP header may hold (RFC 6750).</summary>
    public static TokenAlphabet HeaderToken { get; } = new(Lower + Upper + Decimal + "-._~+/=");

    /// <summary>Every character, once.</summary>
    public string Characters { get; }

    /// <summary>How many characters at the start of the text belong to the alphabet; no more than <paramref name="limit"/> are looked at.</summary>
    public int RunLength(ReadOnlySpan<char> text, int limit)
    {
        var window = text[..Math.Min(text.Length, limit)];
        var end = window.IndexOfAnyExcept(set);
        return end < 0 ? window.Length : end;
    }
}
