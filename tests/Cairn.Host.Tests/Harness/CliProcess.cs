namespace Cairn.Host.Tests.Harness;

/// <summary>The command line as a user types it: <c>cairn ARGUMENTS</c>, run to its end.</summary>
internal static class CliProcess
{
    /// <summary>Runs cairn in the home's project folder, or another, with this text on standard input.</summary>
    public static ProcessResult Run(
        TempHome home, IEnumerable<string> arguments, string input = "", string? workingDirectory = null) =>
        ChildProcess.Run(CairnBinary.Path, arguments, home, input, workingDirectory);
}
