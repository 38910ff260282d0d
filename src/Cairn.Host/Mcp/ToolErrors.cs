using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Engine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Mcp;

/// <summary>The engine's failures as the wire's. It never passes on a text that was sent.</summary>
internal static class ToolErrors
{
    private const string PolicyHint = "Take the secret out (name where it is kept instead) and save again.";

    /// <summary>A failure of the engine.</summary>
    public static ToolFailure From(EngineException error) => new(new ToolFailureDetail(Code(error.Code), error.Message, Details(error.Details)));

    /// <summary>A refusal by the policy.</summary>
    public static ToolFailure From(SaveOutcome.Blocked blocked)
    {
        var violations = new JsonArray([.. blocked.Violations.Select(static violation => (JsonNode)new JsonObject
        {
            ["rule"] = violation.Rule,
            ["field"] = violation.Field,
            ["line"] = violation.Line,
            ["column"] = violation.Column,
            ["length"] = violation.Length,
        })]);
        var places = string.Join(", ", blocked.Violations.Take(5).Select(static violation => $"{violation.Rule} in {violation.Field} at line {violation.Line}, column {violation.Column}"));
        return new(new ToolFailureDetail(Code(ErrorCode.PolicyBlocked), $"Nothing was saved: this looks like a secret ({places}). {PolicyHint}", new JsonObject { ["violations"] = violations }));
    }

    /// <summary>A failure nobody foresaw: its kind, never its words, which may hold what was sent.</summary>
    public static ToolFailure From(Exception error) => new(new ToolFailureDetail(Code(ErrorCode.StorageFailure),
        $"Cairn failed in a way it should not ({error.GetType().Name}). Nothing is half written. Run cairn health, and report this with the lines on stderr.", null));

    private static string Code(ErrorCode code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());

    private static JsonObject? Details(IReadOnlyDictionary<string, object> details)
    {
        if (details.Count == 0) return null;
        var json = new JsonObject();
        foreach (var (name, value) in details) json[name] = Node(value);
        return json;
    }

    private static JsonNode Node(object value) => value switch
    {
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        string text => JsonValue.Create(text)!,
        IEnumerable items => new JsonArray([.. items.Cast<object>().Select(Node)]),
        _ => JsonValue.Create(value.ToString())!,
    };
}
