using System.Globalization;

namespace Cairn.Host.Tests.Harness;

/// <summary>The processes of this machine, by what stands in their command line (Linux and macOS).</summary>
internal static class ProcessTable
{
    /// <summary>The ids of the running processes with this text in their command line.</summary>
    public static IReadOnlyList<int> Find(string text) => OperatingSystem.IsLinux() ? FindInProc(text) : FindByPs(text);

    /// <summary>Whether a process runs. One that has ended does not, also while its new parent has yet to take note of that.</summary>
    public static bool IsRunning(int id)
    {
        if (!OperatingSystem.IsLinux()) return Find("").Contains(id);
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A size from a process's status file, in bytes (Linux).</summary>
    public static long Memory(int id, string name)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status")).Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

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
