using Cairn.Engine.Transfer.Formats;

namespace Cairn.Engine.Transfer;

/// <summary>The formats that can be imported, and how a file shows which one it is.</summary>
internal static class ImportFormats
{
    /// <summary>What cairn export writes.</summary>
    public const string JsonLines = ExportService.JsonLines;

    /// <summary>What cairn export --format markdown writes, and anybody's notes.</summary>
    public const string Markdown = ExportService.Markdown;

    /// <summary>The database of codex-mem.</summary>
    public const string CodexMem = "codex-mem";

    /// <summary>The file of @modelcontextprotocol/server-memory.</summary>
    public const string ServerMemory = "server-memory";

    /// <summary>The database of claude-mem.</summary>
    public const string ClaudeMem = "claude-mem";

    /// <summary>The database of engram.</summary>
    public const string Engram = "engram";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [JsonLines, Markdown, CodexMem, ServerMemory, ClaudeMem, Engram];

    /// <summary>Opens a file or folder as the format that is named, or as the one that it shows.</summary>
    /// <exception cref="EngineException">There is none, or it shows none.</exception>
    internal static IImportSource Open(string path, string? format)
    {
        if (format is not null && !All.Contains(format)) throw EngineException.Invalid("format", $"is none of {string.Join(", ", All)}");
        if (Directory.Exists(path))
            return format is null or Markdown ? new MarkdownSource(path) : throw EngineException.Invalid(path, $"is a folder; {format} is a file");
        if (!File.Exists(path)) throw EngineException.Invalid(path, "there is no such file or folder");
        // What has no length may be a pipe or a device, which would be waited for.
        if (new FileInfo(path).Length == 0) throw EngineException.Invalid(path, "is empty");

        var database = SourceFile.Head(path, 16).AsSpan().SequenceEqual("SQLite format 3\0"u8);
        if (format is CodexMem or ClaudeMem or Engram || (database && format is null)) return DatabaseSource.Open(path, format);
        if (database) throw EngineException.Invalid(path, $"is a SQLite database, not {format}");
        return (format ?? Shown(path)) switch
        {
            JsonLines => new JsonLinesSource(path),
            ServerMemory => new ServerMemorySource(path),
            _ => new MarkdownSource(path),
        };
    }

    private static string Shown(string path)
    {
        if (Path.GetExtension(path).Equals(".md", StringComparison.OrdinalIgnoreCase)) return Markdown;
        var first = FirstLine(path);
        if (first is null) throw Unknown(path);
        var fields = first.Value;
        if (fields.Loose("format") is "cairn") return JsonLines;
        return fields.Loose("type") is "entity" or "relation" ? ServerMemory : throw Unknown(path);
    }

    private static JsonFields? FirstLine(string path)
    {
        try
        {
            foreach (var (_, fields, _) in JsonLinesSource.Lines(path)) return fields is { } line ? line.Copy() : null;
            return null;
        }
        catch (EngineException error) when (error.Code == ErrorCode.InvalidArgument && error.InnerException is null)
        {
            return null;
        }
    }

    private static EngineException Unknown(string path) =>
        EngineException.Invalid(path, $"shows none of the formats {string.Join(", ", All)}; name it: cairn import FORMAT PATH");
}
