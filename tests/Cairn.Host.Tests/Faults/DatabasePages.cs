using System.Buffers.Binary;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The pages of a database file by what they hold, as SQLite's file format says.</summary>
internal sealed class DatabasePages
{
    public const int Size = 4096;

    private readonly byte[] _bytes;
    private readonly HashSet<int> _known = [1];

    /// <summary>Looks through a database whose log is folded in.</summary>
    public DatabasePages(string path)
    {
        _bytes = File.ReadAllBytes(path);
        foreach (var root in DatabaseFile.Column(path, "SELECT name || ' ' || rootpage FROM sqlite_schema WHERE rootpage > 1"))
            Walk(root.StartsWith("entries_fts", StringComparison.Ordinal), int.Parse(root.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        WalkFree();
        for (var page = 2; page <= _bytes.Length / Size; page++)
            if (!_known.Contains(page)) Add("overflow", page);
    }

    /// <summary>Page numbers by kind: interior, leaf, index, full-text, free, overflow.</summary>
    public Dictionary<string, List<int>> Of { get; } = [];

    private void Walk(bool fullText, int page)
    {
        var start = (page - 1) * Size;
        var kind = _bytes[start];
        Add(fullText ? "full-text" : kind switch { 5 => "interior", 13 => "leaf", 2 or 10 => "index", _ => throw new InvalidDataException($"Page {page} is none of a tree.") }, page);
        if (kind is not (2 or 5)) return;
        var cells = BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(start + 3));
        for (var i = 0; i < cells; i++) Walk(fullText, Number(start + BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(start + 12 + 2 * i))));
        Walk(fullText, Number(start + 8));
    }

    private void WalkFree()
    {
        for (var trunk = Number(32); trunk != 0; trunk = Number((trunk - 1) * Size))
        {
            Add("free", trunk);
            var leaves = Number((trunk - 1) * Size + 4);
            for (var i = 0; i < leaves; i++) Add("free", Number((trunk - 1) * Size + 8 + 4 * i));
        }
    }

    private int Number(int offset) => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(offset));

    private void Add(string kind, int page)
    {
        _known.Add(page);
        if (!Of.TryGetValue(kind, out var pages)) Of[kind] = pages = [];
        pages.Add(page);
    }
}
