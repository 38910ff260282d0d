using System.Text;
using Cairn.Engine.Ingestion;
using CsCheck;

namespace Cairn.Engine.Tests.Ingestion;

public sealed class TextChunksTests
{
    [Fact]
    public void Cut_AnyText_GivesItBackInPartsWithinTheLimit() =>
        Gen.Select(Gen.OneOf(Gen.Const("a"), Gen.Const("ä"), Gen.Const("日"), Gen.Const("😀"), Gen.Const("\n"), Gen.Const("\n\n"), Gen.Const(" ")).List[0, 200].Select(string.Concat), Gen.Int[4, 60]).Sample((text, max) =>
        {
            var parts = TextChunks.Cut(text, max).ToList();
            return string.Concat(parts) == text && parts.TrueForAll(part => Encoding.UTF8.GetByteCount(part) <= max);
        });

    [Fact]
    public void Cut_LongText_CutsAtABlankLine() =>
        Assert.Equal(["aaaa\nbbbb\n\n", "cccccccc\n\n", "dddddddddddd", "dd"], TextChunks.Cut("aaaa\nbbbb\n\ncccccccc\n\ndddddddddddddd", 12));
}
