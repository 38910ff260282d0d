using System.Diagnostics;

namespace Cairn.Benchmarks.Compare;

/// <summary>A server that npm brings, at one version.</summary>
/// <param name="Name">The package.</param>
/// <param name="Version">The version.</param>
/// <param name="Script">Its program, in the package.</param>
/// <param name="Arguments">What it is started with.</param>
internal sealed record NpmPackage(string Name, string Version, string Script, params IReadOnlyList<string> Arguments)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Where its program lies below a folder of installed packages.</summary>
    public string PathIn(string folder) => Path.Combine(FolderIn(folder), "node_modules", Name, Script);

    /// <summary>Installs it below a folder, unless it is there; nothing of the user's is touched. Gives what went wrong, or null.</summary>
    public string? Install(string folder)
    {
        if (File.Exists(PathIn(folder))) return null;
        Directory.CreateDirectory(FolderIn(folder));
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                ["install", "--prefix", FolderIn(folder), "--no-save", "--no-audit", "--no-fund", "--loglevel=error", $"{Name}@{Version}"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            })!;
            npm.StandardInput.Close();
            var (output, errors) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
            if (!npm.WaitForExit(Patience))
            {
                npm.Kill(entireProcessTree: true);
                return $"npm install did not end within {Patience.TotalMinutes:0} minutes";
            }
            if (npm.ExitCode == 0 && File.Exists(PathIn(folder))) return null;
            return $"npm install ended with {npm.ExitCode}: {FirstLine(errors.Result)}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no npm here";
        }
    }

    private string FolderIn(string folder) => Path.Combine(folder, $"{Name.Replace("@", "", StringComparison.Ordinal).Replace('/', '-')}@{Version}");

    private static string FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, ..] ? first : "it said nothing";
}
