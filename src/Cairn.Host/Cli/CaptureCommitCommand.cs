using System.CommandLine;
using System.Globalization;

namespace Cairn.Host.Cli;

/// <summary>cairn capture commit: what the post-commit hook calls.</summary>
internal static class CaptureCommitCommand
{
    public static CairnCommand Create()
    {
        var revision = new Argument<string>("revision") { Description = "The commit, as git names it (default: HEAD)", DefaultValueFactory = static _ => "HEAD" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("commit", "Take one commit of this folder's repository into memory: its message and the names of its files. Again, it changes nothing.",
            "cairn capture commit", "cairn capture commit HEAD~1")
        {
            revision, project,
        }.Does(context =>
        {
            var result = context.Engine.Histories.Capture(context.Parsed.GetValue(revision)!, context.Origin(context.Parsed.GetValue(project)));
            if (context.Json) Output.Json(result, WireJson.Indented.GitHistoryResult);
            else Output.Line(string.Create(CultureInfo.InvariantCulture, $"Commits: {result.Saved} saved, {result.Known} known{IngestCommand.More(result)}."));
            return result.Refused is null ? ExitCode.Done : ExitCode.Blocked;
        });
    }
}
