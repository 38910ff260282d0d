using System.Buffers;

namespace Cairn.Host.Setup;

/// <summary>Writes a command line for the shell by which clients run their hooks: sh, or on Windows one that knows "…".</summary>
internal static class ShellText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+=,\\");

    /// <summary>The words as one line.</summary>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(static word => Word(word, OperatingSystem.IsWindows())));

    internal static string Word(string word, bool windows)
    {
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) && (windows || !word.Contains('\\'))) return word;
        return windows ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
