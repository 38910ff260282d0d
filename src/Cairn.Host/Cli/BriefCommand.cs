using System.CommandLine;
using System.Text.Json;
using Cairn.Engine.Briefing;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>cairn brief: twin of recent_context. As words it is what a session is given to read, and the budget holds for those.</summary>
internal static class BriefCommand
{
    public static CairnCommand Create()
    {
        var focus = new Argument<string[]>("focus") { Description = "What the session will be about: related entries come first", Arity = ArgumentArity.ZeroOrMore };
        var maxTokens = new Option<int?>("--max-tokens") { Description = $"The most tokens it may cost, {BriefRequest.MinMaxTokens} to {BriefRequest.MaxMaxTokens} (default: {BriefRequest.DefaultMaxTokens})" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("brief", "Show where a project stands: what a session should know at its start.",
            "cairn brief", "cairn brief retry policy of the gateway --max-tokens 800") { focus, maxTokens, project }.Looks().Does(context =>
        {
            var words = context.Parsed.GetValue(focus) is { Length: > 0 } given ? string.Join(' ', given) : null;
            var brief = context.Engine.Briefs.Compose(BriefTools.Request(context.Parsed.GetValue(maxTokens), words), context.Origin(context.Parsed.GetValue(project)),
                context.Json ? static brief => JsonSerializer.Serialize(brief, WireJson.Compact.Brief) : static brief => brief.Text());
            if (context.Json) Output.Json(brief, WireJson.Indented.Brief);
            else Output.Text(brief.Text().TrimEnd('\n'));
            return ExitCode.Done;
        });
    }
}
