using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>
/// eng/audit believes a feed that names the packages it must name, and no other. What dotnet answers is given: the feeds of
/// the day are not asked.
/// </summary>
[Collection(typeof(Alone))]
public sealed class AuditScriptTests
{
    private const string Dotnet = """
        #!/bin/sh
        case "$1 $2 $*" in
          *canary*--vulnerable*) [ -z "$KNOWS" ] || echo "   > Newtonsoft.Json      12.0.1      12.0.1     High       https://github.com/advisories/GHSA-5crp-9r3c-p9vr" ;;
          *canary*--deprecated*) [ -z "$KNOWS" ] || echo "   > WindowsAzure.Storage 9.3.3 9.3.3 Legacy Azure.Storage.Blobs >= 0.0.0" ;;
          *--vulnerable*) [ -z "$WEAK" ] || echo "   > Weak.Package         1.2.3       1.2.3      Critical   https://example.org/advisory" ;;
          msbuild*) echo 1.0.0 ;;
          CycloneDX*) mkdir -p artifacts/sbom && echo '"type": "library"' >artifacts/sbom/cairn.cdx.json ;;
        esac
        """;

    [Theory]
    [InlineData(false, false, 2, "vulnerable  not shown: this feed has no such data", "deprecated  not shown: this feed has no such data")]
    [InlineData(false, true, 1, "vulnerable  Weak.Package 1.2.3 1.2.3 Critical", "vulnerable  not shown: this feed has no such data")]
    [InlineData(true, true, 1, "vulnerable  Weak.Package 1.2.3 1.2.3 Critical", "deprecated  none")]
    [InlineData(true, false, 0, "vulnerable  none", "deprecated  none")]
    public void Audit_FeedKnows_PackageIsWeak_SaysNoMoreThanIsKnown(bool knows, bool weak, int exitCode, string first, string second)
    {
        if (OperatingSystem.IsWindows()) return; // eng/ is for a POSIX shell
        using var home = new TempHome();
        Directory.CreateDirectory(Path.Combine(home.Project, "eng"));
        foreach (var file in new[] { "eng/audit", "nuget.config" }) File.WriteAllText(Path.Combine(home.Project, file), File.ReadAllText(Path.Combine(Repository.Root, file)));
        var programs = Directory.CreateDirectory(Path.Combine(home.Path, "programs")).FullName;
        var dotnet = Path.Combine(programs, "dotnet");
        File.WriteAllText(dotnet, Dotnet);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        home.Environment["PATH"] = $"{programs}:{home.Environment["PATH"]}";
        if (knows) home.Environment["KNOWS"] = "1";
        if (weak) home.Environment["WEAK"] = "1";

        var ended = ChildProcess.Run("bash", ["eng/audit", "prod"], home).ShouldExitWith(exitCode);

        Assert.Contains(first, ended.Output, StringComparison.Ordinal);
        Assert.Contains(second, ended.Output, StringComparison.Ordinal);
        Assert.Contains("sbom        artifacts/sbom/cairn.cdx.json", ended.Output, StringComparison.Ordinal);
    }
}
