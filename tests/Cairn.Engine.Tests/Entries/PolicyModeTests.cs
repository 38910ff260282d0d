using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Transfer;

namespace Cairn.Engine.Tests.Entries;

/// <summary>What is done with a secret: by who writes, by what the user sets, and by the project's own file, which only tightens.</summary>
public sealed class PolicyModeTests
{
    private static readonly string Secret = PolicyFixture.Secret();
    private static readonly string Redacted = "see [REDACTED:github-token]";

    [Fact]
    public void Save_Redact_StoresTheRestAndSaysHowMuchIsGone()
    {
        using var policy = new PolicyFixture(options => options with { Mode = PolicyMode.Redact });
        var entry = new NewEntry
        {
            Text = $"see {Secret}",
            Title = $"about {Secret}",
            SourceRef = Secret,
            Tags = ["fine", Secret],
            Metadata = JsonElement.Parse($$"""{"a":["b",{"token":"{{Secret}}"}],"{{Secret}}":1}"""),
        };

        var receipt = policy.Cairn.Store(entry);

        Assert.Equal(("saved", 6), (receipt.Status, receipt.Redacted));
        var stored = policy.Cairn.Get(receipt.Id);
        Assert.Equal((Redacted, "about [REDACTED:github-token]", "[REDACTED:github-token]"), (stored.Body, stored.Title, stored.SourceRef));
        Assert.False(policy.Cairn.Holds(Secret));
        var lines = policy.Events();
        Assert.Equal(["metadata (key 2)", "metadata.a[1].token", "source_ref", "tags[1]", "text", "title"], lines.Select(line => line.Field).Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal(("redacted", receipt.Id, "cairn", "user", Secret.Length), (line.Event, line.EntryId, line.Project, line.Origin, line.Length)));
    }

