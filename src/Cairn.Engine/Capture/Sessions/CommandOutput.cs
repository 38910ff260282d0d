using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>What a tool gave back to the model, in the several forms of the clients.</summary>
/// <param name="Text">What a command printed.</param>
/// <param name="ExitCode">How it ended, where that is told.</param>
/// <param name="Failed">Whether it is told in words that it failed.</param>
internal readonly record struct CommandOutput(string Text, int? ExitCode, bool Failed)
{
    // The words around an output are few, and at its beginning.
    private const int HeadLength = 600;

    /// <summary>The output of a line of a Codex rollout.</summary>
    public static CommandOutput Of(JsonElement item)
    {
        var text = JsonLine.Text(item, "output")
            ?? (JsonLine.Object(item, "output") is { } inner ? JsonLine.Text(inner, "content") : null)
            ?? string.Join('\n', JsonLine.Items(item, "output").Select(part => JsonLine.Text(part, "text")).OfType<string>());
        if (text.StartsWith('{'))
        {
            using var json = JsonLine.Parse(Encoding.UTF8.GetBytes(text));
            if (json is not null && JsonLine.Text(json.RootElement, "output") is { } printed)
                return new CommandOutput(printed, JsonLine.Object(json.RootElement, "metadata") is { } about ? JsonLine.Number(about, "exit_code") : null, false);
        }
        return Of(text);
    }

    /// <summary>The output told in words.</summary>
    public static CommandOutput Of(string text)
    {
        var head = text.Length > HeadLength ? text[..HeadLength] : text;
        int? exit = CommandOutputPatterns.Exit().Match(head) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? code : null;
        var mark = CommandOutputPatterns.Output().Match(head);
        return new CommandOutput(mark.Success ? text[(mark.Index + mark.Length)..] : text, exit, CommandOutputPatterns.Failure().IsMatch(head));
    }
}

/// <summary>The words around an output.</summary>
internal static partial class CommandOutputPatterns
{
    [GeneratedRegex(@"^(?:Process exited with code|Exit code:?) (-?\d{1,9})\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    public static partial Regex Exit();

    [GeneratedRegex(@"^Output:\r?\n", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    public static partial Regex Output();

    [GeneratedRegex(@"^(?:unsupported |apply_patch verification failed|failed to|error:|aborted by user|exec_command failed|patch rejected)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Failure();
}
