using System.Buffers;
using System.Text.Json;

namespace Cairn.Engine.Search;

/// <summary>
/// The files that an entry names: its source, the list `paths` in its metadata, and what looks like a path in its text.
/// Relative with slashes, as git writes them, without a line or an anchor behind. Pure; whether they exist is another
/// question.
/// </summary>
internal static class NamedPaths
{
    /// <summary>How many files of one entry count, those of source and metadata first.</summary>
    public const int Max = 8;

    private const int MaxLength = 200;
    private const int MaxScanned = 16 * 1024;
    private static readonly SearchValues<char> Breaks = SearchValues.Create(" \t\r\n\"'`()[]{}<>|,;*?=");
    private static readonly SearchValues<char> Extension = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>The paths of an entry.</summary>
    /// <param name="root">The repository's root: what lies in it by its whole path counts as well.</param>
    /// <param name="sourceRef">Its source.</param>
    /// <param name="metadata">Its metadata, a JSON object.</param>
    /// <param name="text">Its text.</param>
    public static List<string> Of(string root, string? sourceRef, string? metadata, string text)
    {
        var paths = new List<string>();
        void Add(ReadOnlySpan<char> name, bool isNamed)
        {
            if (paths.Count < Max && Read(root, name, isNamed) is { } path && !paths.Contains(path)) paths.Add(path);
        }

        if (sourceRef is not null) Add(sourceRef, isNamed: true);
        foreach (var path in Listed(metadata)) Add(path, isNamed: true);
        var left = text.AsSpan(0, Math.Min(text.Length, MaxScanned));
        while (left.Length > 0 && paths.Count < Max)
        {
            var length = left.IndexOfAny(Breaks);
            var word = length < 0 ? left : left[..length];
            if (word.IndexOfAny('/', '\\', '.') >= 0) Add(word, isNamed: false);
            left = length < 0 ? default : left[(length + 1)..];
        }
        return paths;
    }

    private static string? Read(string root, ReadOnlySpan<char> name, bool isNamed)
    {
        if (name.Length > MaxLength + root.Length || name.Contains("://", StringComparison.Ordinal) || name.IndexOfAnyInRange('\0', '\x1F') >= 0) return null;
        var path = name.ToString().Replace('\\', '/');
        var folder = root.Replace('\\', '/').TrimEnd('/') + "/";
        if (path.StartsWith(folder, StringComparison.Ordinal)) path = path[folder.Length..];
        if (path.IndexOf('#', StringComparison.Ordinal) is >= 0 and var anchor) path = path[..anchor];
        // Drive letters aside, what follows a colon is a line.
        if (path.IndexOf(':', StringComparison.Ordinal) is >= 0 and var line) path = path[..line];
        path = path.TrimEnd('.', '!', '/');
        while (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        if (path.Length is 0 or > MaxLength || path[0] is '/' or '-' or '~' || path.Split('/').Any(static part => part is "" or "." or "..")) return null;
        return isNamed || path.Contains('/', StringComparison.Ordinal) || HasExtension(path) ? path : null;
    }

    /// <summary>Whether a path ends like a file: a dot, and up to eight letters or digits.</summary>
    public static bool HasExtension(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > 0 && path.Length - dot - 1 is >= 1 and <= 8 && path.AsSpan(dot + 1).IndexOfAnyExcept(Extension) < 0 && !char.IsAsciiDigit(path[dot + 1]);
    }

    private static IEnumerable<string> Listed(string? metadata)
    {
        if (metadata is null || !metadata.Contains("paths", StringComparison.Ordinal)) return [];
        using var document = JsonDocument.Parse(metadata);
        return document.RootElement.TryGetProperty("paths", out var paths) && paths.ValueKind == JsonValueKind.Array
            ? [.. paths.EnumerateArray().Where(static path => path.ValueKind == JsonValueKind.String).Select(static path => path.GetString()!).Take(Max)]
            : [];
    }
}
