using System.Text;
using System.Text.RegularExpressions;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>A word of a query.</summary>
/// <param name="Token">As the full-text index holds it.</param>
/// <param name="Bytes">The same in UTF-8.</param>
/// <param name="IsPrefix">Whether all words that begin so are asked for.</param>
internal readonly record struct RankedTerm(string Token, byte[] Bytes, bool IsPrefix);

/// <summary>Reads what FullTextQuery writes: words in quotes, some of them prefixes, joined with OR.</summary>
internal static partial class RankedQuery
{
    private const int MostTerms = 200;

    /// <summary>The words; null when the expression is another, or holds a phrase: the full-text index knows their positions.</summary>
    public static List<RankedTerm>? Parse(string match, FullTextTokenizer tokenizer)
    {
        var terms = new List<RankedTerm>();
        var end = 0;
        foreach (Match term in Term().Matches(match))
        {
            if (end > 0 ? match.AsSpan(end, term.Index - end) is not " OR " : term.Index > 0) return null;
            end = term.Index + term.Length;
            var tokens = new List<byte[]>();
            tokenizer.Read(Encoding.UTF8.GetBytes(term.Groups[1].Value), token => tokens.Add(token.ToArray()));
            if (tokens is not [var only] || terms.Count == MostTerms) return null;
            terms.Add(new RankedTerm(Encoding.UTF8.GetString(only), only, term.Groups[2].Length > 0));
        }
        return end == match.Length && terms.Count > 0 ? terms : null;
    }

    [GeneratedRegex("\"([^\"]*)\"(\\*?)")]
    private static partial Regex Term();
}
