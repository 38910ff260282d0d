using System.Runtime.InteropServices;
using System.Text;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>An entry's text as the full-text index has it, in UTF-8.</summary>
internal readonly record struct EntryText(long Key, byte[] Title, byte[] Body, byte[] Beside);

/// <summary>The words of some entries in memory, by word: what a segment is made of, and what no segment has yet.</summary>
/// <param name="first">The key of the entry whose place is 0.</param>
/// <param name="size">How many places there are.</param>
internal sealed class MemoryPostings(long first, int size)
{
    private const int TitleWeight = 3, OtherWeight = 2;

    private readonly Dictionary<string, List<Posting>> _terms = new(StringComparer.Ordinal);
    private readonly List<int> _places = [];
    private int _place, _weight, _words;

    /// <summary>How many words each entry has, by place; 0 also where there is none.</summary>
    public int[] Lengths { get; } = new int[size];

    /// <summary>How many entries there are.</summary>
    public int Entries => _places.Count;

    /// <summary>Adds an entry, behind those that are there.</summary>
    public void Add(FullTextTokenizer tokenizer, EntryText text)
    {
        (_place, _words) = ((int)(text.Key - first), 0);
        _weight = TitleWeight;
        tokenizer.Read(text.Title, Add);
        _weight = OtherWeight;
        tokenizer.Read(text.Body, Add);
        tokenizer.Read(text.Beside, Add);
        Lengths[_place] = _words;
        _places.Add(_place);
    }

    /// <summary>How many entries there are up to a place.</summary>
    public int EntriesTo(int last)
    {
        var found = _places.BinarySearch(last);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>The list of a word, of the entries up to a place.</summary>
    public ListPlace? Find(string term, int last)
    {
        if (!_terms.TryGetValue(term, out var list)) return null;
        var postings = CollectionsMarshal.AsSpan(list);
        while (postings.Length > 0 && postings[^1].Place > last) postings = postings[..^1];
        if (postings.Length == 0) return null;
        var bytes = new ByteWriter(4 * postings.Length);
        PostingList.Write(postings, Lengths, bytes);
        return new ListPlace(bytes.Written.ToArray(), 0, bytes.Length, postings.Length);
    }

    /// <summary>The lists of all words that begin so, of the entries up to a place.</summary>
    public List<ListPlace> FindAll(string prefix, int last) =>
        [.. _terms.Keys.Where(term => term.StartsWith(prefix, StringComparison.Ordinal)).Select(term => Find(term, last)).OfType<ListPlace>()];

    /// <summary>All words in the order of their bytes, with their postings.</summary>
    public IEnumerable<(byte[] Term, List<Posting> Postings)> InOrder() => _terms
        .Select(static term => (Term: Encoding.UTF8.GetBytes(term.Key), Postings: term.Value))
        .Order(Comparer<(byte[] Term, List<Posting> Postings)>.Create(static (one, other) => one.Term.AsSpan().SequenceCompareTo(other.Term)));

    private void Add(ReadOnlySpan<byte> token)
    {
        _words++;
        Span<char> characters = token.Length <= 256 ? stackalloc char[256] : new char[token.Length];
        var term = characters[..Encoding.UTF8.GetChars(token, characters)];
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms.GetAlternateLookup<ReadOnlySpan<char>>(), term, out _);
        list ??= new List<Posting>(1);
        if (list.Count > 0 && list[^1].Place == _place) list[^1] = list[^1] with { Weight = list[^1].Weight + _weight };
        else list.Add(new Posting(_place, _weight));
    }
}
