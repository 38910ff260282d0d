namespace Cairn.Host.Tests.Harness;

/// <summary>The executable under test.</summary>
internal static class CairnBinary
{
    /// <summary>
    /// CAIRN_BINARY, which eng/test sets to the native executable; without it the one that was built along with these
    /// tests, since a native one from an earlier day may be older than the sources.
    /// </summary>
    public static string Path { get; } = Find();

    /// <summary>Whether it is native; what is not starts some ten times slower.</summary>
    public static bool IsNative => !File.Exists(System.IO.Path.ChangeExtension(Path, ".dll"));

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("CAIRN_BINARY");
        var path = string.IsNullOrEmpty(named) ? BuiltWithTheTests() : System.IO.Path.GetFullPath(named);
        return File.Exists(path) ? path : throw new FileNotFoundException("There is no cairn to test here.", path);
    }

    // Not the copy beside the tests: that one lacks what the tests' frameworks bring along.
    private static string BuiltWithTheTests()
    {
        var tests = System.IO.Path.Combine(Repository.Root, "tests", "Cairn.Host.Tests");
        var output = System.IO.Path.GetRelativePath(tests, AppContext.BaseDirectory);
        var name = OperatingSystem.IsWindows() ? "cairn.exe" : "cairn";
        return System.IO.Path.Combine(Repository.Root, "src", "Cairn.Host", output, name);
    }
}
