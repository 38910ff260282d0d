using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Cairn.Benchmarks.Policy;

/// <summary>
/// secretlint with its recommended rules, run by node over the same texts: what a known tool makes of the corpus.
/// It is installed by npm into the given folder, once, and belongs to nothing of Cairn's.
/// </summary>
internal sealed class Secretlint(DirectoryInfo folder)
{
    // The newest that runs on node 20.
    private const string Version = "12.3.1";

    private string Program => Path.Combine(folder.FullName, "node_modules", "secretlint", "bin", "secretlint.js");

    public void Install()
    {
        if (File.Exists(Program)) return;
        folder.Create();
        File.WriteAllText(Path.Combine(folder.FullName, "package.json"), """{ "private": true }""");
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        string[] packages = [$"secretlint@{Version}", $"@secretlint/secretlint-rule-preset-recommend@{Version}"];
        var (code, _, error) = Run(npm, ["install", "--ignore-scripts", "--no-audit", "--no-fund", .. packages]);
        if (code != 0) throw new InvalidOperationException($"npm could not install secretlint {Version}: {error}");
    }

    /// <summary>What it finds in each text, as offset and end.</summary>
    public IReadOnlyList<IReadOnlyList<(int Start, int End)>> Scan(IReadOnlyList<string> texts)
    {
        var files = folder.CreateSubdirectory("texts");
        try
        {
            for (var i = 0; i < texts.Count; i++) File.WriteAllText(Path.Combine(files.FullName, $"{i}.txt"), texts[i]);
            File.WriteAllText(Path.Combine(folder.FullName, ".secretlintrc.json"), """{ "rules": [{ "id": "@secretlint/secretlint-rule-preset-recommend" }] }""");
            // Into a file: it ends before a pipe has taken more than 64 kB.
            var report = Path.Combine(files.FullName, "report.json");
            var (code, _, error) = Run("node", [Program, "--format", "json", "--output", report, "texts/*.txt"]);
            if (code > 1) throw new InvalidOperationException($"secretlint ended with {code}: {error}");
            return Read(File.ReadAllText(report), texts.Count);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static (int Start, int End)[][] Read(string output, int count)
    {
        var found = Enumerable.Range(0, count).Select(_ => Array.Empty<(int, int)>()).ToArray();
        using var json = JsonDocument.Parse(output);
        foreach (var file in json.RootElement.EnumerateArray())
        {
            var number = int.Parse(Path.GetFileNameWithoutExtension(file.GetProperty("filePath").GetString()!), CultureInfo.InvariantCulture);
            found[number] = [.. file.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("range")).Select(range => (range[0].GetInt32(), range[1].GetInt32()))];
        }
        return found;
    }

    private (int Code, string Output, string Error) Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
