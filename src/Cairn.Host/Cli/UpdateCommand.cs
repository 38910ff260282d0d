using System.CommandLine;
using System.CommandLine.Parsing;
using Cairn.Engine.Entries;

namespace Cairn.Host.Cli;

/// <summary>cairn update: twin of update_memory.</summary>
internal static class UpdateCommand
{
    public static CairnCommand Create()
    {
        var id = new Argument<string>("id") { Description = "The entry" };
        var action = new Argument<EntryAction>("action") { Description = "revise, supersede, forget, reinstate, pin or unpin", HelpName = "action", CustomParser = ReadAction };
        action.CompletionSources.Clear();
        var text = new Option<string>("--text") { Description = "revise: the new text; - reads stdin" };
        var file = new Option<FileInfo>("--file") { Description = "revise: read the new text from a file", HelpName = "FILE" };
        var title = new Option<string>("--title") { Description = "revise: the new title" };
        var type = new Option<string>("--type") { Description = "revise: the new type" };
        var source = new Option<string>("--source-ref") { Description = "revise: the new source" };
        var tags = new Option<string[]>("--tag") { Description = "revise: the new tags; may be given several times", HelpName = "TAG" };
        var metadata = new Option<string>("--metadata") { Description = "revise: the new metadata", HelpName = "JSON" };
        var by = new Option<string>("--superseded-by") { Description = "supersede: the entry that takes its place", HelpName = "ID" };
        var reason = new Option<string>("--reason") { Description = "Why, for the record" };
        return new CairnCommand("update", "Correct, replace, forget, bring back or pin an entry.",
            "cairn update 06BQ1Z7K3M9XWVTD revise --text \"We use SQLite 3.53\"",
            "cairn update 06BQ1Z7K3M9XWVTD supersede --superseded-by 06BQ20A4N8PYQRSE",
            "cairn update 06BQ1Z7K3M9XWVTD forget --reason \"no longer true\"")
        {
            id, action, text, file, title, type, source, tags, metadata, by, reason,
        }.Does(context =>
        {
            var read = context.Parsed;
            var given = read.GetValue(text);
            var outcome = context.Engine.Entries.Update(new EntryChange
            {
                Id = read.GetValue(id)!,
                Action = read.GetValue(action),
                Text = given is null && read.GetValue(file) is null ? null : CommandContext.ReadText(given, read.GetValue(file)),
                Title = read.GetValue(title),
                Type = read.GetValue(type),
                SourceRef = read.GetValue(source),
                Tags = read.GetValue(tags) is { Length: > 0 } list ? list : null,
                Metadata = SaveCommand.ReadObject("--metadata", read.GetValue(metadata)),
                SupersededBy = read.GetValue(by),
                Reason = read.GetValue(reason),
            }, context.Origin(null));
            return CairnCommand.Answer(context, outcome, receipt => $"{char.ToUpperInvariant(receipt.Status[0])}{receipt.Status[1..]}: [green]{receipt.Id}[/]");
        });
    }

    // The framework would take a number for an action, and name the type in its error.
    private static EntryAction ReadAction(ArgumentResult result)
    {
        var names = Enum.GetNames<EntryAction>().Select(static name => name.ToLowerInvariant()).ToList();
        var word = result.Tokens[0].Value;
        if (names.Contains(word)) return Enum.Parse<EntryAction>(word, ignoreCase: true);
        result.AddError($"action must be one of: {string.Join(", ", names)}");
        return default;
    }
}
