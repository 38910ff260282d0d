using System.Globalization;

namespace Cairn.Host.Tests.Harness;

/// <summary>The processes of this machine, by what stands in their command line (Linux and macOS).</summary>
internal static class ProcessTable
{
    /// <summary>The ids of the running processes with this text in their command line.</summary>
    public static IReadOnlyList<int> Find(string text) => OperatingSystem.IsLinux() ? FindInProc(text) : FindByPs(text);

    private static List<int> FindInProc(string text)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && CommandLine(folder).Contains(text, StringComparison.Ordinal))
                found.Add(id);
        }
        return found;
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return "";
        }
    }

    private static List<int> FindByPs(string text)
    {
        using var home = new TempHome();
        var list = ChildProcess.Run("ps", ["-axo", "pid=,args="], home).ShouldExitWith(0).Output;
        return [.. list.Split('\n')
            .Where(line => line.Contains(text, StringComparison.Ordinal))
            .Select(line => int.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture))];
    }
}
