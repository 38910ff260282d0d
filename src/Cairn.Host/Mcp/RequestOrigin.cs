using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Engine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Mcp;

/// <summary>
/// What a request says of where it comes from. Codex sends session, workspace and commit in _meta with every call;
/// what is not there is the environment's or the working directory's.
/// </summary>
internal sealed class RequestOrigin(Settings settings)
{
    private const string CodexTurn = "x-codex-turn-metadata";

    /// <summary>The call's context; arguments of the call win over everything else.</summary>
    public CallContext Of(ToolCall call)
    {
        var meta = call.Meta;
        var turn = meta?[CodexTurn] as JsonObject;
        var workspaces = turn?["workspaces"] as JsonObject;
        return new CallContext
        {
            WorkingDirectory = Environment.CurrentDirectory,
            Project = call.Text("project") ?? settings.ProjectName.Value,
            Workspaces = [.. (workspaces ?? []).Select(static workspace => workspace.Key).Where(IsFolder)],
            SessionId = call.Text("session_id") ?? Text(meta?["threadId"]) ?? Text(turn?["session_id"]) ?? settings.SessionId.Value,
            Client = call.Client,
            Commit = workspaces is { Count: 1 } && Text((workspaces.First().Value as JsonObject)?["latest_git_commit_hash"]) is { } commit && IsCommit(commit) ? commit : null,
            Origin = EntryOrigin.Agent,
        };
    }

    // What a client sends as a path or a commit may be any text.
    private static bool IsFolder(string path) => Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal);

    private static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
