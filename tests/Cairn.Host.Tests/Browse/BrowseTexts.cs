using System.Text;
using Cairn.Engine.Entries;
using Cairn.Host.Browse;
using CsCheck;

namespace Cairn.Host.Tests.Browse;

/// <summary>Texts of every width, entries made of them, and what a terminal takes for a line.</summary>
internal static class BrowseTexts
{
    // Narrow, wide, joined, with marks on them, without width, and what acts on a terminal; halves of characters too.
    private static readonly string[] Pieces =
    [
        "a", "word", " ", "  ", "a long sentence of words", "漢", "漢字かな", "한글", "ｱ", "Ａ", "😀", "👨‍👩‍👧", "🇩🇪", "❤️", "👍🏽", "e\u0301", "\u0301", "\u200b", "\u200d", "\ufeff",
        "עברית", "العربية", "\u202e", "\u2066", "\u200f", "\e[2J", "\e]0;title\a", "\u009b31m", "\0", "\b", "\r", "\t", "\u2028", "\u2029", "\ud83d", "\ude00", "\u00ad", "…", "─", "0123456789012345678901234567890123456789",
    ];

    /// <summary>One line of text, as a title is.</summary>
    public static readonly Gen<string> Line = Gen.OneOf(Pieces).List[0, 12].Select(static pieces => string.Concat(pieces));

    /// <summary>Several lines of text, as a body is.</summary>
    public static readonly Gen<string> Lines = Line.List[0, 30].Select(static lines => string.Join('\n', lines));

    /// <summary>A size that a terminal may have, and some that none has.</summary>
    public static readonly Gen<ScreenSize> Size = Gen.Select(Gen.Int[0, 120], Gen.Int[0, 40], static (width, height) => new ScreenSize(width, height));

    /// <summary>An entry of a list.</summary>
    public static IndexItem Item(int number, string title, string? state = null) => new()
    {
        Id = $"{number:0000000000000000}",
        Title = title,
        EntryType = number % 3 == 0 ? title : "note",
        Project = title,
        CreatedAt = DateTimeOffset.UnixEpoch.AddHours(number),
        State = state,
        SupersededBy = state is "superseded" ? $"{number + 1:0000000000000000}" : null,
        Snippet = title,
        SourceRef = title,
    };

    /// <summary>An entry, whole.</summary>
    public static Entry Entry(string id, string title, string body) => new()
    {
        Id = id, Title = title, Body = body, EntryType = "note", Project = title, Origin = "user", State = "active", CreatedAt = DateTimeOffset.UnixEpoch, Tags = [title], SourceRef = title,
    };

    /// <summary>
    /// How many columns a text takes at most, told apart from the program's own way: a character of the wide blocks two, a
    /// mark none, anything else one.
    /// </summary>
    public static int Columns(string text) => text.EnumerateRunes().Sum(static rune => rune.Value switch
    {
        0x200B or 0x200D or 0xFEFF or 0xFE0F => 0,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 and <= 0x1FAFF => 2,
        _ => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark ? 0 : 1,
    });

    /// <summary>Whether nothing in a text acts on a terminal.</summary>
    public static bool IsHarmless(string text) => !text.Any(static c =>
        char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))
        && IsWhole(text);

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
