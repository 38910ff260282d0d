using System.Text.Json;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// Codex's rollout files. Three generations are read: bare items (the first half of 2025), lines of type and payload with
/// event messages of their own kinds, and those with completed items. A file may hold several: Codex goes on in an old one.
/// </summary>
internal sealed class CodexRollout(SessionState state) : SessionReader(Client, state)
{
    /// <summary>The client's name.</summary>
    public const string Client = "codex";

    private const string SummaryEnd = "assist with your own analysis:";
    private const string SummaryBegin = "Another language model started to solve this problem";
    private const string RequestMark = "## My request for Codex:";

    protected override void Read(JsonElement line)
    {
        var type = JsonLine.Text(line, "type");
        if (JsonLine.Object(line, "payload") is { } payload)
        {
            switch (type)
            {
                case "session_meta": ReadMeta(payload); break;
                case "turn_context": ReadTurn(payload); break;
                case "response_item": ReadItem(payload); break;
                case "event_msg": ReadMessage(payload); break;
                case "compacted": ReadSummary(payload); break;
            }
        }
        else if (type is not null) ReadItem(line);
        else if (JsonLine.Name(line, "id") is not null && JsonLine.Text(line, "timestamp") is not null) ReadMeta(line);
    }

    // A forked session's file repeats what it was forked from: the first line says whose file it is.
    private void ReadMeta(JsonElement meta)
    {
        if (State.Started) return;
        var git = JsonLine.Object(meta, "git");
        State = State with
        {
            SessionId = JsonLine.Name(meta, "id") ?? JsonLine.Name(meta, "session_id") ?? State.SessionId,
            WorkingDirectory = JsonLine.Folder(meta, "cwd") ?? State.WorkingDirectory,
            Branch = git is { } place ? JsonLine.Name(place, "branch") : null,
            Commit = git is { } at ? JsonLine.Name(at, "commit_hash") : null,
            Repository = git is { } home ? JsonLine.Name(home, "repository_url") : null,
            HasItems = JsonLine.Text(meta, "history_mode") == "paginated",
            At = State.At == default ? JsonLine.Time(meta, "timestamp") ?? default : State.At,
        };
        Start();
    }

    private void ReadTurn(JsonElement turn)
    {
        State = State with { WorkingDirectory = JsonLine.Folder(turn, "cwd") ?? State.WorkingDirectory };
        BeginTurn(JsonLine.Name(turn, "turn_id"));
    }

    private void ReadSummary(JsonElement payload)
    {
        if (JsonLine.Text(payload, "message") is not { } text) return;
        // The model is told in a fixed sentence what the summary is.
        var end = text.StartsWith(SummaryBegin, StringComparison.Ordinal) ? text.IndexOf(SummaryEnd, StringComparison.Ordinal) : -1;
        Say(SessionEventKind.CompactionSummary, JsonLine.Name(payload, "compaction_response_id") is { } id ? $"compaction:{id}" : null,
            end < 0 ? text : text[(end + SummaryEnd.Length)..].Trim());
    }

    private void ReadItem(JsonElement item)
    {
        var call = JsonLine.Name(item, "call_id");
        switch (JsonLine.Text(item, "type"))
        {
            case "message": ReadSaid(item); break;
            case "function_call": ReadCall(item, call); break;
            case "local_shell_call":
                if (JsonLine.Object(item, "action") is { } action) Begin(call ?? JsonLine.Name(item, "id"), CommandLine(action, "command"), []);
                break;
            case "custom_tool_call":
                Begin(call, null, JsonLine.Text(item, "name") == "apply_patch" ? PatchPaths.Of(JsonLine.Text(item, "input") ?? "") : []);
                break;
            case "function_call_output" or "custom_tool_call_output" or "local_shell_call_output": ReadOutput(item, call); break;
        }
    }

    private void ReadSaid(JsonElement item)
    {
        var role = JsonLine.Text(item, "role");
        var about = JsonLine.Object(item, "internal_chat_message_metadata_passthrough");
        if (about is { } told && JsonLine.Name(told, "turn_id") is { } turn) BeginTurn(turn);
        var id = JsonLine.Name(item, "id");
        if (role == "assistant")
        {
            var kind = JsonLine.Text(item, "phase") == "final_answer" ? SessionEventKind.FinalAnswer : SessionEventKind.AgentMessage;
            Say(kind, id, string.Join('\n', JsonLine.Items(item, "content").Select(part => JsonLine.Text(part, "text")).OfType<string>()), channel: false);
        }
        if (role != "user") return;
        var kinds = about is { } named ? JsonLine.Items(named, "content_item_kinds").Select(JsonLine.Text).ToList() : [];
        var parts = JsonLine.Items(item, "content").Select(part => JsonLine.Text(part, "text")).ToList();
        var said = parts.Where((text, i) => text is not null && (kinds.Count == parts.Count ? kinds[i] == "user.text" : !Injected.Is(text)));
        Say(SessionEventKind.UserPrompt, id, Request(string.Join('\n', said)), channel: false);
    }

