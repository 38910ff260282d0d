using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>Makes a variant of a text from replacements, which come by position and do not overlap.</summary>
internal sealed class VariantBuilder(TextVariant parent)
{
    /// <summary>Stands for what is left out: nothing that any rule accepts inside a secret.</summary>
    public const string Gap = "\n\0-\0\n";

    /// <summary>How much is kept on either side of a replacement, in characters; up to four times as much to reach the line's end.</summary>
    private const int Neighbourhood = 256;

    private readonly List<TextEdit> edits = [];
    private StringBuilder? text;
    private int taken;

    /// <summary>Puts <paramref name="replacement"/> in the stead of the span.</summary>
    public void Replace(int start, int end, ReadOnlySpan<char> replacement)
    {
        text ??= new StringBuilder(parent.Text.Length);
        text.Append(parent.Text, taken, start - taken);
        taken = end;
        // One for one moves nothing, and neighbours that are taken out together are one edit.
        var (length, sourceLength) = (replacement.Length, end - start);
        if (length == 0 && edits is [.., { Length: 0 } last] && last.At == text.Length)
            edits[^1] = last with { SourceLength = end - last.Source };
        else if (length != 1 || sourceLength != 1)
            edits.Add(new TextEdit(text.Length, length, start, sourceLength));
        text.Append(replacement);
    }

    /// <summary>
    /// As <see cref="Replace"/>, and leaves out what is far from all replacements: there the variant is the text itself, where
    /// whatever there is has been found.
    /// </summary>
    public void ReplaceInPlace(int start, int end, ReadOnlySpan<char> replacement)
    {
        LeaveOut(start - Neighbourhood);
        Replace(start, end, replacement);
    }

    /// <summary>The variant of replacements in place; null when there were none.</summary>
    public TextVariant? BuildInPlace(VariantKind kind)
    {
        if (text is not null) LeaveOut(parent.Text.Length);
        return Build(kind);
    }

    /// <summary>The variant; null when nothing was replaced.</summary>
    public TextVariant? Build(VariantKind kind) =>
        text is null ? null : new TextVariant(text.Append(parent.Text, taken, parent.Text.Length - taken).ToString(), parent, edits, kind);

    private void LeaveOut(int end)
    {
        var start = text is null ? 0 : taken + Neighbourhood;
        if (end - start <= Neighbourhood) return;
        var original = parent.Text.AsSpan();
        var reach = Math.Min(3 * Neighbourhood, (end - start) / 2);
        if (start > 0 && original.Slice(start, reach).IndexOf('\n') is >= 0 and var lineEnd) start += lineEnd;
        if (end < original.Length && original.Slice(end - reach, reach).LastIndexOf('\n') is >= 0 and var lineStart) end -= reach - lineStart;
        if (end > start) Replace(start, end, Gap);
    }
}
