using System.Text;
using Cairn.Engine.Embeddings;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests.Embeddings;

public sealed class SentenceModelTests : IClassFixture<SentenceModelTests.Loaded>
{
    private readonly SentenceModel _model;

    public SentenceModelTests(Loaded loaded) => _model = loaded.Model;

    // The similarities that the model's makers publish, of 32-bit weights.
    [Theory]
    [InlineData("The cat sits outside", "The dog plays in the garden", 0.2838)]
    [InlineData("A man is playing guitar", "A woman watches TV", -0.0327)]
    [InlineData("The new movie is awesome", "The new movie is so great", 0.8939)]
    public void Similarity_OfPublishedPairs_IsAsPublished(string one, string other, double published)
    {
        var (a, b) = (_model.Embed(one), _model.Embed(other));
        var (x, y) = (ByteVector.Of(a), ByteVector.Of(b));

        Assert.InRange(a.Zip(b, static (left, right) => (double)left * right).Sum(), published - 0.03, published + 0.03);
        Assert.InRange(ByteVector.Dot(x.Values, y.Values) * x.Scale * y.Scale, published - 0.035, published + 0.035);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\u0001 \uD800")]
    [InlineData("日本語のテキスト และภาษาไทย 🙂")]
    public void Embed_AnyText_GivesAVectorOfLengthOne(string text)
    {
        var vector = _model.Embed(text);

        Assert.Equal(SentenceModel.Dimensions, vector.Length);
        Assert.InRange(vector.Sum(static value => (double)value * value), 0.999, 1.001);
    }

    // What the model was trained on: accents stripped, line ends between words, underscores and signs words of their own.
    [Theory]
    [InlineData("Café naïve\r\nnext", "cafe naive next")]
    [InlineData("def get_user(x):\n\treturn x+y", "def get _ user ( x ) : return x + y")]
    public void Embed_TextAsItIsWritten_IsReadByItsWords(string written, string read) => Assert.Equal(_model.Embed(read), _model.Embed(written));

    [Fact]
    public void Embed_HalvesOfCharacters_ReadsWhatIsAroundThem() =>
        Assert.Equal(_model.Embed("a b"), _model.Embed(string.Concat("a", '\uD800', "b", '\uDC00', '\uFFFE')));

    [Fact]
    public void Dot_OfAnyBytes_IsTheSumOfTheirProducts() =>
        Gen.SByte[-127, 127].Array[SentenceModel.Dimensions].Select(Gen.SByte[-127, 127].Array[SentenceModel.Dimensions]).Sample(static pair =>
            ByteVector.Dot(pair.Item1, pair.Item2) == pair.Item1.Zip(pair.Item2, static (left, right) => left * right).Sum());

    [Fact]
    public void Passages_OfAnyText_CoverItInOrder_AndAreReadWhole()
    {
        var word = Gen.OneOf("retry", "policy.", "PostgreSQL", "\n\n", "\n", "日本語", "größe", "src/a/b.cs:42", "🙂", "x", "  ");
        word.List[0, 900].Sample(words =>
        {
            var body = string.Join(' ', words);
            var passages = Passages.Of(_model, "A title of some words", body, new DateTimeOffset(2026, 5, 7, 0, 0, 0, TimeSpan.Zero)).ToList();

            var end = 0;
            foreach (var passage in passages)
            {
                Assert.True(string.IsNullOrWhiteSpace(body[end..passage.Start]));
                Assert.InRange(_model.Count(passage.Text), 1, SentenceModel.MaxTokens - 2);
                Assert.StartsWith("A title of some words (7 May 2026)", passage.Text, StringComparison.Ordinal);
                end = passage.Start + passage.Length;
            }
            Assert.NotEmpty(passages);
            Assert.True(string.IsNullOrWhiteSpace(body[end..]));
        }, iter: 30);
    }

    [Fact]
    public void Passages_OfAShortText_AreTheTextAlone_WhereItSaysItsTitle() =>
        Assert.Equal([new Passage(0, 33, "We use PostgreSQL. It was a vote.")], Passages.Of(_model, "We use PostgreSQL.", "We use PostgreSQL. It was a vote.", null));

    [Fact]
    public void Passages_OfAnEndlessText_AreNoMoreThanTheLimit()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 40_000; i++) text.Append("word").Append(i).Append(' ');

        Assert.Equal(Passages.Most, Passages.Of(_model, "Long", text.ToString(), null).Count());
    }

    [Fact]
    public void Model_UnusedForMinutes_LeavesMemory_AndComesBack()
    {
        var time = new FakeTimeProvider();
        var unloaded = 0;
        using var embedder = new Embedder(ModelFiles.Folder, time) { Unloaded = () => unloaded++ };

        Assert.Null(embedder.TryUse(TimeSpan.Zero, static model => model.Embed("at once")));
        Assert.NotNull(embedder.Use(static model => model.Embed("first")));
        time.Advance(Embedder.IdleTime - TimeSpan.FromSeconds(10));
        Assert.NotNull(embedder.Use(static model => model.Embed("again")));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(embedder.IsLoaded);
        time.Advance(Embedder.IdleTime);
        Assert.False(embedder.IsLoaded);
        Assert.Equal(1, unloaded);
        Assert.NotNull(embedder.Use(static model => model.Embed("back")));
    }

    [Fact]
    public void Model_WhoseFileIsDamaged_IsAnObstacle_AndNoException()
    {
        var folder = Directory.CreateTempSubdirectory("cairn-test-");
        File.WriteAllText(Path.Combine(folder.FullName, "model.onnx"), "no model");
        File.WriteAllText(Path.Combine(folder.FullName, "vocab.txt"), "[PAD]");
        using var embedder = new Embedder(folder.FullName, TimeProvider.System);

        Assert.Null(embedder.Obstacle);
        Assert.Null(embedder.Use(static model => model.Embed("a text")));
        Assert.Contains("cannot be loaded", embedder.Obstacle, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    public sealed class Loaded : IDisposable
    {
        internal SentenceModel Model { get; } = SentenceModel.Load(ModelFiles.Folder);

        public void Dispose() => Model.Dispose();
    }
}
