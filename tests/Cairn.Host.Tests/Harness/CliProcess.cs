using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>The command line as a user types it: <c>cairn ARGUMENTS</c>, run to its end.</summary>
internal static class CliProcess
{
    /// <summary>Runs cairn in the home's project folder, or another, with this text on standard input.</summary>
    public static ProcessResult Run(
        TempHome home, IEnumerable<string> arguments, string input = "", string? workingDirectory = null) =>
        ChildProcess.Run(CairnBinary.Path, arguments, home, input, workingDirectory);

    /// <summary>Runs cairn with --json, which must end with this code, and returns what it wrote.</summary>
    public static JsonObject Json(TempHome home, IEnumerable<string> arguments, int exitCode = 0, string input = "", string? workingDirectory = null) =>
        JsonNode.Parse(Run(home, ["--json", .. arguments], input, workingDirectory).ShouldExitWith(exitCode).Output)!.AsObject();

    /// <summary>Saves an entry on the home's default database and returns its id.</summary>
    public static string Save(TempHome home, params IEnumerable<string> arguments) => Json(home, ["save", .. arguments]).String("id");

    /// <summary>Fails unless the command ends with this code, says this on standard error, and nothing on standard output.</summary>
    public static void AssertRefused(TempHome home, int exitCode, string words, IEnumerable<string> arguments, string input = "")
    {
        var ended = Run(home, arguments, input).ShouldExitWith(exitCode);
        Assert.Empty(ended.Output);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }
}
