using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// What a backup says of itself, in the .json file beside it. It is written last: a backup without one was never
/// finished. It holds no text of an entry.
/// </summary>
public sealed record BackupManifest
{
    /// <summary>The manifest's format that this program writes, and the newest that it reads.</summary>
    internal const int CurrentFormat = 1;

    private const int MaxBytes = 64 * 1024;

    /// <summary>The manifest's format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>When the backup was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why: "manual" when somebody asked for it, else "before-" and what was about to be done: migrate, restore, retention, index-rebuild; "recovered" when it is no copy but was read out of a damaged database.</summary>
    public required string Reason { get; init; }

    /// <summary>The program that made it.</summary>
    public required string CairnVersion { get; init; }

    /// <summary>The SQLite that made it.</summary>
    public required string SqliteVersion { get; init; }

    /// <summary>The schema's version.</summary>
    public required int Schema { get; init; }

    /// <summary>The file name, without a folder, of the database that was copied.</summary>
    public required string Source { get; init; }

    /// <summary>The copy's length in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>SHA-256 of the copy, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How much it holds.</summary>
    public required BackupCounts Counts { get; init; }

    /// <summary>When purged entries were last taken out of it; null for never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ScrubbedAt { get; init; }

    internal static string ProgramVersion { get; } =
        typeof(BackupManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <summary>Whether this is the manifest of that very file.</summary>
    internal bool Describes(string backup) =>
        File.Exists(backup) && new FileInfo(backup).Length == SizeBytes && Hash(backup).Equals(Sha256, StringComparison.OrdinalIgnoreCase);

    /// <summary>SHA-256 of a file, by a plain read: only of a copy that no connection of this process has open.</summary>
    internal static string Hash(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1024 * 1024, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Reads a manifest; null when the file is not one that this program understands.</summary>
    internal static BackupManifest? Read(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > MaxBytes) return null;
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest);
            return manifest is { FormatVersion: CurrentFormat } ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How much a backup holds.</summary>
public sealed record BackupCounts
{
    /// <summary>Entries that a search finds.</summary>
    public required long ActiveEntries { get; init; }

    /// <summary>Entries that a newer one replaces.</summary>
    public required long SupersededEntries { get; init; }

    /// <summary>Entries that were put away.</summary>
    public required long ArchivedEntries { get; init; }

    /// <summary>Projects.</summary>
    public required long Projects { get; init; }

    /// <summary>The highest key that an entry was ever given: it only grows, also when entries are purged.</summary>
    public required long HighestEntryKey { get; init; }

    /// <summary>Entries in every state.</summary>
    [JsonIgnore]
    public long Entries => ActiveEntries + SupersededEntries + ArchivedEntries;

    internal static BackupCounts From(DatabaseCounts counts) => new()
    {
        ActiveEntries = counts.Active,
        SupersededEntries = counts.Superseded,
        ArchivedEntries = counts.Archived,
        Projects = counts.Projects,
        HighestEntryKey = counts.HighestEntryKey,
    };
}

/// <summary>Why a backup was made.</summary>
internal static class BackupReason
{
    /// <summary>Somebody asked for it.</summary>
    public const string Manual = "manual";

    /// <summary>The schema was about to change.</summary>
    public const string BeforeMigrate = "before-migrate";

    /// <summary>Another backup was about to take the database's place.</summary>
    public const string BeforeRestore = "before-restore";

    /// <summary>A retention run was about to be applied.</summary>
    public const string BeforeRetention = "before-retention";

    /// <summary>The full-text index was about to be made anew.</summary>
    public const string BeforeIndexRebuild = "before-index-rebuild";

    /// <summary>It is no copy: it was read out of a damaged database.</summary>
    public const string Recovered = "recovered";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
