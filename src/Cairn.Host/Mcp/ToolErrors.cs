using System.Collections;
using System.Text.Json.Nodes;
using Cairn.Engine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Mcp;

/// <summary>The engine's failures as the wire's. It never passes on a text that was sent.</summary>
internal static class ToolErrors
{
    private const string AgentHint = "Take the value out and name where it is kept instead. Do not send the same text again, nor the value in another form: no tool lifts this. "
        + "If it is a false alarm, tell the user; cairn policy check explains it, and cairn policy allow FINGERPRINT --reason \"...\" lets it pass.";

    private const string UserHint = "Take the value out and name where it is kept instead. cairn policy check explains it; a false alarm is let pass with cairn policy allow FINGERPRINT --reason \"...\".";

    /// <summary>A failure of the engine.</summary>
    public static ToolFailure From(EngineException error) => new(new ToolFailureDetail(error.Code.Word(), error.Message, Details(error.Details)));

    /// <summary>A refusal by the policy, to the user.</summary>
    public static ToolFailure From(SaveOutcome.Blocked blocked) => From(blocked, UserHint);

    /// <summary>A refusal by the policy, to an agent, which can lift none.</summary>
    public static ToolFailure ToAgent(SaveOutcome.Blocked blocked) => From(blocked, AgentHint);

    private static ToolFailure From(SaveOutcome.Blocked blocked, string hint)
    {
        var details = new JsonObject { ["violations"] = new JsonArray([.. blocked.Violations.Select(Violation)]), ["hint"] = hint };
        if (blocked.Total > blocked.Violations.Count) details["violations_total"] = blocked.Total;
        if (!blocked.Audited) details["audited"] = false;
        var places = string.Join("; ", blocked.Violations.Take(5).Select(Place));
        var more = blocked.Total > 5 ? $"; and {blocked.Total - 5} more" : "";
        return new(new ToolFailureDetail(ErrorCode.PolicyBlocked.Word(), $"Nothing was saved: this looks like a secret ({places}{more}). {hint}", details));
    }

    private static JsonNode Violation(PolicyViolation violation)
    {
        var json = new JsonObject
        {
            ["rule"] = violation.Rule,
            ["field"] = violation.Field,
            ["line"] = violation.Line,
            ["column"] = violation.Column,
            ["length"] = violation.Length,
        };
        if (violation.Fingerprint is { } fingerprint) json["fingerprint"] = fingerprint;
        return json;
    }

    private static string Place(PolicyViolation violation) =>
        $"{violation.Rule} in {violation.Field} at line {violation.Line}, column {violation.Column}, length {violation.Length}{(violation.Fingerprint is { } fingerprint ? $", fingerprint {fingerprint}" : "")}";

    /// <summary>A failure nobody foresaw: its kind, never its words, which may hold what was sent.</summary>
    public static ToolFailure From(Exception error) => new(new ToolFailureDetail(ErrorCode.StorageFailure.Word(),
        $"Cairn failed in a way it should not ({error.GetType().Name}). Nothing is half written. Run cairn health, and report this with the lines on stderr.", null));

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
