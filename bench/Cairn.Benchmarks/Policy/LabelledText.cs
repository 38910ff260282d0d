using System.Security.Cryptography;
using System.Text;

namespace Cairn.Benchmarks.Policy;

/// <summary>How a text gives its secret away.</summary>
internal enum SecretGroup
{
    /// <summary>By the secret's own form: a vendor's published prefix, a private key, a password inside a URL.</summary>
    Structured,

    /// <summary>By what stands beside it: a telling name, flag, header or statement.</summary>
    Contextual,

    /// <summary>In a sentence, or written so that the plain form is not there: encoded, escaped, dumped, broken by invisible characters.</summary>
    Wrapped,
}

/// <summary>
/// One kind of text. It is written with its secret between <see cref="Mark"/>'s signs; a clean kind has no group and no marks.
/// </summary>
internal sealed record TextKind(string Name, SecretGroup? Group, Func<Draw, string> Write)
{
    private const char Opens = '\uE000';
    private const char Closes = '\uE001';
    private const int CleanTexts = 6;

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(Name));

    /// <summary>Whether nobody who writes rules may look at this kind's misses. A name's half is the same for ever.</summary>
    public bool HeldOut => _hash[0] % 2 == 1;

    /// <summary>A kind of token that is known by its own form, anywhere.</summary>
    public static TextKind Token(string name, string label, string variable, Func<Draw, string> token) =>
        new(name, SecretGroup.Structured, draw => Surroundings.Of(draw, label, variable, token(draw)));

    /// <summary>A kind of value that says nothing by itself, beside a name that does.</summary>
    public static TextKind Named(string name, Func<Draw, string> value, params string[] variables) =>
        new(name, SecretGroup.Contextual, draw => Surroundings.Named(draw, draw.Of(variables), value(draw)));

    /// <summary>A secret, as <see cref="Write"/> marks it.</summary>
    public static string Mark(string secret) => $"{Opens}{secret}{Closes}";

    /// <summary>This kind's texts of a seed: 2-6 with a secret, or six clean ones.</summary>
    public IEnumerable<LabelledText> Texts(int seed)
    {
        var count = Group is null ? CleanTexts : 2 + _hash[1] % 5;
        return Enumerable.Range(0, count).Select(number => Text(new Draw($"{seed}/{Name}/{number}")));
    }

    private LabelledText Text(Draw draw)
    {
        var written = Surroundings.Around(draw, Write(draw));
        var (start, end) = (written.IndexOf(Opens), written.IndexOf(Closes) - 1);
        var text = written.Replace($"{Opens}", "").Replace($"{Closes}", "");
        if (written.Length - text.Length != (Group is null ? 0 : 2))
            throw new InvalidOperationException($"A text of {Name} does not mark one secret, or is clean and marks one.");
        return Group is null ? new LabelledText(this, text, 0, 0) : new LabelledText(this, text, start, end - start);
    }
}

/// <summary>A text and where its secret is, in UTF-16 code units; the length is 0 in a clean text.</summary>
internal sealed record LabelledText(TextKind Kind, string Text, int Start, int Length)
{
    public int End => Start + Length;
}
