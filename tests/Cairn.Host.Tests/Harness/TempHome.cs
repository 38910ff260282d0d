namespace Cairn.Host.Tests.Harness;

/// <summary>
/// A user of their own: a home, a project folder in it to work in, and an environment in which nothing of the
/// machine's user shows (no MEMORY_*, no XDG or Codex folder of theirs). Embeddings are off unless a test is about them:
/// a server that embeds takes a core from the other tests, and answers differently before and after.
/// </summary>
internal sealed class TempHome : IDisposable
{
    private readonly TempFolder _folder = new();

    public TempHome(bool embeddings = false)
    {
        Project = Directory.CreateDirectory(_folder.Combine("project")).FullName;
        Environment = new Dictionary<string, string>
        {
            ["HOME"] = Path,
            ["USERPROFILE"] = Path,
            ["XDG_CONFIG_HOME"] = _folder.Combine(".config"),
            ["XDG_DATA_HOME"] = _folder.Combine(".local", "share"),
            ["XDG_STATE_HOME"] = _folder.Combine(".local", "state"),
            ["XDG_CACHE_HOME"] = _folder.Combine(".cache"),
            ["APPDATA"] = _folder.Combine("AppData", "Roaming"),
            ["LOCALAPPDATA"] = _folder.Combine("AppData", "Local"),
            ["LANG"] = "C.UTF-8",
        };
        if (!embeddings) Environment["MEMORY_EMBEDDINGS"] = "off";
        foreach (var name in new[] { "PATH", "DOTNET_ROOT", "SystemRoot", "TEMP", "TMP", "TMPDIR" })
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
                Environment[name] = value;
        }
    }

    public string Path => _folder.Path;

    /// <summary>The folder that programs are started in.</summary>
    public string Project { get; }

    /// <summary>The database that a server is started on unless a test names another.</summary>
    public string Database => _folder.Combine("memory.db");

    /// <summary>The database that cairn uses when nothing names one.</summary>
    public string DefaultDatabase => System.IO.Path.Combine(Environment["XDG_DATA_HOME"], "cairn", "memory.db");

    /// <summary>The file that may set cairn's settings; it is not there unless a test makes it.</summary>
    public string ConfigFile => System.IO.Path.Combine(Environment["XDG_CONFIG_HOME"], "cairn", "config.json");

    /// <summary>Writes the file that sets cairn's settings.</summary>
    public void WriteConfig(string json)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(ConfigFile)!);
        File.WriteAllText(ConfigFile, json);
    }

    /// <summary>All that programs see of the environment; a test may add to it.</summary>
    public Dictionary<string, string> Environment { get; }

    public void Dispose() => _folder.Dispose();
}
