using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Host.Hooks;

/// <summary>
/// What Codex reads from a hook's stdout. Its schema allows no key that it does not know: one more, and the hook has failed
/// and its context is lost. Only SessionStart and UserPromptSubmit take context; of other events nothing is written.
/// </summary>
internal sealed record CodexOutput(CodexSpecificOutput HookSpecificOutput)
{
    // Other scripts as they are: escapes would cost the model several tokens a character.
    private static readonly CodexOutputJson Json = new(new JsonSerializerOptions(CodexOutputJson.Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The output by which an event gives the model this text.</summary>
    public static string Context(string eventName, string text) => JsonSerializer.Serialize(new CodexOutput(new CodexSpecificOutput(eventName, text)), Json.CodexOutput);
}

/// <summary>The part that differs between events.</summary>
internal sealed record CodexSpecificOutput(string HookEventName, string AdditionalContext);

/// <summary>Camel case, and nothing but what is set.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CodexOutput))]
internal sealed partial class CodexOutputJson : JsonSerializerContext;
