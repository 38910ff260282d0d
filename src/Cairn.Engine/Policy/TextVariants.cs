namespace Cairn.Engine.Policy;

/// <summary>
/// The other ways in which a text can be read, where it gives cause: with invisible characters taken out and look-alikes made
/// plain, with escapes and encodings undone, one inside of another up to twice, and with cut tokens put together.
/// </summary>
internal static class TextVariants
{
    /// <summary>How many decodings may lie inside of each other.</summary>
    private const int MaxDecodings = 2;

    /// <summary>
    /// All variants of a text together are at most so many times as long as the text and <see cref="Allowance"/>. What would
    /// go beyond is not looked at, so no text costs more than in proportion to its length. The shallow ones come first.
    /// </summary>
    private const int MaxGrowth = 3;

    /// <summary>In characters: short texts are looked at in every way.</summary>
    private const int Allowance = 32 * 1024;

    private static readonly Func<TextVariant, TextVariant?>[] Decoders = [EncodedSegments.Of, EscapeDecoding.Of, QuotedPrintable.Of];

    /// <summary>The variants, made as they are asked for; the text itself is not one of them.</summary>
    public static IEnumerable<TextVariant> Of(string text)
    {
        var budget = Allowance + ((long)MaxGrowth * text.Length);
        var readings = new Queue<TextVariant>([new TextVariant(text)]);
        while (readings.TryDequeue(out var reading))
        {
            var plain = reading;
            if (CharacterFolding.Of(reading) is var (folded, changed) && Fits(folded))
            {
                plain = folded;
                yield return changed;
            }
            if (LineJoining.Of(plain) is { } joined && Fits(joined)) yield return joined;
            if (plain.Decodings == MaxDecodings) continue;
            foreach (var decoder in Decoders)
            {
                if (decoder(plain) is not { } decoded || !Fits(decoded)) continue;
                readings.Enqueue(decoded);
                yield return decoded;
            }
        }

        bool Fits(TextVariant variant)
        {
            if (variant.Text.Length > budget) return false;
            budget -= variant.Text.Length;
            return true;
        }
    }
}
