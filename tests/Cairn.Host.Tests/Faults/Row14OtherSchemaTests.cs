using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>A database of a newer Cairn or of another program: nothing is written, each tool and command says why.</summary>
public sealed class Row14OtherSchemaTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(900)]
    public void Row14_NewerSchema_EachToolSaysToUpdate_AndWorksOnceItIsMovedAway(int newer)
    {
        CliProcess.Run(_home, ["migrate", "up", "--db", _home.Database]).ShouldExitWith(0);
        var known = DatabaseFile.Number(_home.Database, "PRAGMA user_version");
        var version = known + newer;
        DatabaseFile.Execute(_home.Database, $"PRAGMA user_version = {version}");
        AssertCommandsRefuse($"This database has schema {version}");

        UnusableDatabase.AssertRefusesAndMends(_home, "MIGRATION_FAILURE", $"This database has schema {version}", "update cairn");

        FaultRun.Report(14, "newer schema", newer == 1 ? "user_version + 1" : "a far higher user_version", 1, "handshake and tools/list are answered, each tool and command refuses, no byte changes", $"MIGRATION_FAILURE \"This database has schema {version}; this cairn knows schemas up to {known}. Nothing was changed: update cairn, …\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Row14_FileOfAnotherProgram_EachToolSaysToNameAnother_AndWorksOnceItIsMovedAway(bool withItsName)
    {
        DatabaseFile.Execute(_home.Database, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
        if (withItsName) DatabaseFile.Execute(_home.Database, "PRAGMA application_id = 42; PRAGMA user_version = 3");
        AssertCommandsRefuse("made by another program");

        UnusableDatabase.AssertRefusesAndMends(_home, "MIGRATION_FAILURE", "made by another program", "name another file with --db");

        FaultRun.Report(14, "foreign database", withItsName ? "another application_id" : "a file without application_id", 1, "handshake and tools/list are answered, each tool and command refuses, no byte changes", "MIGRATION_FAILURE \"This database was made by another program. Nothing was changed: name another file with --db …\"");
    }

    private void AssertCommandsRefuse(string words)
    {
        CliProcess.AssertRefused(_home, 1, words, ["save", "Not to be saved", "--db", _home.Database]);
        CliProcess.AssertRefused(_home, 1, words, ["search", "anything", "--db", _home.Database]);
        CliProcess.AssertRefused(_home, 1, words, ["migrate", "up", "--db", _home.Database]);
    }
}
