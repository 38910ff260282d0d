using System.Text.Json;

namespace Cairn.Host.Hooks;

/// <summary>
/// What a client tells a hook on stdin, as far as we use it. Codex and Claude Code write the same names; what is missing or of
/// another kind is null, and what else there is is passed over: both add fields with every version.
/// </summary>
internal sealed record HookInput
{
    /// <summary>The greatest input that is read, in bytes; a longer one is no hook's.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The client's session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The file that the client records the session in; null when it records none.</summary>
    public string? TranscriptPath { get; init; }

    /// <summary>The folder that the session works in.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Of SessionStart: startup, resume, clear, compact or fork.</summary>
    public string? Source { get; init; }

    /// <summary>Of UserPromptSubmit: what the user wrote.</summary>
    public string? Prompt { get; init; }

    /// <summary>Reads one JSON object.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static HookInput Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.ValueKind == JsonValueKind.Object)
            foreach (var member in root.EnumerateObject())
                if (member.Value.ValueKind == JsonValueKind.String && Read(member) is var (key, value)) texts[key] = value;
        string? Text(string name) => texts.TryGetValue(name, out var text) && text.Length > 0 ? text : null;
        return new HookInput
        {
            SessionId = Text("session_id") ?? Text("thread-id"),
            TranscriptPath = Path(Text("transcript_path")),
            WorkingDirectory = Path(Text("cwd")),
            Source = Text("source"),
            Prompt = Text("prompt"),
        };
    }

    // Half a surrogate pair, which JSON can spell and no text can hold, makes it none.
    private static (string Name, string Text)? Read(JsonProperty member)
    {
        try
        {
            return (member.Name, member.Value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Path(string? text) => text is not null && System.IO.Path.IsPathFullyQualified(text) && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}
