namespace Cairn.Host.Tests.Harness;

/// <summary>The executable under test.</summary>
internal static class CairnBinary
{
    /// <summary>
    /// CAIRN_BINARY, which eng/test sets to the native executable; without it the one that was built with these
    /// tests, since a native one from an earlier day may be older than the sources.
    /// </summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("CAIRN_BINARY");
        var path = string.IsNullOrEmpty(named)
            ? System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "cairn.exe" : "cairn")
            : System.IO.Path.GetFullPath(named);
        return File.Exists(path) ? path : throw new FileNotFoundException("There is no cairn to test here.", path);
    }
}