    [Fact]
    public void Update_Redact_StoresTheRest()
    {
        using var policy = new PolicyFixture(options => options with { Mode = PolicyMode.Redact });
        var id = policy.Cairn.Save("Before");

        var receipt = policy.Cairn.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Text = $"see {Secret}", Reason = $"because {Secret}" });

        Assert.Equal(2, receipt.Redacted);
        Assert.Equal(Redacted, policy.Cairn.Get(receipt.Id).Body);
        Assert.False(policy.Cairn.Holds(Secret));
    }

    [Fact]
    public void Update_FromAnotherProject_IsJudgedByTheEntrysOwn()
    {
        using var policy = new PolicyFixture(options => options with { Projects = new Dictionary<string, PolicyMode> { ["loose"] = PolicyMode.Redact } });
        var id = policy.Cairn.Save("Before");
        policy.Policy.Allow(policy.Fingerprint(Secret), "a sample", "trusting");
        var change = new EntryChange { Id = id, Action = EntryAction.Revise, Text = $"see {Secret}" };

        Assert.IsType<SaveOutcome.Blocked>(policy.Cairn.Entries.Update(change, policy.Cairn.In("loose")));
        Assert.IsType<SaveOutcome.Blocked>(policy.Cairn.Entries.Update(change, policy.Cairn.In("trusting")));
        Assert.False(policy.Cairn.Holds(Secret));
    }

    [Fact]
    public void Save_RedactWithASecretForAProject_IsRefused()
    {
        using var policy = new PolicyFixture(options => options with { Mode = PolicyMode.Redact });

        var blocked = policy.Refused($"see {Secret}", policy.Cairn.In(Secret));

        Assert.Equal(["text", "project"], blocked.Violations.Select(violation => violation.Field));
        Assert.All(policy.Events(), line => Assert.Null(line.Project));
        Assert.False(policy.Cairn.Holds(Secret));
    }

    [Fact]
    public void Save_ProjectWithAModeOfItsOwn_GoesByThat()
    {
        using var policy = new PolicyFixture(options => options with { Projects = new Dictionary<string, PolicyMode> { ["notes"] = PolicyMode.Redact, ["billing"] = PolicyMode.Block } });
        policy.Cairn.Save("x", policy.Cairn.In("notes"));
        policy.Cairn.Engine.Projects.Rename("notes", "journal");

        Assert.Equal(1, EngineFixture.Stored(policy.Save($"see {Secret}", policy.Cairn.In("journal"))).Redacted);
        policy.Refused($"see {Secret}", policy.Cairn.In("billing"));
        policy.Refused($"see {Secret}");
    }

    [Theory]
    [InlineData("""{"policy": {"mode": "block"}}""", null)]
    [InlineData("""{"policy": {"mode": "block", "rules": "off"}}""", "under policy it may only say")]
    [InlineData("""{"policy": {"mode": "block"}, "other": 1}""", "a name that is no setting")]
    public void Save_ProjectFileThatBlocks_TightensTheUsersMode(string content, string? warning)
    {
        using var policy = new PolicyFixture(options => options with { Mode = PolicyMode.Redact });

        policy.Refused($"see {Secret}", ProjectWith(policy, content));

        AssertWarning(policy, warning);
    }

    [Theory]
    [InlineData("""{"policy": {"mode": "redact"}}""", "under policy it may only say")]
    [InlineData("""{"policy": {"mode": "off"}}""", "under policy it may only say")]
    [InlineData("""{"policy": "off"}""", "is no JSON object")]
    [InlineData("not json", "is no JSON object")]
    [InlineData("[1]", "is no JSON object")]
    [InlineData("{}", null)]
    [InlineData("", "is no JSON object")]
    public void Save_ProjectFileThatLoosens_IsIgnored(string content, string? warning)
    {
        using var policy = new PolicyFixture();
        using var redacting = new PolicyFixture(options => options with { Mode = PolicyMode.Redact });

        policy.Refused($"see {Secret}", ProjectWith(policy, content));
        EngineFixture.Stored(redacting.Save($"see {Secret}", ProjectWith(redacting, content)));

        AssertWarning(policy, warning);
    }

    [Fact]
    public void Save_ProjectFileOfFolderAbove_HoldsForTheWholeCheckout()
    {
        using var policy = new PolicyFixture(options => options with { Mode = PolicyMode.Redact });
        var context = ProjectWith(policy, """{"policy": {"mode": "block"}}""");
        foreach (var name in new[] { "objects", "refs" }) Directory.CreateDirectory(Path.Combine(context.WorkingDirectory, ".git", name));
        File.WriteAllText(Path.Combine(context.WorkingDirectory, ".git", "HEAD"), "ref: refs/heads/main\n");
        var below = Directory.CreateDirectory(Path.Combine(context.WorkingDirectory, "src", "deep")).FullName;

        policy.Refused($"see {Secret}", context with { WorkingDirectory = below });
    }

    [Fact]
    public void Import_EachMode_RedactsOrSkips()
    {
        foreach (var mode in new PolicyMode?[] { null, PolicyMode.Redact, PolicyMode.Block })
        {
            using var policy = new PolicyFixture(options => options with { Mode = mode });
            var file = Path.Combine(policy.Cairn.Folder, "memory.json");
            File.WriteAllText(file, $$"""
                {"type":"entity","name":"Deploy","entityType":"note","observations":["see {{Secret}}","The queue is drained first."]}
                """);

            var result = policy.Cairn.Engine.Import.Import(new ImportRequest { Path = file, Format = "server-memory" }, policy.Cairn.Context);

            File.Delete(file);
            Assert.False(policy.Cairn.Holds(Secret));
            Assert.Equal(mode == PolicyMode.Block ? (1, 1, 0) : (2, 0, 1), (result.Imported, result.SkippedCount, result.Redactions));
            var line = Assert.Single(policy.Events());
            Assert.Equal((mode == PolicyMode.Block ? "blocked" : "redacted", "import", "cairn"), (line.Event, line.Origin, line.Project));
            Assert.Equal(mode == PolicyMode.Block, line.EntryId is null);
            if (mode == PolicyMode.Block) Assert.Contains("this looks like a secret (github-token at line 1", Assert.Single(result.Skipped!).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ingest_EachMode_RedactsOrSkips()
    {
        foreach (var mode in new PolicyMode?[] { null, PolicyMode.Redact, PolicyMode.Block })
        {
            using var policy = new PolicyFixture(options => options with { Mode = mode });
            var root = Directory.CreateDirectory(Path.Combine(policy.Cairn.Folder, "project")).FullName;
            File.WriteAllText(Path.Combine(root, "notes.md"), $"# Deploy\n\nFirst.\nsee {Secret}\n");
            File.WriteAllText(Path.Combine(root, "clean.md"), "# Clean\n\nNothing.\n");

            var result = policy.Cairn.Engine.Ingestion.Ingest(new() { Sources = ["."] }, policy.Cairn.Context with { WorkingDirectory = root, Project = null }, cancellation: TestContext.Current.CancellationToken);

            Directory.Delete(root, recursive: true);
            Assert.False(policy.Cairn.Holds(Secret));
            var line = Assert.Single(policy.Events());
            Assert.Equal(("notes.md", 4, 5, "document", "project"), (line.Field, line.Line, line.Column, line.Origin, line.Project));
            if (mode == PolicyMode.Block)
            {
                Assert.Equal((1, null), (result.ImportedEntries, result.Redactions));
                Assert.Contains("looks like it holds a secret (github-token at line 4, column 5)", Assert.Single(result.Skipped).Reason, StringComparison.Ordinal);
                Assert.Equal("blocked", line.Event);
            }
            else
            {
                Assert.Equal((2, 1), (result.ImportedEntries, result.Redactions));
                Assert.Equal("redacted", line.Event);
            }
        }
    }

    [Fact]
    public void Ingest_AfterAnException_TakesTheTextInWhole()
    {
        using var policy = new PolicyFixture();
        var root = Directory.CreateDirectory(Path.Combine(policy.Cairn.Folder, "project")).FullName;
        File.WriteAllText(Path.Combine(root, "notes.md"), $"# Deploy\n\nsee {Secret}\n");
        var context = policy.Cairn.Context with { WorkingDirectory = root, Project = null };
        policy.Cairn.Engine.Ingestion.Ingest(new() { Sources = ["notes.md"] }, context, cancellation: TestContext.Current.CancellationToken);

        policy.Policy.Allow(Assert.Single(policy.Events()).Fingerprint!, "sample", null);
        var again = policy.Cairn.Engine.Ingestion.Ingest(new() { Sources = ["notes.md"] }, context, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((1, null), (again.ImportedEntries, again.Redactions));
        Assert.Equal([$"see {Secret}"], policy.Cairn.Rows("SELECT body FROM entries WHERE state = 'active'"));
    }

    private static CallContext ProjectWith(PolicyFixture policy, string content)
    {
        var root = Directory.CreateDirectory(Path.Combine(policy.Cairn.Folder, "project")).FullName;
        File.WriteAllText(Path.Combine(root, ".cairn.json"), content);
        return policy.Cairn.Context with { WorkingDirectory = root, Project = null };
    }

    private static void AssertWarning(PolicyFixture policy, string? warning)
    {
        var context = policy.Cairn.Context with { WorkingDirectory = Path.Combine(policy.Cairn.Folder, "project") };
        var shown = policy.Policy.Health(context).SingleOrDefault(check => check.Name == "project file");
        if (warning is null)
        {
            Assert.Empty(policy.Warnings);
            Assert.Null(shown);
            return;
        }
        Assert.All(policy.Warnings, text => Assert.Contains(warning, text, StringComparison.Ordinal));
        Assert.NotEmpty(policy.Warnings);
        Assert.Equal("warn", shown!.Status);
        Assert.Contains(warning, shown.Detail, StringComparison.Ordinal);
    }
}
