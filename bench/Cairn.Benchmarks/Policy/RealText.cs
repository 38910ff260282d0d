using System.Text;

namespace Cairn.Benchmarks.Policy;

/// <summary>A piece of a file that people wrote, of about 1 kB, cut between lines.</summary>
internal sealed record Piece(string Path, int Line, string Text);

/// <summary>
/// The repository's own documents and source, and the Markdown of the packages that tests/clients installs. The corpus'
/// own source is left out: it is the exam.
/// </summary>
internal static class RealText
{
    private const int Size = 1_000;
    private static readonly string[] LeftOut = ["bin", "obj", "artifacts", "TestResults", "node_modules", ".git"];

    public static IEnumerable<(string Name, IReadOnlyList<Piece> Pieces)> Of(string root)
    {
        var own = Files(root).Where(file => !file.StartsWith(Path.Combine(root, "bench", "Cairn.Benchmarks", "Policy"), StringComparison.Ordinal)).ToArray();
        yield return ("repository *.md", Pieces(root, own, ".md"));
        yield return ("repository *.cs", Pieces(root, own, ".cs"));
        var packages = new DirectoryInfo(Path.Combine(root, "tests", "clients", "node_modules"));
        if (packages.Exists)
            yield return ("node_modules *.md", Pieces(root, packages.EnumerateFiles("*.md", SearchOption.AllDirectories).Select(file => file.FullName), ".md"));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(child => !LeftOut.Contains(Path.GetFileName(child)))
            .SelectMany(Files));

    private static List<Piece> Pieces(string root, IEnumerable<string> files, string extension) =>
    [
        .. files.Where(file => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            .SelectMany(file => Cut(Path.GetRelativePath(root, file), File.ReadAllLines(file))),
    ];

    private static IEnumerable<Piece> Cut(string path, string[] lines)
    {
        var text = new StringBuilder();
        var first = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            text.Append(lines[i]).Append('\n');
            if (text.Length < Size && i < lines.Length - 1) continue;
            yield return new Piece(path, first + 1, text.ToString());
            text.Clear();
            first = i + 1;
        }
    }
}
