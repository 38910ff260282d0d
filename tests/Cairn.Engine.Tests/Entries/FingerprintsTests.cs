using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

public sealed class FingerprintsTests : IDisposable
{
    private readonly PolicyFixture _policy = new();

    public void Dispose() => _policy.Dispose();

    [Fact]
    public void Save_CleanText_MakesNoKey()
    {
        _policy.Cairn.Save("The queue is drained before a deploy.");

        Assert.False(Directory.Exists(_policy.Cairn.Options.ConfigurationDirectory));
    }

    [Fact]
    public void Save_Secret_IsNamedByTheHmacUnderAPrivateKey()
    {
        var violation = Assert.Single(_policy.Refused($"see {PolicyFixture.Secret()}").Violations);

        var key = File.ReadAllBytes(_policy.KeyPath);
        Assert.Equal(32, key.Length);
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(PolicyFixture.Secret())))[..16], violation.Fingerprint);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_policy.KeyPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_policy.Cairn.Options.ConfigurationDirectory));
    }

    [Fact]
    public void Save_SameSecretElsewhere_HasTheSameFingerprint_AnotherHasAnother()
    {
        var first = _policy.Fingerprint(PolicyFixture.Secret());
        _policy.Cairn.Reopen();

        Assert.Equal(first, _policy.Fingerprint(PolicyFixture.Secret()));
        Assert.NotEqual(first, _policy.Fingerprint(PolicyFixture.Secret(2)));
    }

    [Fact]
    public async Task Key_TenAtOnce_IsOneForAll()
    {
        var folder = Path.Combine(_policy.Cairn.Folder, "shared");

        var keys = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => EngineFixture.Start(() => new Fingerprints(folder).Key())));

        Assert.All(keys, key => Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "policy.key")), key));
        Assert.Equal(["policy.key", "policy.lock"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(5000)]
    public void Save_DamagedKey_SaysWhatToDoAndLeavesItThere(int length)
    {
        Directory.CreateDirectory(_policy.Cairn.Options.ConfigurationDirectory);
        File.WriteAllBytes(_policy.KeyPath, new byte[length]);

        var error = Assert.Throws<EngineException>(() => _policy.Save($"see {PolicyFixture.Secret()}"));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains($"{_policy.KeyPath} is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("Move it away", error.Message, StringComparison.Ordinal);
        Assert.Equal(length, File.ReadAllBytes(_policy.KeyPath).Length);
        Assert.Equal("fail", _policy.Policy.Health(_policy.Cairn.Context).Single(check => check.Name == "policy key").Status);
        File.Delete(_policy.KeyPath);
        Assert.NotNull(Assert.Single(_policy.Refused($"see {PolicyFixture.Secret()}").Violations).Fingerprint);
    }

    [Fact]
    public void Get_DamagedKey_IsRedactedAllTheSame()
    {
        var id = _policy.Cairn.Save("see PLACE");
        _policy.Cairn.Age(id, "PLACE", PolicyFixture.Secret());
        Directory.CreateDirectory(_policy.Cairn.Options.ConfigurationDirectory);
        File.WriteAllBytes(_policy.KeyPath, new byte[3]);

        Assert.Equal("see [REDACTED:github-token]", _policy.Cairn.Get(id).Body);
        Assert.Equal([id], _policy.Cairn.Find("see"));
        Assert.Contains(_policy.Warnings, warning => warning.Contains("is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Save_FolderCannotBeMade_RefusesWithoutAFingerprint()
    {
        File.WriteAllText(_policy.Cairn.Options.ConfigurationDirectory, "a file where the folder would be");

        Assert.Null(Assert.Single(_policy.Refused($"see {PolicyFixture.Secret()}").Violations).Fingerprint);
    }
}
