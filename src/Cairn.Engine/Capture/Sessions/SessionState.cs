using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// What a reader must know of the lines before, to go on in the middle of a file. It is stored, so it holds no word of
/// what was said: of ids and texts only a short hash, too short to tell a text by.
/// </summary>
internal sealed record SessionState
{
    private const int MaxRecent = 128;

    /// <summary>The client's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The folder that the client works in.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The address of the repository's origin.</summary>
    public string? Repository { get; init; }

    /// <summary>The branch that is checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>The commit that is checked out.</summary>
    public string? Commit { get; init; }

    /// <summary>The turn.</summary>
    public string? TurnId { get; init; }

    /// <summary>The last time that a line told.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Whether the session's first line was read.</summary>
    public bool Started { get; init; }

    /// <summary>Codex: whether the file has the newer items, which tell how a command ended.</summary>
    public bool HasItems { get; init; }

    /// <summary>Whether the turn has its final answer.</summary>
    public bool Answered { get; init; }

    /// <summary>Hashes of the last ids, so that what is told twice is one event.</summary>
    public ImmutableArray<uint> Ids { get; init; } = [];

    /// <summary>Hashes of the last texts that one of two channels told, and the other may still tell.</summary>
    public ImmutableArray<uint> Texts { get; init; } = [];

    /// <summary>The state that a stored text says, or null when it says none.</summary>
    public static SessionState? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SessionJson.Default.SessionState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The state as a text.</summary>
    public string Write() => JsonSerializer.Serialize(this, SessionJson.Default.SessionState);

    /// <summary>The state with one more id.</summary>
    public SessionState WithId(uint id) => this with { Ids = Add(Ids, id) };

    /// <summary>The state with one more text.</summary>
    public SessionState WithText(uint text) => this with { Texts = Add(Texts, text) };

    private static ImmutableArray<uint> Add(ImmutableArray<uint> list, uint value) => (list.Length < MaxRecent ? list : list.RemoveAt(0)).Add(value);
}

/// <summary>A reader's state as JSON.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SessionState))]
internal sealed partial class SessionJson : JsonSerializerContext;
