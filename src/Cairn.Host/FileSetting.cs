using System.Text.Json.Nodes;

namespace Cairn.Host;

/// <summary>What a setting of the configuration file is written as.</summary>
internal enum SettingShape
{
    /// <summary>A text that is not empty.</summary>
    Text,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>true or false.</summary>
    OnOrOff,

    /// <summary>An object with names of its own.</summary>
    Part,
}

/// <summary>
/// One name of the configuration file. The table is what <see cref="Settings"/> accepts, and what <see cref="ConfigSchema"/>
/// tells editors.
/// </summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Shape">What it is written as.</param>
/// <param name="Description">What it is for, in a sentence.</param>
/// <param name="Part">The JSON schema of an object; null for the other shapes.</param>
internal sealed record FileSetting(string Name, SettingShape Shape, string Description, Func<JsonObject>? Part = null)
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<FileSetting> All { get; } =
    [
        new("db_path", SettingShape.Text, "The database file; a relative path is meant from the folder of this file."),
        new("project_name", SettingShape.Text, "The project of all calls that name none (default: that of the folder)."),
        new("session_id", SettingShape.Text, "The session of all saves that name none."),
        new("retention_max_age_days", SettingShape.WholeNumber, "The age in days beyond which entries are proposed for retention."),
        new("retention_max_entries_per_project", SettingShape.WholeNumber, "The number of a project's entries beyond which the oldest are proposed for retention."),
        new("retention_grace_days", SettingShape.WholeNumber, "How many days what a retention run archived stays before a purge may remove it."),
        new(RetentionSettings.Name, SettingShape.Part, "Retention rules, general and for single projects and types.", ConfigSchema.Retention),
        new("policy", SettingShape.Part, "What is done with what looks like a secret.", ConfigSchema.Policy),
        new("capture", SettingShape.Part, "How much is taken out of sessions, and which paths are left out.", ConfigSchema.Capture),
        new("log", SettingShape.OnOrOff, "Whether the event log is kept."),
        new(Settings.EmbeddingsName, SettingShape.OnOrOff, "Whether entries are found by their meaning as well."),
        new(Settings.RankedIndexName, SettingShape.OnOrOff, "Whether searches go by the ranked index, and servers make it."),
        new(Settings.RankedCacheName, SettingShape.WholeNumber, "How much of the ranked index a process keeps in memory at most, in MiB."),
    ];

    /// <summary>The name in the table; null when it is no setting.</summary>
    public static FileSetting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);
}
