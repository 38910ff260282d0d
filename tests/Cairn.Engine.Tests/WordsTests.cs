namespace Cairn.Engine.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData("one two", "one,two")]
    [InlineData("e\u0301te\u0301", "e\u0301te\u0301")]
    [InlineData("\u0301a", "a")]
    [InlineData("a_b-c", "a,b,c")]
    [InlineData("𠮷野家", "𠮷野家")]
    [InlineData("x²½Ⅷ٣", "x²½Ⅷ٣")]
    [InlineData("🚀a🚀", "a")]
    public void Of_Text_AreItsRunsOfLettersAndDigits(string text, string words) => Assert.Equal(words, string.Join(',', Words.Of(text)));
}
