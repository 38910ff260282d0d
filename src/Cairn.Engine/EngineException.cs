using System.Text.Json;

namespace Cairn.Engine;

/// <summary>The stable reasons for which the engine refuses or fails; the wire's error codes.</summary>
public enum ErrorCode
{
    /// <summary>The caller's input breaks a documented rule.</summary>
    InvalidArgument,

    /// <summary>The text holds what looks like a secret.</summary>
    PolicyBlocked,

    /// <summary>No entry, project or run has the name that was given.</summary>
    EntryNotFound,

    /// <summary>SQLite or the file system failed; nothing was half written.</summary>
    StorageFailure,

    /// <summary>The database's schema is not one that this program may use.</summary>
    MigrationFailure,
}

/// <summary>The reasons as the wire and the log name them.</summary>
public static class ErrorCodeText
{
    /// <summary>INVALID_ARGUMENT and the like.</summary>
    public static string Word(this ErrorCode code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());
}

/// <summary>
/// A failure with a code, words that say what to do next, and details for a program.
/// Neither the message nor a detail ever holds an entry's text or a value that might be a secret.
/// </summary>
public sealed class EngineException : Exception
{
    /// <summary>Creates a failure.</summary>
    public EngineException(ErrorCode code, string message, IReadOnlyDictionary<string, object>? details = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Details = details ?? new Dictionary<string, object>();
    }

    /// <summary>The stable reason.</summary>
    public ErrorCode Code { get; }

    /// <summary>Facts for a program: field, limit, size, position. Values are strings, numbers or lists of them.</summary>
    public IReadOnlyDictionary<string, object> Details { get; }

    /// <summary>An input that breaks a rule: names the field and says the rule.</summary>
    public static EngineException Invalid(string field, string reason, params ReadOnlySpan<(string Name, object Value)> more)
    {
        var details = new Dictionary<string, object> { ["field"] = field, ["reason"] = reason };
        foreach (var (name, value) in more) details[name] = value;
        return new EngineException(ErrorCode.InvalidArgument, $"{field}: {reason}", details);
    }

    /// <summary>No entry has this id.</summary>
    public static EngineException NotFound(string id) =>
        new(ErrorCode.EntryNotFound, $"No entry has the id {id}. Ids come from search, timeline and save_memory.", new Dictionary<string, object> { ["id"] = id });
}
