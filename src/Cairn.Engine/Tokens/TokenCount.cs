using Microsoft.ML.Tokenizers;

namespace Cairn.Engine.Tokens;

/// <summary>
/// The tokens (o200k_base) of a text, as current models count them. The first count loads the vocabulary: a quarter of a
/// second, and some 50 MB. What only has to stay below a budget asks <see cref="Fits"/>, which rarely needs it.
/// </summary>
internal static class TokenCount
{
    private static readonly Lazy<Tokenizer> Encoding = new(static () => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>How many tokens a text has.</summary>
    public static int Of(string text) => Encoding.Value.CountTokens(text);

    /// <summary>Whether a text has at most so many tokens.</summary>
    public static bool Fits(string text, int max) => TokenBound.Of(text) <= max || Of(text) <= max;

    /// <summary>The length of a beginning of a text with at most so many tokens, the longest there is or nearly; it splits no surrogate pair.</summary>
    public static int Beginning(string text, int max)
    {
        for (var tokens = max; tokens > 0; tokens--)
        {
            var length = Encoding.Value.GetIndexByTokenCount(text, tokens, out _, out _);
            if (length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1])) length--;
            // Cut off behind a token, a text may be split otherwise than the whole: two spaces at an end are one token more.
            if (Of(text[..length]) <= max) return length;
        }
        return 0;
    }
}
