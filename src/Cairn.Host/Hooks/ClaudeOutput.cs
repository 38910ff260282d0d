using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Host.Hooks;

/// <summary>
/// What Claude Code reads from a hook's stdout. The same words as Codex has today, and another contract: it allows more, and
/// may change by itself. Only SessionStart and UserPromptSubmit are given context.
/// </summary>
internal sealed record ClaudeOutput(ClaudeSpecificOutput HookSpecificOutput)
{
    // Other scripts as they are: escapes would cost the model several tokens a character.
    private static readonly ClaudeOutputJson Json = new(new JsonSerializerOptions(ClaudeOutputJson.Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The output by which an event gives the model this text.</summary>
    public static string Context(string eventName, string text) => JsonSerializer.Serialize(new ClaudeOutput(new ClaudeSpecificOutput(eventName, text)), Json.ClaudeOutput);
}

/// <summary>The part that differs between events.</summary>
internal sealed record ClaudeSpecificOutput(string HookEventName, string AdditionalContext);

/// <summary>Camel case, and nothing but what is set.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClaudeOutput))]
internal sealed partial class ClaudeOutputJson : JsonSerializerContext;
