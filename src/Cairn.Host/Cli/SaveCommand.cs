using System.CommandLine;
using System.Text.Json;
using Cairn.Engine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Cli;

/// <summary>cairn save: twin of save_memory.</summary>
internal static class SaveCommand
{
    public static CairnCommand Create()
    {
        var text = new Argument<string?>("text") { Description = "What to remember; - or nothing reads stdin", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<FileInfo>("--file") { Description = "Read the text from a file", HelpName = "FILE" };
        var title = new Option<string>("--title") { Description = "One line (default: the text's first line)" };
        var type = new Option<string>("--type") { Description = $"{string.Join(", ", EntryType.Known)}, or your own (default: {EntryType.Default})" };
        var source = new Option<string>("--source-ref") { Description = "The file, URL or ticket that it is about" };
        var tags = new Option<string[]>("--tag") { Description = "A tag; may be given several times", HelpName = "TAG" };
        var metadata = new Option<string>("--metadata") { Description = "A JSON object", HelpName = "JSON" };
        var session = new Option<string>("--session-id") { Description = "The session that it belongs to" };
        var supersedes = new Option<string[]>("--supersedes") { Description = "The id of an entry that this one replaces; may be given several times", HelpName = "ID" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("save", "Remember something.",
            "cairn save \"We use SQLite: one file, no service\" --type decision",
            "cairn save --title \"Release steps\" --file docs/release.md",
            "git log -1 --format=%B | cairn save --type commit")
        {
            text, file, title, type, source, tags, metadata, session, supersedes, project,
        }.Does(context =>
        {
            var read = context.Parsed;
            var entry = new NewEntry
            {
                Text = CommandContext.ReadText(read.GetValue(text), read.GetValue(file))
                    ?? throw EngineException.Invalid("text", "is missing: give it as an argument, with --file, or on stdin"),
                Title = read.GetValue(title),
                Type = read.GetValue(type),
                SourceRef = read.GetValue(source),
                Tags = read.GetValue(tags) ?? [],
                Metadata = ReadObject("--metadata", read.GetValue(metadata)),
                Supersedes = read.GetValue(supersedes) ?? [],
            };
            var outcome = context.Engine.Entries.Save(entry, context.Origin(read.GetValue(project), read.GetValue(session)));
            return CairnCommand.Answer(context, outcome, receipt => receipt.Status == "saved" ? $"Saved [green]{receipt.Id}[/]" : $"Already there: [green]{receipt.Id}[/]");
        });
    }

    /// <summary>A JSON object from the command line.</summary>
    public static JsonElement? ReadObject(string field, string? json)
    {
        if (json is null) return null;
        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false }) is { ValueKind: JsonValueKind.Object } value ? value : throw EngineException.Invalid(field, "is not a JSON object");
        }
        catch (JsonException error)
        {
            throw EngineException.Invalid(field, error.BytePositionInLine is { } position ? $"is not JSON (byte {position + 1})" : "holds one name twice, or is not JSON");
        }
    }
}
