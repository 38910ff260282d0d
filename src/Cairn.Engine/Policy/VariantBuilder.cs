using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>Makes a variant of a text from replacements, which come by position and do not overlap.</summary>
internal sealed class VariantBuilder(TextVariant parent)
{
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

    /// <summary>The variant; null when nothing was replaced.</summary>
    public TextVariant? Build(VariantKind kind) =>
        text is null ? null : new TextVariant(text.Append(parent.Text, taken, parent.Text.Length - taken).ToString(), parent, edits, kind);
}
