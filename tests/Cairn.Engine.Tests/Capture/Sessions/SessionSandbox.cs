using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Engine.Capture;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Policy;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;
using Cairn.Engine.Tests.Git;

namespace Cairn.Engine.Tests.Capture.Sessions;

/// <summary>Homes of both clients in a temporary folder, and an import whose events are kept to be looked at.</summary>
internal sealed class SessionSandbox : IDisposable
{
    private readonly Database _database;

    public SessionSandbox()
    {
        Cairn = new EngineFixture();
        _database = new Database(Cairn.Options, Cairn.Time);
        Import = new SessionImportService(Cairn.Options, _database, new ProjectResolver(Cairn.Options, GitSandbox.Client(), new SecretScanner()), new SecretScanner(), Cairn.Time, (events, context) =>
        {
            Captured.AddRange(events);
            Contexts.Add(context);
            AtCapture?.Invoke();
            return new CaptureResult { Mode = CaptureMode.Full, Skipped = events.Count };
        });
    }

    public EngineFixture Cairn { get; }

    public SessionImportService Import { get; }

    /// <summary>All events that were handed on.</summary>
    public List<SessionEvent> Captured { get; } = [];

    public List<CallContext> Contexts { get; } = [];

    /// <summary>Runs whenever events were handed on.</summary>
    public Action? AtCapture { get; set; }

    public string CodexFile(string name = "rollout-2026-03-14T09-00-00-01a20e18-af62-78c0-98db-475536f769d5.jsonl") =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Cairn.Options.HomeDirectory, ".codex", "sessions", "2026", "03", "14")).FullName, name);

    public string ClaudeFile(string name = "7d3f0c52-2a8e-4b9f-9c39-1d2f8a4f6f10.jsonl") =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Cairn.Options.HomeDirectory, ".claude", "projects", "-home-u-proj")).FullName, name);

    /// <summary>Writes a file that was last written so long ago.</summary>
    public void Write(string path, ReadOnlySpan<byte> bytes, TimeSpan ago = default)
    {
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, (Cairn.Time.GetUtcNow() - ago).UtcDateTime);
    }

    public void Write(string path, IEnumerable<string> lines, TimeSpan ago = default) => Write(path, Bytes(lines), ago);

    public SessionImportResult Run(SessionImportRequest? request = null) => Import.Import(request ?? new SessionImportRequest());

    public static byte[] Bytes(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n")));

    /// <summary>The events of a file's lines, read one after the other.</summary>
    public static List<SessionEvent> Read(string client, params IEnumerable<string> lines)
    {
        var state = new SessionState { SessionId = "unnamed" };
        SessionReader reader = client == "codex" ? new CodexRollout(state) : new ClaudeTranscript(state);
        var events = new List<SessionEvent>();
        var offset = 0L;
        foreach (var line in lines)
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            reader.Read(bytes, offset, events);
            offset += bytes.Length + 1;
        }
        return events;
    }

    /// <summary>An event in one line.</summary>
    public static string Shown(SessionEvent item) => item.Kind switch
    {
        SessionEventKind.Command => $"Command {item.Command} = {item.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}: {item.Text?.TrimEnd()}",
        SessionEventKind.FileEdit => $"FileEdit {string.Join(' ', item.Paths)}",
        SessionEventKind.ToolCall => $"ToolCall {item.Tool}",
        SessionEventKind.SessionStarted => $"SessionStarted {item.SessionId}",
        _ => $"{item.Kind} {item.Text}",
    };

    public void Dispose()
    {
        _database.Dispose();
        Cairn.Dispose();
    }
}

/// <summary>Lines of Codex's rollout files, as the client writes them.</summary>
internal static class Rollout
{
    public const string Session = "01a20e18-af62-78c0-98db-475536f769d5";

    public static string Line(string type, JsonObject payload) => new JsonObject
    {
        ["timestamp"] = "2026-03-14T09:00:00.500Z", ["type"] = type, ["payload"] = payload,
    }.ToJsonString(JsonSerializerOptions.Default);

    public static string Meta(bool items = true, string cwd = "/home/u/proj") => Line("session_meta", new JsonObject
    {
        ["id"] = Session, ["cwd"] = cwd, ["history_mode"] = items ? "paginated" : null, ["git"] = new JsonObject { ["commit_hash"] = "03cbc385476d7cff9c5c77a13604d267b461ef32", ["branch"] = "main" },
    });

    public static string Item(JsonObject item) => Line("response_item", item);

    public static string Event(string type, JsonObject payload)
    {
        payload["type"] = type;
        return Line("event_msg", payload);
    }

    public static string Completed(string turn, JsonObject item) => Event("item_completed", new JsonObject { ["turn_id"] = turn, ["item"] = item });

