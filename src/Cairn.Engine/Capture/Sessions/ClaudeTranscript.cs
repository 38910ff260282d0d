using System.Text.Json;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// Claude Code's transcripts: a line a message, whose content is a text or a list of texts, tool calls and their results.
/// What subagents were told and answered is no word of the user's or of the session's agent; what they did counts.
/// </summary>
internal sealed class ClaudeTranscript(SessionState state) : SessionReader(Client, state)
{
    /// <summary>The client's name.</summary>
    public const string Client = "claude";

    protected override void Read(JsonElement line)
    {
        if (JsonLine.Text(line, "type") is not ("user" or "assistant") || JsonLine.Object(line, "message") is not { } message) return;
        var isSide = JsonLine.Is(line, "isSidechain");
        // A session that was resumed in a new file repeats the lines of the former one, with the new session's id or the old.
        State = State with
        {
            SessionId = State.Started ? State.SessionId : JsonLine.Name(line, "sessionId") ?? State.SessionId,
            WorkingDirectory = JsonLine.Folder(line, "cwd") ?? State.WorkingDirectory,
            Branch = JsonLine.Name(line, "gitBranch") is { Length: > 0 } branch ? branch : State.Branch,
        };
        Start();
        if (JsonLine.Text(line, "type") == "user") ReadUser(line, message, isSide);
        else ReadAgent(line, message, isSide);
    }

    private void ReadUser(JsonElement line, JsonElement message, bool isSide)
    {
        var said = new List<string>();
        if (JsonLine.Text(message, "content") is { } whole) said.Add(whole);
        foreach (var part in JsonLine.Items(message, "content"))
        {
            if (JsonLine.Text(part, "type") == "tool_result") ReadResult(part);
            else if (JsonLine.Text(part, "type") == "text" && JsonLine.Text(part, "text") is { } text && !Injected.Is(text)) said.Add(text);
        }
        var id = JsonLine.Name(line, "uuid");
        var words = string.Join('\n', said);
        if (JsonLine.Is(line, "isCompactSummary"))
        {
            // "This session is being continued from a previous conversation …:", then the summary.
            var colon = words.IndexOf(":\n", StringComparison.Ordinal);
            Say(SessionEventKind.CompactionSummary, id, colon is > 0 and < 400 ? words[(colon + 2)..].Trim() : words);
            return;
        }
        if (isSide || JsonLine.Is(line, "isMeta") || JsonLine.Is(line, "isVisibleInTranscriptOnly") || words.Length == 0) return;
        // Claude Code names no turns; a prompt and what follows from it are one.
        if (!Injected.Is(words) && id is not null) BeginTurn(id);
        Say(SessionEventKind.UserPrompt, id, words);
    }

    private void ReadAgent(JsonElement line, JsonElement message, bool isSide)
    {
        if (JsonLine.Is(line, "isApiErrorMessage")) return;
        var said = new List<string>();
        foreach (var part in JsonLine.Items(message, "content"))
        {
            if (JsonLine.Text(part, "type") == "text" && JsonLine.Text(part, "text") is { } text) said.Add(text);
            if (JsonLine.Text(part, "type") == "tool_use") ReadCall(part);
        }
        if (isSide) return;
        var isFinal = JsonLine.Text(message, "stop_reason") == "end_turn";
        Say(isFinal ? SessionEventKind.FinalAnswer : SessionEventKind.AgentMessage, JsonLine.Name(line, "uuid"), string.Join('\n', said));
        if (isFinal) EndTurn();
    }

    private void ReadCall(JsonElement part)
    {
        var (id, name) = (JsonLine.Name(part, "id"), JsonLine.Text(part, "name"));
        var input = JsonLine.Object(part, "input");
        switch (name)
        {
            case "Bash" or "PowerShell": Begin(id, input is { } told ? JsonLine.Text(told, "command") : null, []); break;
            case "Edit" or "MultiEdit" or "Write" or "NotebookEdit":
                Begin(id, null, input is { } file && (JsonLine.Text(file, "file_path") ?? JsonLine.Text(file, "notebook_path")) is { } path ? [path] : []);
                break;
            case "Read" or "Glob" or "Grep" or "LS" or "TodoWrite" or "BashOutput": break;
            default: Called(id, name); break;
        }
    }

    private void ReadResult(JsonElement part)
    {
        var id = JsonLine.Name(part, "tool_use_id");
        if (Call(id) is not var (command, paths)) return;
        var failed = JsonLine.Is(part, "is_error");
        if (command is null)
        {
            Edited(id, paths, !failed);
            return;
        }
        var text = JsonLine.Text(part, "content") ?? string.Join('\n', JsonLine.Items(part, "content").Select(item => JsonLine.Text(item, "text")).OfType<string>());
        var output = CommandOutput.Of(text);
        Ran(id, command, output.ExitCode ?? (failed ? null : 0), output.Text);
    }
}
