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

    /// <summary>The length of the longest beginning of a text with at most so many tokens; it splits no surrogate pair.</summary>
    public static int Beginning(string text, int max)
    {
        if (max <= 0) return 0;
        var length = Encoding.Value.GetIndexByTokenCount(text, max, out _, out _);
        return length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
    }
}