    public static string Said(string role, string id, string turn, string text, string kind, string? phase = null) => Item(new JsonObject
    {
        ["type"] = "message", ["id"] = id, ["role"] = role, ["phase"] = phase,
        ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }),
        ["internal_chat_message_metadata_passthrough"] = new JsonObject { ["turn_id"] = turn, ["content_item_kinds"] = new JsonArray(kind) },
    });

    /// <summary>A turn of the newer shape: a prompt, a word, a command, an edit, a tool of Cairn's, an answer; each told twice where Codex does.</summary>
    public static IEnumerable<string> NewTurn(string turn, string prompt, string command, int exit, string answer)
    {
        yield return Event("task_started", new JsonObject { ["turn_id"] = turn });
        yield return Said("user", $"msg_a{turn}", turn, "# AGENTS.md instructions for /home/u/proj", "agents_md.instructions");
        yield return Line("turn_context", new JsonObject { ["turn_id"] = turn, ["cwd"] = "/home/u/proj" });
        yield return Said("developer", $"msg_h{turn}", turn, "Earlier decision: use WAL", "hooks.additional_context");
        yield return Said("user", $"msg_u{turn}", turn, prompt, "user.text");
        yield return Completed(turn, new JsonObject { ["type"] = "UserMessage", ["id"] = $"item_u{turn}", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = prompt }) });
        yield return Said("user", $"msg_i{turn}", turn, "What Cairn knows of this", "hooks.additional_context");
        yield return Agent(turn, $"msg_c{turn}", "I will look.", "commentary");
        yield return Said("assistant", $"msg_c{turn}", turn, "I will look.", "unknown", "commentary");
        yield return Call($"call_1{turn}", "exec_command", $$"""{"cmd": {{JsonValue.Create(command)!.ToJsonString()}}}""");
        yield return Completed(turn, new JsonObject { ["type"] = "CommandExecution", ["id"] = $"call_1{turn}", ["command"] = new JsonArray("/bin/bash", "-lc", command), ["exit_code"] = exit, ["aggregated_output"] = "some output\n" });
        yield return Output($"call_1{turn}", $"Chunk ID: dc57e1\nProcess exited with code {exit}\nOutput:\nsome output\n");
        yield return Item(new JsonObject { ["type"] = "custom_tool_call", ["call_id"] = $"call_2{turn}", ["name"] = "apply_patch", ["input"] = "*** Begin Patch\n*** Update File: src/a.cs\n+x\n*** Add File: /home/u/proj/b.cs\n*** End Patch\n" });
        yield return Item(new JsonObject { ["type"] = "custom_tool_call_output", ["call_id"] = $"call_2{turn}", ["output"] = "Exit code: 0\nOutput:\nSuccess. Updated the following files" });
        yield return Completed(turn, new JsonObject { ["type"] = "McpToolCall", ["id"] = $"call_3{turn}", ["server"] = "cairn", ["tool"] = "search_memory", ["result"] = new JsonObject { ["content"] = "A known entry" } });
        yield return Line("token_usage_record", new JsonObject { ["turn_id"] = turn });
        yield return Agent(turn, $"msg_f{turn}", answer, "final_answer");
        yield return Said("assistant", $"msg_f{turn}", turn, answer, "unknown", "final_answer");
        yield return Event("task_complete", new JsonObject { ["turn_id"] = turn, ["last_agent_message"] = answer });
    }

    /// <summary>A turn of the older shape, without ids and turns.</summary>
    public static IEnumerable<string> OldTurn(string call, string prompt, string command, int exit, string answer)
    {
        yield return Old("user", "<environment_context>\n<cwd>/home/u/proj</cwd>\n</environment_context>");
        yield return Old("user", prompt);
        yield return Event("user_message", new JsonObject { ["message"] = prompt, ["kind"] = "plain" });
        yield return Event("agent_message", new JsonObject { ["message"] = "I will look." });
        yield return Old("assistant", "I will look.");
        yield return Call(call, "shell", $$"""{"command": ["bash", "-lc", {{JsonValue.Create(command)!.ToJsonString()}}]}""");
        yield return Output(call, $$$"""{"output":"some output\n","metadata":{"exit_code":{{{exit}}},"duration_seconds":0.1}}""");
        yield return Event("agent_message", new JsonObject { ["message"] = answer });
        yield return Old("assistant", answer);
    }

    public static string Old(string role, string text) => Item(new JsonObject
    {
        ["type"] = "message", ["role"] = role, ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }),
    });

    public static string Call(string id, string name, string arguments) =>
        Item(new JsonObject { ["type"] = "function_call", ["name"] = name, ["call_id"] = id, ["arguments"] = arguments });

    public static string Output(string id, string output) => Item(new JsonObject { ["type"] = "function_call_output", ["call_id"] = id, ["output"] = output });

    private static string Agent(string turn, string id, string text, string phase) => Completed(turn, new JsonObject
    {
        ["type"] = "AgentMessage", ["id"] = id, ["phase"] = phase, ["content"] = new JsonArray(new JsonObject { ["type"] = "Text", ["text"] = text }),
    });
}

/// <summary>Lines of Claude Code's transcripts.</summary>
internal static class Transcript
{
    public static string User(string uuid, JsonNode content, Action<JsonObject>? more = null) => Line("user", uuid, new JsonObject { ["role"] = "user", ["content"] = content }, more);

    public static string Agent(string uuid, JsonObject part, string? stop = null, Action<JsonObject>? more = null) =>
        Line("assistant", uuid, new JsonObject { ["role"] = "assistant", ["stop_reason"] = stop, ["content"] = new JsonArray(part) }, more);

    public static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    public static JsonObject Use(string id, string name, JsonObject input) => new() { ["type"] = "tool_use", ["id"] = id, ["name"] = name, ["input"] = input };

    public static JsonArray Result(string id, string content, bool isError = false) =>
        [new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = id, ["content"] = content, ["is_error"] = isError }];

    private static string Line(string type, string uuid, JsonObject message, Action<JsonObject>? more)
    {
        var line = new JsonObject
        {
            ["type"] = type, ["uuid"] = uuid, ["timestamp"] = "2026-03-14T09:00:00.500Z", ["sessionId"] = "7d3f0c52", ["cwd"] = "/home/u/proj", ["gitBranch"] = "main", ["message"] = message,
        };
        more?.Invoke(line);
        return line.ToJsonString();
    }
}
