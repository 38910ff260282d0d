using System.Buffers;
using System.Security.Cryptography;

namespace Cairn.Engine.Policy.Rules;

/// <summary>Seed phrases of wallets (BIP-39): 12 to 24 words of one list, of which the last holds a checksum.</summary>
internal static class SeedPhraseRules
{
    private const int BitsInWord = 11;
    private const int LongestWord = 8;

    /// <summary>A run of more words is the list itself or a text about it.</summary>
    private const int LongestRun = 48;

    /// <summary>Phrases of tests repeat one word.</summary>
    private const int FewestDistinctWords = 8;

    private static readonly SearchValues<char> BetweenWords = SearchValues.Create(" \t\r\n,\"'.)0123456789-");

    private static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n.,\"'");

    private static readonly string[] Names = ["mnemonic", "seed", "seed phrase", "seed_phrase", "seedphrase", "recovery phrase", "recovery_phrase", "recoveryphrase", "seed words", "recovery words", "backup phrase", "secret phrase", "secret recovery phrase", "mnemonic phrase"];

    private static readonly int[] Lengths = [24, 21, 18, 15, 12];

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new ParserRule
        {
            Id = "seed-phrase",
            Description = "Seed phrase of a wallet (BIP-39)",
            Keywords = ["seed", "mnemonic", "recovery", "wallet", "phrase", "bip39", "bip-39", "metamask", "ledger", "trezor", "backup words"],
            Grammar = "12, 15, 18, 21 or 24 words of the English list with a valid checksum, or directly behind " + string.Join('|', Names),
            Parse = Find,
            Examples = keys =>
            [
                new("seed phrase: ", Phrase(keys, 12), "."),
                new("MNEMONIC=\"", Phrase(keys, 12), "\""),
                new("my wallet's recovery words are\n\n", Phrase(keys, 24), "\n\n"),
                new("mnemonic: '", Phrase(keys, 15), "'"),
                new("mnemonic = [\"", string.Join("\", \"", Phrase(keys, 12).Split(' ')), "\"]"),
                new("Recovery phrase:\n1. ", string.Concat(Phrase(keys, 12).Split(' ').Select((word, index) => index == 0 ? word : $"\n{index + 1}. {word}")), ".\n"),
                new("electrum seed: ", string.Join(' ', SeedWords.Numbers.Keys.Skip(keys.Digits(3)[0] * 20).Take(12)), "."),
                new("wallet backup - ", Phrase(keys, 18).ToUpperInvariant(), "."),
            ],
            CounterExamples = _ =>
            [
                "mnemonic: test test test test test test test test test test test junk",
                "seed phrase: " + string.Join(' ', Enumerable.Repeat("abandon", 11)) + " about",
                "The seed phrase has twelve words that the wallet shows once; write them down and keep the paper safe.",
                "mnemonic: <twelve words>",
                "wallet: " + string.Join(' ', SeedWords.Numbers.Keys.Take(60)),
            ],
        },
    ];

    private static IEnumerable<TextValue> Find(string text)
    {
        var run = new List<(int Number, int Start, int End)>();
        for (var at = 0; at <= text.Length;)
        {
            var end = at;
            while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
            var number = NumberOf(text.AsSpan(at, end - at));
            if (number < 0 || (run.Count > 0 && !IsSeparator(text.AsSpan(run[^1].End, at - run[^1].End))))
            {
                if (PhraseIn(text, run) is { } phrase) yield return phrase;
                run.Clear();
            }
            if (number >= 0) run.Add((number, at, end));
            at = Math.Max(end, at + 1);
            while (at < text.Length && !char.IsAsciiLetter(text[at])) at++;
            if (at == text.Length)
            {
                if (PhraseIn(text, run) is { } phrase) yield return phrase;
                yield break;
            }
        }
    }

    private static int NumberOf(ReadOnlySpan<char> word)
    {
        if (word.Length is < 3 or > LongestWord) return -1;
        Span<char> lower = stackalloc char[LongestWord];
        word.ToLowerInvariant(lower);
        return SeedWords.Numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(lower[..word.Length], out var number) ? number : -1;
    }

    /// <summary>One space or line end, a comma, list numbers, and quotes in pairs.</summary>
    private static bool IsSeparator(ReadOnlySpan<char> between)
    {
        if (between.Length is 0 or > 12 || between.ContainsAnyExcept(BetweenWords)) return false;
        return between.Count('"') is 0 or 2 && between.Count('\'') is 0 or 2 && (between.ContainsAny(' ', '\n', ',')) && (between.IndexOfAny('.', ')', '-') < 0 || between.ContainsAnyInRange('0', '9'));
    }

    private static TextValue? PhraseIn(string text, List<(int Number, int Start, int End)> run)
    {
        if (run.Count is < 12 or > LongestRun) return null;
        foreach (var length in Lengths)
            for (var first = 0; first + length <= run.Count; first++)
                if (IsPhrase(run, first, length)) return Span(run, first, length);
        return IsNamed(text.AsSpan(0, run[0].Start)) ? WithoutChecksum(text, run) : null;
    }

    private static TextValue Span(List<(int Number, int Start, int End)> run, int first, int length) => new(run[first].Start, run[first + length - 1].End - run[first].Start, false);

    /// <summary>Under a name that says what follows no checksum is asked for: Electrum's phrases, with words of the same list, have another one.</summary>
    private static TextValue? WithoutChecksum(string text, List<(int Number, int Start, int End)> run)
    {
        var separator = text.AsSpan(run[0].End, run[1].Start - run[0].End);
        foreach (var length in Lengths)
        {
            if (length > run.Count || run.Take(length).Select(static word => word.Number).Distinct().Count() < FewestDistinctWords) continue;
            var behind = length < run.Count ? text.AsSpan(run[length - 1].End, run[length].Start - run[length - 1].End) : "";
            if (length == run.Count || (!behind.SequenceEqual(separator) && behind.ContainsAny(Breaks))) return Span(run, 0, length);
        }
        return null;
    }

    private static bool IsNamed(ReadOnlySpan<char> before)
    {
        before = before[^Math.Min(before.Length, 40)..].TrimEnd(" \t\r\n:=\"'`[(*\\1.-");
        foreach (var name in Names)
            if (before.EndsWith(name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsPhrase(List<(int Number, int Start, int End)> run, int first, int length)
    {
        var words = run.GetRange(first, length);
        if (words.Select(static word => word.Number).Distinct().Count() < FewestDistinctWords) return false;
        var bits = new byte[(length * BitsInWord + 7) / 8];
        for (var i = 0; i < length * BitsInWord; i++)
            if ((words[i / BitsInWord].Number >> (BitsInWord - 1 - i % BitsInWord) & 1) == 1) bits[i / 8] |= (byte)(0x80 >> i % 8);
        var checksumBits = length / 3;
        var entropy = bits.AsSpan(0, (length * BitsInWord - checksumBits) / 8);
        return SHA256.HashData(entropy)[0] >> (8 - checksumBits) == bits[entropy.Length] >> (8 - checksumBits);
    }

    /// <summary>A valid phrase of random entropy, for examples.</summary>
    private static string Phrase(KeyMaterial keys, int length)
    {
        var checksumBits = length / 3;
        var entropy = Convert.FromHexString(keys.Hex((length * BitsInWord - checksumBits) / 4));
        byte[] bits = [.. entropy, SHA256.HashData(entropy)[0]];
        var words = SeedWords.Numbers.Keys.ToArray();
        return string.Join(' ', Enumerable.Range(0, length).Select(word =>
            words[Enumerable.Range(word * BitsInWord, BitsInWord).Aggregate(0, (number, bit) => number << 1 | bits[bit / 8] >> (7 - bit % 8) & 1)]));
    }
}
