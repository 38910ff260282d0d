using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>Where each setting comes from: flag, environment, the user's file, default, in this order.</summary>
public sealed class ConfigTests
{
    [Fact]
    public void Config_WithoutAnything_ShowsTheDefaults()
    {
        using var home = new TempHome();

        var config = CliProcess.Json(home, ["config"]);

        Assert.Equal((home.ConfigFile, false), (config.String("config_file"), (bool)config["config_file_exists"]!));
        Assert.Equal((home.DefaultDatabase, "default", "MEMORY_DB_PATH"), Setting(config, "db_path"));
        Assert.Equal((null, "default", "MEMORY_PROJECT_NAME"), Setting(config, "project_name"));
        Assert.Equal((null, "default", "MEMORY_SESSION_ID"), Setting(config, "session_id"));
        Assert.False(Directory.Exists(Path.GetDirectoryName(home.DefaultDatabase)));
    }

    [Fact]
    public void Config_FlagOverEnvironmentOverFile()
    {
        using var home = new TempHome();
        var (file, variable, flag) = (Path.Combine(home.Path, "file.db"), Path.Combine(home.Path, "variable.db"), Path.Combine(home.Path, "flag.db"));
        home.WriteConfig($$"""
            {
                // where mine is
                "$schema": "anything",
                "db_path": {{JsonValue.Create(file).ToJsonString()}},
            }
            """);

        Assert.Equal((file, "file", "MEMORY_DB_PATH"), Setting(CliProcess.Json(home, ["config"]), "db_path"));
        home.Environment["MEMORY_DB_PATH"] = variable;
        Assert.Equal((variable, "environment", "MEMORY_DB_PATH"), Setting(CliProcess.Json(home, ["config"]), "db_path"));
        Assert.Equal((flag, "flag", "MEMORY_DB_PATH"), Setting(CliProcess.Json(home, ["config", "--db", flag]), "db_path"));

        CliProcess.Save(home, "Goes where the variable says");
        CliProcess.Run(home, ["save", "Goes where the flag says", "--db", flag]).ShouldExitWith(0);
        Assert.Equal((false, true, true), (File.Exists(file), File.Exists(variable), File.Exists(flag)));
    }

    [Fact]
    public void Config_EmptyVariable_IsNone()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_DB_PATH"] = "";
        home.Environment["MEMORY_PROJECT_NAME"] = "";

        var config = CliProcess.Json(home, ["config"]);

        Assert.Equal(home.DefaultDatabase, Setting(config, "db_path").Value);
        Assert.Equal("default", Setting(config, "project_name").Source);
    }

    [Fact]
    public void Config_VariablesOfProjectAndSession_AreThoseOfEveryCall()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_PROJECT_NAME"] = "named";
        home.Environment["MEMORY_SESSION_ID"] = "session";

        Assert.Equal(("named", "environment", "MEMORY_PROJECT_NAME"), Setting(CliProcess.Json(home, ["config"]), "project_name"));
        var id = CliProcess.Save(home, "In the named project");
        var entry = CliProcess.Json(home, ["get", id]).Array("items")[0]!.AsObject();
        Assert.Equal(("named", "session"), (entry.String("project"), entry.String("session_id")));
        Assert.Equal("other", (string?)CliProcess.Json(home, ["get", CliProcess.Save(home, "x", "--project", "other")]).Array("items")[0]!["project"]);
    }

    [Fact]
    public void Config_Words_ShowEachSettingWithItsSource()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_PROJECT_NAME"] = "named";

        var shown = CliProcess.Run(home, ["config"]).ShouldExitWith(0).Output;

        Assert.Matches(@"(?m)^db_path +\S+memory\.db +default +MEMORY_DB_PATH", shown);
        Assert.Matches(@"(?m)^project_name +named +environment +MEMORY_PROJECT_NAME", shown);
        Assert.Contains($"configuration file: {home.ConfigFile} (not there)", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"db_path\": ", "is not a JSON object of settings (line 1)")]
    [InlineData("{\n  \"db_path\": /x\n}", "is not a JSON object of settings (line 2)")]
    [InlineData("", "is not a JSON object of settings")]
    [InlineData("[]", "is not a JSON object of settings")]
    [InlineData("{\"db_path\": 5}", "is not a JSON object of settings")]
    [InlineData("{\"db_path\": \"\"}", "db_path must be a text")]
    [InlineData("{\"db_path\": null}", "db_path must be a text")]
    [InlineData("{\"db\": \"/x\"}", "\"db\" is no setting; the file may hold: db_path")]
    public void Config_FileThatCannotBeRead_IsRefusedByEveryCommand(string json, string words)
    {
        using var home = new TempHome();
        home.WriteConfig(json);

        CliProcess.AssertRefused(home, 2, words, ["config"]);
        CliProcess.AssertRefused(home, 2, home.ConfigFile, ["save", "x"]);

        Assert.False(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void Config_PathsInTheFile_AreMeantFromItsFolderAndFromTheHome()
    {
        using var home = new TempHome();

        home.WriteConfig("""{"db_path": "mine/memory.db"}""");
        Assert.Equal(Path.Combine(Path.GetDirectoryName(home.ConfigFile)!, "mine", "memory.db"), Setting(CliProcess.Json(home, ["config"]), "db_path").Value);
        home.WriteConfig("""{"db_path": "~/mine.db"}""");
        Assert.Equal(Path.Combine(home.Path, "mine.db"), Setting(CliProcess.Json(home, ["config"]), "db_path").Value);
    }

    [Fact]
    public void Config_ProjectInTheFile_IsThatOfEveryCallUnlessTheEnvironmentNamesAnother()
    {
        using var home = new TempHome();
        home.WriteConfig("""{"project_name": "from-file", "session_id": "session-from-file"}""");

        Assert.Equal(("from-file", "file", "MEMORY_PROJECT_NAME"), Setting(CliProcess.Json(home, ["config"]), "project_name"));
        var entry = CliProcess.Json(home, ["get", CliProcess.Save(home, "x")]).Array("items")[0]!.AsObject();
        Assert.Equal(("from-file", "session-from-file"), (entry.String("project"), entry.String("session_id")));
        home.Environment["MEMORY_PROJECT_NAME"] = "from-environment";
        Assert.Equal("environment", Setting(CliProcess.Json(home, ["config"]), "project_name").Source);
    }

    [Fact]
    public void Config_RelativeFoldersOfTheEnvironment_AreNotFollowed()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        home.Environment["XDG_DATA_HOME"] = "data";
        home.Environment["XDG_CONFIG_HOME"] = "config";

        var config = CliProcess.Json(home, ["config"]);

        Assert.Equal(Path.Combine(home.Path, ".local", "share", "cairn", "memory.db"), Setting(config, "db_path").Value);
        Assert.Equal(Path.Combine(home.Path, ".config", "cairn", "config.json"), config.String("config_file"));
    }

    private static (string? Value, string Source, string Variable) Setting(JsonObject config, string name)
    {
        var setting = Assert.Single(config.Array("settings"), setting => (string?)setting!["name"] == name)!.AsObject();
        return ((string?)setting["value"], setting.String("source"), setting.String("variable"));
    }
}
