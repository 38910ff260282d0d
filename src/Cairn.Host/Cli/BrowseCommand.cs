using System.CommandLine;
using Cairn.Engine;
using Cairn.Host.Browse;

namespace Cairn.Host.Cli;

/// <summary>cairn browse: what is remembered, on the whole screen of a terminal.</summary>
internal static class BrowseCommand
{
    public static CairnCommand Create()
    {
        var project = new Option<string>("--project") { Description = "The project (default: the one of this folder; * for all)", HelpName = "NAME" };
        return new CairnCommand("browse", "Look through entries on the whole screen of a terminal: lists, searches, timelines, whole entries. It changes nothing; ? shows the keys.",
            "cairn browse", "cairn browse --project '*'") { project }.Looks().Does(async (context, _) =>
        {
            if ((context.Json ? "--json asks for data" : Output.WhyNoScreen()) is { } reason)
                throw EngineException.Invalid("browse", $"needs a terminal that shows a whole screen, and {reason}. Elsewhere: cairn search, timeline, get and brief, with --json for programs");
            using var stop = new StopSignals();
            var source = new BrowseSource(context);
            var first = new Request.List(new Scope(context.Parsed.GetValue(project), null, "active"));
            var listed = source.List(first);
            using var loop = new BrowseLoop(source.Answer, TimeProvider.System);
            await loop.Run(new BrowseState(TerminalScreen.Size, source.Here, [new ListPage(first, listed.Entries, listed.More, listed.Total)]), stop.Token).ConfigureAwait(false);
            return ExitCode.Done;
        });
    }
}