    private void ReadCall(JsonElement item, string? call)
    {
        var name = JsonLine.Text(item, "name") ?? "";
        using var arguments = JsonLine.Parse(System.Text.Encoding.UTF8.GetBytes(JsonLine.Text(item, "arguments") ?? ""));
        if (JsonLine.Text(item, "namespace") is { } space) name = $"{space}__{name}";
        if (arguments is null) return;
        switch (name)
        {
            case "exec_command": Begin(call, JsonLine.Text(arguments.RootElement, "cmd"), []); break;
            case "shell" or "shell_command" or "container.exec" or "local_shell": Begin(call, CommandLine(arguments.RootElement, "command"), []); break;
            case "apply_patch": Begin(call, null, PatchPaths.Of(JsonLine.Text(arguments.RootElement, "input") ?? "")); break;
            case "write_stdin" or "update_plan" or "view_image": break;
            default: if (!State.HasItems) Called(call, name); break;
        }
    }

    private void ReadOutput(JsonElement item, string? callId)
    {
        if (Call(callId) is not var (command, paths)) return;
        var output = CommandOutput.Of(item);
        if (command is not null)
        {
            // Of a command that still runs, a completed item tells the end.
            if (output.ExitCode is not null || !State.HasItems) Ran(callId, command, output.ExitCode, output.Text);
        }
        else Edited(callId, paths, output.ExitCode is null or 0 && !output.Failed);
    }

    private void ReadMessage(JsonElement message)
    {
        var turn = JsonLine.Name(message, "turn_id");
        switch (JsonLine.Text(message, "type"))
        {
            case "task_started" or "turn_started": BeginTurn(turn); break;
            case "task_complete" or "turn_complete":
                if (!State.Answered) Say(SessionEventKind.FinalAnswer, $"answer:{turn ?? LineId}", JsonLine.Text(message, "last_agent_message"));
                EndTurn();
                break;
            case "turn_aborted": EndTurn(); break;
            case "item_completed":
                BeginTurn(turn);
                if (JsonLine.Object(message, "item") is { } item) ReadCompleted(item);
                break;
            case "user_message":
                if (JsonLine.Text(message, "kind") is null or "plain") Say(SessionEventKind.UserPrompt, null, Request(JsonLine.Text(message, "message")), channel: true);
                break;
            case "agent_message":
                Say(JsonLine.Text(message, "phase") == "final_answer" ? SessionEventKind.FinalAnswer : SessionEventKind.AgentMessage, null, JsonLine.Text(message, "message"), channel: true);
                break;
            case "exec_command_end":
                Ran(JsonLine.Name(message, "call_id"), CommandLine(message, "command"), JsonLine.Number(message, "exit_code"),
                    JsonLine.Text(message, "aggregated_output") ?? $"{JsonLine.Text(message, "stdout")}{JsonLine.Text(message, "stderr")}");
                break;
            case "patch_apply_end":
                Edited(JsonLine.Name(message, "call_id"), Changes(message), JsonLine.Is(message, "success"));
                break;
            case "mcp_tool_call_end":
                if (JsonLine.Object(message, "invocation") is { } invocation) CalledTool(JsonLine.Name(message, "call_id"), invocation);
                break;
        }
    }

    private void ReadCompleted(JsonElement item)
    {
        State = State with { HasItems = true };
        var id = JsonLine.Name(item, "id");
        switch (JsonLine.Text(item, "type"))
        {
            case "UserMessage": Say(SessionEventKind.UserPrompt, id, Request(Words(item)), channel: true); break;
            case "AgentMessage":
                Say(JsonLine.Text(item, "phase") == "final_answer" ? SessionEventKind.FinalAnswer : SessionEventKind.AgentMessage, id, Words(item), channel: true);
                break;
            case "CommandExecution": Ran(id, CommandLine(item, "command"), JsonLine.Number(item, "exit_code"), JsonLine.Text(item, "aggregated_output")); break;
            case "FileChange": Edited(id, Changes(item), JsonLine.Text(item, "status") is null or "completed"); break;
            case "McpToolCall": CalledTool(id, item); break;
        }
    }

    private void CalledTool(string? id, JsonElement call) => Called(id, $"mcp__{JsonLine.Text(call, "server")}__{JsonLine.Text(call, "tool")}");

    private static string Words(JsonElement item) =>
        string.Join('\n', JsonLine.Items(item, "content").Select(part => JsonLine.Text(part, "text")).OfType<string>());

    // An editor puts what is open in it before the user's words.
    private static string? Request(string? text) =>
        text?.IndexOf(RequestMark, StringComparison.Ordinal) is >= 0 and var mark ? text[(mark + RequestMark.Length)..].Trim() : text;

    private static string? CommandLine(JsonElement parent, string name)
    {
        if (JsonLine.Text(parent, name) is { } line) return line;
        var words = JsonLine.Items(parent, name).Select(JsonLine.Text).OfType<string>().ToList();
        return words is [_, "-lc" or "-c" or "-Command" or "/c", var script] ? script : words.Count > 0 ? string.Join(' ', words) : null;
    }

    // Either a map from path to change, or a list of objects with a path.
    private static List<string> Changes(JsonElement item) => JsonLine.Object(item, "changes") is { } map
        ? [.. map.EnumerateObject().Select(Name).OfType<string>().Take(200)]
        : [.. JsonLine.Items(item, "changes").Select(change => JsonLine.Text(change, "path")).OfType<string>().Take(200)];

    private static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
