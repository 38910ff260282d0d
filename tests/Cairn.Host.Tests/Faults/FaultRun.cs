using System.Globalization;
using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// What the tests of the fault matrix share. A test carries its row's number in its name. CAIRN_FAULT_ROUNDS sets how often
/// each fault is injected; CAIRN_FAULT_REPORT names a file that gets one JSON line a survived fault, from which eng/faults
/// prints the table.
/// </summary>
internal static class FaultRun
{
    private static readonly Lock Gate = new();

    /// <summary>How often a fault is injected: what the environment asks for, else the few of a quick run.</summary>
    public static int Rounds(int quick) => Environment.GetEnvironmentVariable("CAIRN_FAULT_ROUNDS") is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : quick;

    /// <summary>Says that a fault was survived; called at the end of a test, when all of its assertions held.</summary>
    /// <param name="row">The matrix's row, 1 to 32.</param>
    /// <param name="fault">What went wrong, in a few words.</param>
    /// <param name="injectedBy">How it was made to go wrong.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="held">What was true afterwards, with the counts that the test saw.</param>
    /// <param name="userSees">What the user saw.</param>
    public static void Report(int row, string fault, string injectedBy, int rounds, string held, string userSees)
    {
        if (Environment.GetEnvironmentVariable("CAIRN_FAULT_REPORT") is not { Length: > 0 } path) return;
        var line = new JsonObject
        {
            ["row"] = row, ["fault"] = fault, ["injected_by"] = injectedBy, ["rounds"] = rounds, ["held"] = held, ["user_sees"] = userSees,
        };
        lock (Gate) File.AppendAllText(path, line.ToJsonString() + "\n");
    }
}
