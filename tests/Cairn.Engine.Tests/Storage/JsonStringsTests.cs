using Cairn.Engine.Storage;
using CsCheck;

namespace Cairn.Engine.Tests.Storage;

public sealed class JsonStringsTests
{
    [Fact]
    public void Read_Written_IsTheSameList() => Gen.String.Where(text => text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar)).List[1, 5].Sample(list =>
        JsonStrings.Read(JsonStrings.Write(list)) is { } read && read.SequenceEqual(list));

    [Fact]
    public void Read_NothingOrEmpty_IsNull()
    {
        Assert.Null(JsonStrings.Read(null));
        Assert.Null(JsonStrings.Read(JsonStrings.Write([])));
    }
}
