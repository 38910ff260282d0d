using System.CommandLine;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>All settings and the file that may set them.</summary>
internal sealed record SettingList(string ConfigFile, bool ConfigFileExists, IReadOnlyList<Setting> Settings);

/// <summary>cairn config: each setting with its value and where that came from.</summary>
internal static class ConfigCommand
{
    private static readonly Option<bool> Schema = new("--schema") { Description = "Print the JSON schema of the configuration file instead, for editors" };

    public static CairnCommand Create() => new CairnCommand("config", "Show each setting, its value and where that comes from.", "cairn config", "cairn config --schema") { Schema }.Looks().Does(static context =>
    {
        if (context.Parsed.GetValue(Schema))
        {
            Output.Raw(ConfigSchema.Text());
            return ExitCode.Done;
        }
        var settings = context.Settings;
        if (context.Json)
        {
            Output.Json(new SettingList(settings.ConfigPath, File.Exists(settings.ConfigPath), settings.All), WireJson.Indented.SettingList);
            return ExitCode.Done;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("setting", "value", "from", "variable");
        foreach (var setting in settings.All) table.AddRow(Output.Safe(setting.Name), Output.Safe(setting.Value ?? "-"), setting.Source, setting.Variable ?? "-");
        Output.Table(table);
        Output.Line($"[grey]configuration file: {Output.Safe(settings.ConfigPath)}{(File.Exists(settings.ConfigPath) ? "" : " (not there)")}[/]");
        return ExitCode.Done;
    });
}
