using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cairn.Host.Setup;

/// <summary>A hook as we register it.</summary>
/// <param name="Event">The client's name of the event.</param>
/// <param name="Command">The command line, for a shell.</param>
/// <param name="Seconds">How long the client waits for it.</param>
internal sealed record Hook(string Event, string Command, int Seconds);

/// <summary>
/// Puts our hooks into a file of the shape that Codex and Claude Code share, <c>{"hooks": {EVENT: [{"hooks": [HANDLER]}]}}</c>,
/// and takes them out again. Ours is what runs <c>cairn hook CLIENT</c>, wherever that cairn lies. A hook of ours goes behind
/// all others of its event: Codex keeps its trust in a hook by its place. Pure: text in, text out.
/// </summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="client">The client's name, as <c>cairn hook</c> knows it.</param>
internal sealed partial class JsonHooks(string file, string client)
{
    private const string Hooks = "hooks";

    /// <summary>The text with these hooks in it.</summary>
    public ConfigEdit Add(string? text, IReadOnlyList<Hook> wanted)
    {
        var after = JsonText.Parse(file, text);
        List<string> diff = [];
        var change = SetupChange.Unchanged;
        foreach (var hook in wanted)
        {
            var ours = Ours(after).FirstOrDefault(found => found.Event == hook.Event);
            if (ours is null)
            {
                after = after.Append([Hooks, hook.Event], Group(hook));
                if (change == SetupChange.Unchanged) change = SetupChange.Added;
            }
            else if (ours.Command != hook.Command)
            {
                after = after.With(ours.Handler.Member("command")!, JsonText.Quote(hook.Command));
                change = SetupChange.Updated;
            }
            else
            {
                continue;
            }
            diff.Add($"@@ {Hooks}.{hook.Event} @@");
            if (ours is not null) diff.Add($"-{ours.Command}");
            diff.Add($"+{hook.Command}");
        }
        return change == SetupChange.Unchanged ? new ConfigEdit(text, change, []) : new ConfigEdit(after.ToString(), change, diff);
    }

    /// <summary>The text without our hooks; null when nothing else was ever there.</summary>
    public ConfigEdit Remove(string text)
    {
        JsonText? after = JsonText.Parse(file, text);
        List<string> diff = [];
        while (after is not null && Ours(after).LastOrDefault() is { } ours) // backwards, as they came
        {
            diff.AddRange($"@@ {Hooks}.{ours.Event} @@", $"-{ours.Command}");
            after = after.Without(ours.Path);
        }
        return diff.Count == 0 ? new ConfigEdit(text, SetupChange.Unchanged, []) : new ConfigEdit(after?.ToString(), SetupChange.Removed, diff);
    }

    /// <summary>Our hooks in a file: event and command line.</summary>
    public IReadOnlyList<(string Event, string Command)> Registered(string? text) =>
        [.. Ours(JsonText.Parse(file, text)).Select(static found => (found.Event, found.Command))];

    private static string Group(Hook hook) => string.Create(
        CultureInfo.InvariantCulture, $"{{\"hooks\": [{{\"type\": \"command\", \"command\": {JsonText.Quote(hook.Command)}, \"timeout\": {hook.Seconds}}}]}}");

    private IEnumerable<Found> Ours(JsonText text)
    {
        if (text.Root.Member(Hooks) is not { Value.Kind: JsonTokenType.StartObject } hooks) yield break;
        foreach (var name in hooks.Value.Items)
        foreach (var group in name.Value.Items)
        {
            if (group.Value.Member(Hooks) is not { } list) continue;
            foreach (var handler in list.Value.Items)
            {
                if (text.String(handler.Value.Member("command")?.Value) is not { } command) continue;
                if (OurCommand().Match(command) is not { Success: true } match || match.Groups["client"].Value != client) continue;
                (JsonSpan, JsonItem)[] toGroup = [(text.Root, hooks), (hooks.Value, name), (name.Value, group)];
                // A group that somebody gave hooks of their own stays for those.
                yield return new Found(name.Key!, command, handler.Value, list.Value.Items.Count == 1 ? toGroup : [.. toGroup, (group.Value, list), (list.Value, handler)]);
            }
        }
    }

    [GeneratedRegex("""(^|[\\/'"\s])cairn(\.exe|\.dll)?['"]?\s+hook\s+(?<client>[a-z]+)\b""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OurCommand();

    private sealed record Found(string Event, string Command, JsonSpan Handler, IReadOnlyList<(JsonSpan Container, JsonItem Item)> Path);
}
