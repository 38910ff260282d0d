using Cairn.Benchmarks.Policy.Clean;
using Cairn.Benchmarks.Policy.Secrets;

namespace Cairn.Benchmarks.Policy;

/// <summary>Which half of the kinds: rules are written against tune; holdout is the exam.</summary>
internal enum Split
{
    Tune,
    Holdout,
    All,
}

/// <summary>Labelled texts with and without secrets, the same for the same seed. A kind's texts do not change when another kind comes or goes.</summary>
internal static class PolicyCorpus
{
    private static readonly TextKind[] Kinds =
    [
        .. CloudTokens.All, .. DeveloperTokens.All, .. ServiceTokens.All, .. PrivateKeys.All, .. Addresses.All,
        .. NamedValues.All, .. Settings.All, .. Commands.All, .. Prose.All, .. Encoded.All,
        .. Placeholders.All, .. PublicMaterial.All, .. TalkAndCode.All,
    ];

    public static IReadOnlyList<LabelledText> Texts(int seed, Split split)
    {
        if (Kinds.CountBy(kind => kind.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new InvalidOperationException($"Two kinds are called {twice}.");
        return [.. Kinds.Where(kind => split == Split.All || kind.HeldOut == (split == Split.Holdout)).SelectMany(kind => kind.Texts(seed))];
    }
}
