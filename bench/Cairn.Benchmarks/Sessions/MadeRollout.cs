using System.Globalization;
using System.Text.Json.Nodes;

namespace Cairn.Benchmarks.Sessions;

/// <summary>
/// A made-up session in the shape in which Codex 0.169 writes one (Capture/Rollouts holds real ones): each thing told twice,
/// long instructions at its start, commands with some kilobytes of output, and now and then something worth keeping.
/// </summary>
/// <param name="corpus">Where its words come from.</param>
/// <param name="number">Which session; the same number makes the same session.</param>
/// <param name="folder">The folder that it works in.</param>
/// <param name="begun">When it began.</param>
internal sealed class MadeRollout(Corpus corpus, int number, string folder, DateTimeOffset begun)
{
    private const int InstructionsLength = 20_000, CommandsATurn = 3, OutputNotes = 3;

    private readonly Random _random = new(number);
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"01a22f89-28e3-7000-8000-{number:d12}");
    private TimeSpan _passed;
    private int _calls, _turns, _words;

    /// <summary>Where it stands below Codex's home.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"sessions/{begun:yyyy/MM/dd}/rollout-{begun:yyyy-MM-ddTHH-mm-ss}-{_id}.jsonl");

    /// <summary>Its session's id.</summary>
    public string Id => _id;

    /// <summary>Its first line.</summary>
    public IEnumerable<string> Begin()
    {
        yield return Line("session_meta", new JsonObject
        {
            ["session_id"] = _id, ["id"] = _id, ["timestamp"] = Time(), ["cwd"] = folder, ["originator"] = "codex_exec", ["cli_version"] = "0.169.0", ["source"] = "exec",
            ["base_instructions"] = new JsonObject { ["text"] = new string('x', InstructionsLength) }, ["history_mode"] = "paginated",
            ["git"] = new JsonObject { ["commit_hash"] = "3aefbbc4fc52892da76c74e9dcc1eef4e8feda28", ["branch"] = "main" },
        });
    }

    /// <summary>One more turn: a prompt, some commands, an answer. Of every fourth there is something to keep.</summary>
    public IEnumerable<string> Turn()
    {
        var turn = string.Create(CultureInfo.InvariantCulture, $"{_id[..24]}{number:d6}{++_turns:d6}");
        yield return Event("task_started", turn, []);
        yield return Line("turn_context", new JsonObject { ["turn_id"] = turn, ["cwd"] = folder, ["model"] = "made" });
        foreach (var line in Said(turn, "user", $"Please look at {Words(3)} and at {Words(4)}.")) yield return line;
        for (var i = 0; i < CommandsATurn; i++)
            foreach (var line in Ran(turn, $"cat src/{Words(1)}.cs", Enumerable.Range(0, OutputNotes).Select(_ => corpus[_random.Next(100_000)].Body))) yield return line;
        var answer = (_turns % 4) switch
        {
            1 => $"We decided to use {Words(1)} for the {Words(2)}, because {Words(5)}.",
            3 when _turns % 8 == 3 => $"Done with {Words(2)}.\n\nRemaining:\n- {Words(4)}\n- {Words(3)}",
            _ => $"I looked at {Words(3)}. It does {Words(6)}.",
        };
        foreach (var line in Said(turn, "assistant", answer)) yield return line;
        yield return Event("task_complete", turn, new JsonObject { ["last_agent_message"] = answer });
    }

    private IEnumerable<string> Said(string turn, string role, string text)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"msg_{_turns}_{role}");
        var isUser = role == "user";
        yield return Line("response_item", new JsonObject
        {
            ["type"] = "message", ["id"] = id, ["role"] = role, ["content"] = new JsonArray(new JsonObject { ["type"] = isUser ? "input_text" : "output_text", ["text"] = text }),
            ["phase"] = isUser ? null : "final_answer",
            ["internal_chat_message_metadata_passthrough"] = new JsonObject { ["turn_id"] = turn, ["content_item_kinds"] = isUser ? new JsonArray("user.text") : null },
        });
        yield return Event("item_completed", turn, new JsonObject
        {
            ["item"] = new JsonObject { ["type"] = isUser ? "UserMessage" : "AgentMessage", ["id"] = id, ["phase"] = isUser ? null : "final_answer", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) },
        });
    }

    private IEnumerable<string> Ran(string turn, string command, IEnumerable<string> output)
    {
        var (call, text) = (string.Create(CultureInfo.InvariantCulture, $"call_{++_calls}"), string.Join('\n', output));
        yield return Line("response_item", new JsonObject { ["type"] = "function_call", ["name"] = "exec_command", ["arguments"] = new JsonObject { ["cmd"] = command }.ToJsonString(), ["call_id"] = call });
        yield return Event("item_completed", turn, new JsonObject
        {
            ["item"] = new JsonObject { ["type"] = "CommandExecution", ["id"] = call, ["command"] = new JsonArray("bash", "-lc", command), ["status"] = "completed", ["aggregated_output"] = text, ["exit_code"] = 0 },
        });
        yield return Line("response_item", new JsonObject { ["type"] = "function_call_output", ["call_id"] = call, ["output"] = $"Wall time: 0.1 seconds\nProcess exited with code 0\nOutput:\n{text}" });
    }

    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => corpus.Rare(unchecked(number * 997 + _words++))));

    private string Event(string type, string turn, JsonObject rest)
    {
        rest["type"] = type;
        rest["turn_id"] = turn;
        return Line("event_msg", rest);
    }

    private string Line(string type, JsonObject payload)
    {
        _passed += TimeSpan.FromSeconds(2);
        return new JsonObject { ["timestamp"] = Time(), ["type"] = type, ["payload"] = payload }.ToJsonString();
    }

    private string Time() => (begun + _passed).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
