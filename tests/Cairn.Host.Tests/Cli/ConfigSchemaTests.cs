using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>The schema that editors are given says what cairn says of a configuration file.</summary>
public sealed class ConfigSchemaTests
{
    // ajv comes with the test clients: it judges each line of its input by the schema that is the first.
    private const string Judge = """
        const Ajv = require("ajv/dist/2020");
        const [schema, ...files] = require("fs").readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
        const valid = new Ajv({ strict: true }).compile(schema);
        for (const file of files) console.log(valid(file));
        """;

    public static TheoryData<string> Files { get; } =
    [
        "{}",
        """{"$schema": "./config.schema.json"}""",
        """{"db_path": "x.db", "project_name": "p", "session_id": "s", "log": true, "embeddings": false}""",
        """{"retention_max_age_days": 3, "retention_max_entries_per_project": 4, "retention_grace_days": 0}""",
        """{"retention": {"max_age_days": 1, "max_entries_per_project": 2, "grace_days": 3, "projects": {"a b": {"max_age_days": 1, "max_entries_per_project": 2}}, "types": {"note": {"max_age_days": 5}}}}""",
        """{"policy": {"mode": "block", "projects": {"a": {"mode": "redact"}}}}""",
        """{"capture": {"mode": "assist", "allow": ["**"], "deny": ["a/**"], "projects": {"a": {"mode": "off"}, "b": {"deny": ["x"]}}}}""",
        "[]",
        """{"db": "x"}""",
        """{"db_path": ""}""",
        """{"db_path": 5}""",
        """{"log": "on"}""",
        """{"embeddings": 1}""",
        """{"retention_max_age_days": "3"}""",
        """{"retention": {"max_age": 1}}""",
        """{"retention": {"max_age_days": -1}}""",
        """{"retention": {"projects": {"a": {"max_age_days": 0}}}}""",
        """{"retention": {"projects": {"a": {"max_age_days": 99999999}}}}""",
        """{"retention": {"types": {"note": {"max_entries_per_project": 1}}}}""",
        """{"policy": {"mode": "off"}}""",
        """{"policy": {"projects": {"a": {}}}}""",
        """{"policy": {"projects": {"a": {"mode": "block", "more": 1}}}}""",
        """{"capture": {"mode": "all"}}""",
        """{"capture": {"deny": "x"}}""",
        """{"capture": {"deny": [""]}}""",
        """{"capture": {"projects": {"a": {"projects": {}}}}}""",
    ];

    [Fact]
    public void Schema_IsTheSnapshot()
    {
        using var home = new TempHome();

        Snapshot.Match("config.schema.json", CliProcess.Run(home, ["config", "--schema"]).ShouldExitWith(0).Output);
    }

    [Fact]
    public void Schema_AndTheProgram_JudgeEveryFileAlike()
    {
        using var home = new TempHome();
        var schema = JsonNode.Parse(CliProcess.Run(home, ["config", "--schema"]).ShouldExitWith(0).Output)!.ToJsonString();
        var files = Files.Select(static row => row.Data).ToList();
        home.Environment["NODE_PATH"] = Path.Combine(Repository.Root, "tests", "clients", "node_modules");
        var byTheSchema = ChildProcess.Run("node", ["-e", Judge], home, string.Join('\n', [schema, .. files])).ShouldExitWith(0).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static line => line == "true").ToList();

        var byTheProgram = files.ConvertAll(file =>
        {
            home.WriteConfig(file);
            return CliProcess.Run(home, ["config"]).ExitCode == 0;
        });

        Assert.Equal(files.Zip(byTheProgram), files.Zip(byTheSchema));
        Assert.Contains(true, byTheProgram);
        Assert.Contains(false, byTheProgram);
    }
}
