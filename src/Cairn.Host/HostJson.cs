using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Cairn.Engine;
using Cairn.Engine.Briefing;
using Cairn.Engine.Capture;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Entries;
using Cairn.Engine.Ingestion;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Retention;
using Cairn.Engine.Search;
using Cairn.Engine.Transfer;
using Cairn.Host.Cli;
using Cairn.Host.Http;

namespace Cairn.Host;

/// <summary>
/// How the engine's records look on the wire and with --json: snake_case, what is null left out, times in UTC with
/// milliseconds. Generated at build time, since native code has no reflection to serialise by.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcConverter), typeof(CaptureModeConverter)])]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(SearchResult))]
[JsonSerializable(typeof(EntryList))]
[JsonSerializable(typeof(Timeline))]
[JsonSerializable(typeof(Brief))]
[JsonSerializable(typeof(IngestionResult))]
[JsonSerializable(typeof(SessionImportResult))]
[JsonSerializable(typeof(GitHistoryResult))]
[JsonSerializable(typeof(ToolFailure))]
[JsonSerializable(typeof(ProjectList))]
[JsonSerializable(typeof(ProjectChange))]
[JsonSerializable(typeof(SchemaStatus))]
[JsonSerializable(typeof(MigrationResult))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(SmokeReport))]
[JsonSerializable(typeof(SettingList))]
[JsonSerializable(typeof(SetupReport))]
[JsonSerializable(typeof(SetupReports))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(PurgeReport))]
[JsonSerializable(typeof(RescanReport))]
[JsonSerializable(typeof(BackupScrubReport))]
[JsonSerializable(typeof(RetentionRun))]
[JsonSerializable(typeof(RetentionHistory))]
[JsonSerializable(typeof(RetentionApproval))]
[JsonSerializable(typeof(RetentionApplied))]
[JsonSerializable(typeof(RetentionUndone))]
[JsonSerializable(typeof(RetentionPurgeReport))]
[JsonSerializable(typeof(RetentionRerun))]
[JsonSerializable(typeof(RetentionExplanation))]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(BackupList))]
[JsonSerializable(typeof(BackupVerifyReport))]
[JsonSerializable(typeof(BackupPruning))]
[JsonSerializable(typeof(RestoreReport))]
[JsonSerializable(typeof(FreezeReport))]
[JsonSerializable(typeof(UnfreezeReport))]
[JsonSerializable(typeof(IntegrityReport))]
[JsonSerializable(typeof(IndexRebuilt))]
[JsonSerializable(typeof(IndexStatistics))]
[JsonSerializable(typeof(EmbeddingStatus))]
[JsonSerializable(typeof(EmbeddingRebuild))]
[JsonSerializable(typeof(EmbeddingsSwitch))]
[JsonSerializable(typeof(RecoverReport))]
[JsonSerializable(typeof(ExportResult))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(PolicyCheck))]
[JsonSerializable(typeof(PolicyRule))]
[JsonSerializable(typeof(PolicyRuleList))]
[JsonSerializable(typeof(PolicyTestResult))]
[JsonSerializable(typeof(PolicyEventList))]
[JsonSerializable(typeof(PolicyAllowanceList))]
[JsonSerializable(typeof(PolicyAllowReport))]
[JsonSerializable(typeof(CaptureResult))]
[JsonSerializable(typeof(CaptureSimulation))]
[JsonSerializable(typeof(CaptureAudit))]
[JsonSerializable(typeof(CaptureUndone))]
[JsonSerializable(typeof(CaptureStatistics))]
[JsonSerializable(typeof(SessionStart))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(StopReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(LogEvent))]
[JsonSerializable(typeof(LogTail))]
[JsonSerializable(typeof(LogErrors))]
[JsonSerializable(typeof(LogArchive))]
[JsonSerializable(typeof(HttpListening))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class HostJson : JsonSerializerContext;

/// <summary>JSON with text of other scripts written as it is instead of as escapes, which cost a model several tokens a character.</summary>
internal static class WireJson
{
    /// <summary>For the wire.</summary>
    public static HostJson Compact { get; } = new(new JsonSerializerOptions(HostJson.Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For people who read the JSON of a command.</summary>
    public static HostJson Indented { get; } = new(new JsonSerializerOptions(HostJson.Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true });
}

/// <summary>Times as 2026-05-31T09:30:00.000Z.</summary>
internal sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Capture's modes as off, assist and full.</summary>
internal sealed class CaptureModeConverter() : JsonStringEnumConverter<CaptureMode>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>A failure as tools and commands answer it.</summary>
internal sealed record ToolFailure(ToolFailureDetail Error);

/// <summary>The failure's code, its words for the reader, and facts for a program.</summary>
internal sealed record ToolFailureDetail(string Code, string Message, JsonObject? Details);
