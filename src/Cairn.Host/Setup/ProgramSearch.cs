namespace Cairn.Host.Setup;

/// <summary>Looks for a program as a shell would.</summary>
internal static class ProgramSearch
{
    /// <summary>The first file of this name in the folders of PATH; null when there is none. On Windows also with an ending that can be run.</summary>
    public static string? Find(string program, string? path)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified) // a relative one would be found in the folder of any project
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending)))
            .FirstOrDefault(File.Exists);
    }
}
