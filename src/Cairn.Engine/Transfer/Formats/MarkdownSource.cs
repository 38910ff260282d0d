using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// A folder of Markdown files, or one file: an export of Cairn's, its projects and sessions from the list beside the
/// files, or anybody's notes, with front matter or without. Links to files and folders are not followed.
/// </summary>
internal sealed class MarkdownSource(string path) : IImportSource
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly string[] OwnNames = ["title", "type", "entry_type", "tags", "project", "source", "source_ref", "created_at", "created", "date", "session_id"];

    private readonly string _root = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;

    public string Format => ImportFormats.Markdown;

    public IEnumerable<ImportItem> Read()
    {
        if (!Directory.Exists(path)) return [Item(path)];
        var list = Path.Combine(path, MarkdownFolder.ListName);
        return (File.Exists(list) ? new JsonLinesSource(list).Read() : []).Concat(Files().Select(Item));
    }

    /// <summary>The files, an export's in the order in which it wrote them, and then the others by name.</summary>
    private List<string> Files() => SourceFile.Try(path, () =>
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        };
        return Directory.EnumerateFiles(path, "*.md", options).Select(static file => (File: file, Number: Number(file)))
            .OrderBy(static file => file.Number).ThenBy(static file => file.File, StringComparer.Ordinal).Select(static file => file.File).ToList();
    });

    private ImportItem Item(string file)
    {
        var where = Path.GetRelativePath(_root, file).Replace('\\', '/');
        try
        {
            // A file of no length may be a pipe or a device, which would be waited for.
            if (new FileInfo(file).Length == 0) return new ImportItem.Unreadable(where, "is empty");
            return Read(file, where);
        }
        catch (EngineException error)
        {
            return new ImportItem.Unreadable(where, error.Details.TryGetValue("reason", out var reason) && error.Details["field"] is "path" ? (string)reason : error.Message);
        }
    }

    private static ImportItem Read(string file, string where)
    {
        var text = Decode(SourceFile.ReadAll(file, MaxBytes));
        var (json, body) = FrontMatter.Split(text);
        using var document = JsonFields.Parse(Encoding.UTF8.GetBytes(json ?? "{}"), "front matter");
        var fields = new JsonFields(document.RootElement);
        if (fields.Json("cairn") is not { } version || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Note(fields, body, file, where);
        CairnFormat.RequireVersion(number);
        return new ImportItem.OfEntry(where, CairnFormat.Entry(fields, body));
    }

    private static ImportItem Note(JsonFields fields, string body, string file, string where) => new ForeignEntry
    {
        System = ImportFormats.Markdown,
        Id = where,
        Title = fields.Loose("title") ?? (body.AsSpan().TrimStart().StartsWith("#") ? null : Path.GetFileNameWithoutExtension(file)),
        Body = body,
        Type = fields.Loose("entry_type") ?? fields.Loose("type"),
        Project = fields.Loose("project"),
        SessionId = fields.Loose("session_id"),
        SourceRef = fields.Loose("source_ref") ?? fields.Loose("source") ?? where,
        Tags = fields.LooseList("tags"),
        Metadata = fields.Without(OwnNames),
        CreatedAt = (fields.Loose("created_at") ?? fields.Loose("created") ?? fields.Loose("date")) is { } date ? ForeignEntry.Time(date) : null,
        Latest = new DateTimeOffset(File.GetLastWriteTimeUtc(file)),
    }.ToItem(where);

    private static string Decode(byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text is ['\uFEFF', ..] ? text[1..] : text;
        }
        catch (DecoderFallbackException error)
        {
            throw EngineException.Invalid("file", $"is not UTF-8 text (byte {error.Index})");
        }
    }

    // Cairn writes the number as the third line.
    private static long Number(string file)
    {
        if (new FileInfo(file).Length == 0) return long.MaxValue;
        ReadOnlySpan<byte> head = SourceFile.Head(file, 64);
        var at = head.IndexOf("\nnumber: "u8);
        return head.StartsWith("---"u8) && at >= 0 && Utf8Parser.TryParse(head[(at + 9)..], out long number, out _) ? number : long.MaxValue;
    }
}
