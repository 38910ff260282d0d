using System.Globalization;
using System.Text;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// Writes an export as a folder: a Markdown file an entry, in a folder a project, and beside them the list of what is no
/// entry (header, projects, sessions, purged ids) as JSON Lines. It is built under another name and moved into place.
/// </summary>
internal sealed class MarkdownFolder : IExportTarget, IDisposable
{
    /// <summary>The list's name.</summary>
    public const string ListName = "cairn.jsonl";

    private const int MaxSlug = 60;

    private static readonly HashSet<string> ReservedNames = new(
        ["con", "prn", "aux", "nul", .. Enumerable.Range(1, 9).SelectMany(static number => new[] { $"com{number}", $"lpt{number}" })], StringComparer.OrdinalIgnoreCase);

    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _list;
    private readonly JsonLinesWriter _lines;
    private readonly Dictionary<string, string> _folders = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    private MarkdownFolder(string path)
    {
        _path = path;
        _temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        ExportFile.CreateFolder(_temporary);
        _list = ExportFile.Create(Path.Combine(_temporary, ListName));
        _lines = new JsonLinesWriter(_list);
    }

    /// <summary>Begins an export to a folder that is new or empty.</summary>
    public static MarkdownFolder Create(string path)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (File.Exists(path)) throw EngineException.Invalid("output", $"{path} is a file; name a folder");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw EngineException.Invalid("output", $"{path} is not empty; name a new folder");
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent)) throw new DirectoryNotFoundException();
        return new MarkdownFolder(path);
    }

    public void Line(byte[] json) => _lines.Line(json);

    public void Entry(EntryRecord entry, long number)
    {
        var date = entry.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        using var file = ExportFile.Create(Path.Combine(Folder(entry.Project!), $"{date}-{Slug(entry.Title!)}-{entry.Id}.md"));
        file.Write(FrontMatter.Write(CairnFormat.FrontMatter(entry, number), entry.Body));
    }

    public void End()
    {
        _lines.End();
        _list.Flush(flushToDisk: true);
    }

    /// <summary>Gives the folder its name.</summary>
    public void Publish()
    {
        _list.Dispose();
        if (Directory.Exists(_path)) Directory.Delete(_path); // empty, or it fails
        Directory.Move(_temporary, _path);
    }

    public void Dispose()
    {
        _list.Dispose();
        if (Directory.Exists(_temporary)) Directory.Delete(_temporary, recursive: true);
    }

    private string Folder(string project)
    {
        if (_folders.TryGetValue(project, out var known)) return known;
        var slug = Slug(project);
        if (ReservedNames.Contains(slug)) slug += "-";
        var name = slug;
        for (var number = 2; !_taken.Add(name); number++) name = $"{slug}-{number}";
        var folder = Path.Combine(_temporary, name);
        ExportFile.CreateFolder(folder);
        return _folders[project] = folder;
    }

    // Letters and digits of any script; the rest is a hyphen, so that the name is good on every file system.
    private static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in text)
        {
            if (slug.Length == MaxSlug) break;
            if (char.IsLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        var name = slug.ToString().Trim('-');
        return name.Length > 0 ? name : "untitled";
    }
}
