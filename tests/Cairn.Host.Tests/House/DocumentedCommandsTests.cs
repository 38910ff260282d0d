using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>
/// Every cairn command that a document shows is run, in the document's order, by a user with a home, a repository and a
/// few documents of their own. It ends with 0, or as its remark says ("# exit 4"). Words that stand for something:
/// ID is the entry saved last, OTHER_ID the one saved before it, BACKUP the newest backup's name, RUN the newest dry run,
/// FINGERPRINT the one that was shown last. docs/sample.md holds what looks like a secret.
/// </summary>
[Collection(typeof(Alone))]
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string> DocumentsWithCommands { get; } =
        [.. DocumentedCommand.Documents.Where(static document => DocumentedCommand.In(document).Any(static command => command.Words[0] == "cairn"))];

    [Theory]
    [MemberData(nameof(DocumentsWithCommands))]
    public void Document_EveryCairnCommandInOrder_EndsAsItSays(string document)
    {
        using var home = new TempHome();
        MakeProject(home);
        var saved = new List<string>();
        var fingerprint = "";

        foreach (var command in DocumentedCommand.In(document).Where(static command => command.Words[0] == "cairn"))
        {
            var arguments = command.Words.Skip(1).Select(word => word == "FINGERPRINT" ? fingerprint : Meaning(word, saved, home)).ToList();
            var ended = CliProcess.Run(home, arguments);

            Assert.True(ended.ExitCode == command.ExitCode, $"{document}: {command.Line}\nExit code {ended.ExitCode}, not {command.ExitCode}.\n{ended.Output}\n{ended.Error}");
            if (SavedId().Match(ended.Output) is { Success: true } match) saved.Add(match.Groups[1].Value);
            if (Fingerprint().Match(ended.Output) is { Success: true } shown) fingerprint = shown.Value;
        }
    }

    private static string Meaning(string word, List<string> saved, TempHome home) => word switch
    {
        "ID" => saved[^1],
        "OTHER_ID" => saved[^2],
        "BACKUP" => Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "backups"), "*.db").Select(Path.GetFileName).Max(StringComparer.Ordinal)!,
        "RUN" => DatabaseFile.Column(home.DefaultDatabase, "SELECT run_id FROM retention_audit_events WHERE event = 'dry-run' ORDER BY key DESC LIMIT 1")[0],
        _ => word,
    };

    private static void MakeProject(TempHome home)
    {
        ChildProcess.Run("git", ["init", "-q", "-b", "main"], home).ShouldExitWith(0);
        var docs = Directory.CreateDirectory(Path.Combine(home.Project, "docs")).FullName;
        File.WriteAllText(Path.Combine(home.Project, "README.md"), "# Billing\n\nSends invoices.\n");
        File.WriteAllText(Path.Combine(docs, "decisions.md"), "# Decisions\n\n## One file\n\nThe database is SQLite.\n");
        File.WriteAllText(Path.Combine(docs, "session-log.md"), "# Session log\n");
        File.WriteAllText(Path.Combine(docs, "sample.md"), $"# Sample\n\nA call with the sample key {"gh" + "p_" + new Random(7).GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 36)}\n");
        ChildProcess.Run("git", ["add", "README.md"], home).ShouldExitWith(0);
        ChildProcess.Run("git", ["-c", "user.name=A. Tester", "-c", "user.email=tester@example.invalid", "-c", "commit.gpgSign=false", "commit", "-q", "-m", "Invoices"], home).ShouldExitWith(0);
    }

    [GeneratedRegex(@"\b[0-9a-f]{16}\b")]
    private static partial Regex Fingerprint();

    [GeneratedRegex(@"^(?:Saved|Already there:) ([0-9A-Z]{16})", RegexOptions.Multiline)]
    private static partial Regex SavedId();
}
