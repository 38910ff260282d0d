using System.Reflection;
using System.Runtime.InteropServices;
using Cairn.Engine.Maintenance;

namespace Cairn.Host;

/// <summary>What this program is. The version comes from one place, Directory.Build.props.</summary>
internal static class BuildInfo
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The .NET runtime and how the program was compiled.</summary>
    public static string Runtime =>
        $"{RuntimeInformation.FrameworkDescription} {(System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled ? "JIT" : "native")} {RuntimeInformation.RuntimeIdentifier}";

    /// <summary>The SQLite that it brings.</summary>
    public static string Sqlite => MaintenanceService.SqliteVersion;
}
