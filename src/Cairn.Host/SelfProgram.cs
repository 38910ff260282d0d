namespace Cairn.Host;

/// <summary>How this program is started again: by a client, or by itself for a check.</summary>
/// <param name="Command">Absolute path of the executable.</param>
/// <param name="Arguments">What comes before the program's own arguments.</param>
internal sealed record SelfProgram(string Command, IReadOnlyList<string> Arguments)
{
    /// <summary>The running program. Under <c>dotnet cairn.dll</c> the process is dotnet, and the program its first argument.</summary>
    public static SelfProgram Current
    {
        get
        {
            var process = Environment.ProcessPath!;
            return Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
                ? new SelfProgram(process, [Path.GetFullPath(Environment.GetCommandLineArgs()[0])])
                : new SelfProgram(process, []);
        }
    }
}
