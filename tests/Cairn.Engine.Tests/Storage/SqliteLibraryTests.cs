using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

public sealed class SqliteLibraryTests
{
    [Theory]
    [InlineData(3_049_001, "3.49.1")]
    [InlineData(3_051_002, "3.51.2")]
    public void RequireSafe_VersionThatCanLoseWrites_IsRefused(int version, string shown)
    {
        var error = Assert.Throws<EngineException>(() => SqliteLibrary.RequireSafe(version));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains(shown, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3_051_003)]
    [InlineData(3_053_004)]
    [InlineData(4_000_000)]
    public void RequireSafe_MendedVersion_Passes(int version) => SqliteLibrary.RequireSafe(version);

    [Fact]
    public void VersionNumber_OfTheLibraryInUse_IsSafeAndShown()
    {
        SqliteLibrary.RequireSafe(SqliteLibrary.VersionNumber);
        var version = SqliteLibrary.VersionNumber;

        Assert.Equal($"{version / 1_000_000}.{version / 1000 % 1000}.{version % 1000}", MaintenanceService.SqliteVersion);
    }
}
