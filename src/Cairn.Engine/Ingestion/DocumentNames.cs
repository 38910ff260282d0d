namespace Cairn.Engine.Ingestion;

/// <summary>What a file is by its name, and how its sections are called. Pure.</summary>
internal static class DocumentNames
{
    /// <summary>The longest path that leaves room for an anchor in a source_ref.</summary>
    public const int MaxPath = 160;

    private static readonly HashSet<string> Markdown = new(StringComparer.OrdinalIgnoreCase) { ".md", ".markdown", ".mdown", ".mkd", ".mdx" };

    private static readonly HashSet<string> Text = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".text", ".rst", ".adoc", ".asciidoc", ".org", ".textile", ".rdoc", ".pod", ".wiki",
    };

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "README", "CHANGELOG", "CHANGES", "HISTORY", "NEWS", "CONTRIBUTING", "INSTALL", "TODO", "NOTES", "AUTHORS",
    };

    /// <summary>Whether it is Markdown.</summary>
    public static bool IsMarkdown(string path) => Markdown.Contains(Extension(path));

    /// <summary>Whether it is taken from a folder without being named: Markdown, plain text and the like, or a README.</summary>
    public static bool IsDocument(string path) => IsMarkdown(path) || Text.Contains(Extension(path)) || Names.Contains(Path.GetFileName(path));

    /// <summary>The source_ref of a file, or of a place in it. A # in a path is written %23, so that the first # ends the path.</summary>
    public static string SourceRef(string path, string? anchor) => anchor is null ? Escape(path) : $"{Escape(path)}#{anchor}";

    /// <summary>The path in a source_ref.</summary>
    public static string PathOf(string sourceRef) => sourceRef.Split('#', 2)[0].Replace("%23", "#", StringComparison.Ordinal);

    private static string Escape(string path) => path.Replace("#", "%23", StringComparison.Ordinal);

    // A name that only begins with a dot has no extension.
    private static string Extension(string path) => Path.GetFileName(path) is ['.', ..] name && name.LastIndexOf('.') == 0 ? name : Path.GetExtension(path);
}
