namespace Cairn.Engine.Capture.Sessions;

/// <summary>The files that a patch in Codex's own form names.</summary>
internal static class PatchPaths
{
    private const string Begin = "*** Begin Patch";

    private static readonly string[] Headers = ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "];

    /// <summary>The files, in their order; none when the text holds no patch.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        if (!text.Contains(Begin, StringComparison.Ordinal)) return [];
        var paths = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
            foreach (var header in Headers)
                if (line.StartsWith(header, StringComparison.Ordinal) && line[header.Length..].Trim() is { Length: > 0 } path && paths.Count < 200) paths.Add(path.ToString());
        return paths;
    }
}
