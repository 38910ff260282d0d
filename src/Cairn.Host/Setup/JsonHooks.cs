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
/// and takes them out again. Ours is a line that runs <c>cairn hook CLIENT EVENT</c> and nothing else, wherever that cairn lies;
/// one that somebody built around it is theirs, serves its event, and is left as it is. A hook of ours goes behind all others of
/// its event: Codex keeps its trust in a hook by its place. Pure: text in, text out.
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
            if (Found(after).Any(found => found.Event == hook.Event && !found.IsOurs)) continue;
            var shown = diff.Count;
            (after, var ours) = Single(after, hook, diff);
            if (diff.Count > shown) change = SetupChange.Updated;
            if (ours is null)
            {
                after = after.Append([Hooks, hook.Event], Group(hook));
                if (change == SetupChange.Unchanged) change = SetupChange.Added;
            }
            else if (ours.Command != hook.Command)
            {
                after = after.With(ours.Value.Member("command")!, JsonText.Quote(hook.Command));
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
        while (after is not null && Found(after).LastOrDefault(static found => found.IsOurs) is { } ours) // backwards, as they came
        {
            diff.AddRange($"@@ {Hooks}.{ours.Event} @@", $"-{ours.Command}");
            after = after.Without(ours.Path);
        }
        return diff.Count == 0 ? new ConfigEdit(text, SetupChange.Unchanged, []) : new ConfigEdit(after?.ToString(), SetupChange.Removed, diff);
    }

    /// <summary>Our hooks in a file: event and command line.</summary>
    public IReadOnlyList<(string Event, string Command)> Registered(string? text) =>
        [.. Found(JsonText.Parse(file, text)).Where(static found => found.IsOurs).Select(static found => (found.Event, found.Command))];

    /// <summary>The events at which a line of somebody else's runs our command too.</summary>
    public IReadOnlyList<string> Others(string? text) =>
        [.. Found(JsonText.Parse(file, text)).Where(static found => !found.IsOurs).Select(static found => found.Event).Distinct()];

    // Two of ours would do all twice, perhaps into two databases: the one that is right stays, else the first.
    private (JsonText After, Handler? Ours) Single(JsonText text, Hook hook, List<string> diff)
    {
        while (true)
        {
            var ours = Found(text).Where(found => found.Event == hook.Event && found.IsOurs).ToList();
            var kept = ours.Find(found => found.Command == hook.Command) ?? ours.FirstOrDefault();
            if (ours.FindLast(found => found != kept) is not { } extra) return (text, kept);
            diff.AddRange($"@@ {Hooks}.{hook.Event} @@", $"-{extra.Command}");
            text = text.Without(extra.Path)!; // not null: the kept one is in it
        }
    }

    private static string Group(Hook hook) => string.Create(
        CultureInfo.InvariantCulture, $"{{\"hooks\": [{{\"type\": \"command\", \"command\": {JsonText.Quote(hook.Command)}, \"timeout\": {hook.Seconds}}}]}}");

    private IEnumerable<Handler> Found(JsonText text)
    {
        if (text.Root.Member(Hooks) is not { Value.Kind: JsonTokenType.StartObject } hooks) yield break;
        foreach (var name in hooks.Value.Items)
        foreach (var group in name.Value.Items)
        {
            if (group.Value.Member(Hooks) is not { } list) continue;
            foreach (var handler in list.Value.Items)
            {
                if (text.String(handler.Value.Member("command")?.Value) is not { } command) continue;
                if (!OurCommand().Matches(command).Any(match => match.Groups["client"].Value == client)) continue;
                var isOurs = OurLine().Match(command) is { Success: true } line && (line.Groups["runner"].Length == 0 || line.Groups["program"].Value.TrimEnd('\'', '"').EndsWith(".dll", StringComparison.Ordinal));
                (JsonSpan, JsonItem)[] toGroup = [(text.Root, hooks), (hooks.Value, name), (name.Value, group)];
                // A group that somebody gave hooks of their own stays for those.
                yield return new Handler(name.Key!, command, isOurs, handler.Value, list.Value.Items.Count == 1 ? toGroup : [.. toGroup, (group.Value, list), (list.Value, handler)]);
            }
        }
    }

    [GeneratedRegex("""(^|[\\/'"\s])cairn(\.exe|\.dll)?['"]?\s+hook\s+(?<client>[a-z]+)\b""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OurCommand();

    // As ShellText writes it, with a runtime before a .dll, and nothing before or behind.
    [GeneratedRegex("""
        ^(?<runner>(?:'[^']*'|"[^"]*"|\\'|[^\s'";&|<>$`()#=])+\s+)?(?<program>(?:'[^']*'|"[^"]*"|\\'|[^\s'";&|<>$`()#])+)\s+hook\s+[a-z]+\s+[A-Za-z]+(?:\s+--db\s+(?:'[^']*'|"[^"]*"|\\'|[^\s'";&|<>$`()#])+)?$
        """, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OurLine();

    private sealed record Handler(string Event, string Command, bool IsOurs, JsonSpan Value, IReadOnlyList<(JsonSpan Container, JsonItem Item)> Path);
}
