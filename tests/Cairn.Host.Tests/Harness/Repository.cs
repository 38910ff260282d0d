namespace Cairn.Host.Tests.Harness;

/// <summary>Where the tests find what lies beside them in the repository.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// A file of an npm package in tests/clients. eng/test installs them; without that this throws and says so.
    /// </summary>
    public static string ClientFile(string pathInNodeModules)
    {
        var path = Path.Combine(Root, "tests", "clients", "node_modules", pathInNodeModules);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException("A test client is not installed: run eng/test once.", path);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Cairn.slnx")))
                return folder;
        }
        throw new DirectoryNotFoundException($"No Cairn.slnx above {AppContext.BaseDirectory}.");
    }
}
