using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>What a tool call answered.</summary>
internal sealed record ToolResult(JsonObject Structured, string Text, bool IsError)
{
    public string? ErrorCode => (string?)Structured["error"]?["code"];
}

/// <summary>
/// A real <c>cairn mcp</c> process, spoken to in bare JSON-RPC lines, so that a test sees each byte that a client
/// would see. Every line on its standard output must be a JSON-RPC message: another fails the test that reads it.
/// </summary>
internal sealed class McpProcess : IDisposable
{
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _error = new();
    private int _lastId;

    private McpProcess(Process process)
    {
        _process = process;
        _process.StandardInput.NewLine = "\n";
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => OnError(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>How many lines of standard output were read.</summary>
    public int LinesRead { get; private set; }

    /// <summary>What the server has written to standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>Starts <c>cairn mcp --db DATABASE</c>, or cairn with other arguments, without a handshake.</summary>
    public static McpProcess Start(
        TempHome home, IEnumerable<string>? arguments = null, string? workingDirectory = null) =>
        new(ChildProcess.Start(
            CairnBinary.Path, arguments ?? ["mcp", "--db", home.Database], home, workingDirectory));

    /// <summary>Starts <c>cairn mcp --db DATABASE</c> by way of another program, which is given before it, without a handshake.</summary>
    public static McpProcess StartThrough(TempHome home, params IReadOnlyList<string> program) =>
        new(ChildProcess.Start(program[0], [.. program.Skip(1), CairnBinary.Path, "mcp", "--db", home.Database], home));

    /// <summary>Starts <c>cairn mcp --db DATABASE</c> by another program, such as strace, and shakes hands.</summary>
    /// <param name="home">The user.</param>
    /// <param name="under">The other program and its arguments; the command line of cairn is put behind them.</param>
    /// <param name="database">The database, if not the home's.</param>
    /// <param name="binary">The executable, if not the one under test.</param>
    public static McpProcess StartUnder(TempHome home, IReadOnlyList<string> under, string? database = null, string? binary = null)
    {
        var server = new McpProcess(ChildProcess.Start(under[0], [.. under.Skip(1), binary ?? CairnBinary.Path, "mcp", "--db", database ?? home.Database], home));
        server.Initialize();
        return server;
    }

    /// <summary>Starts a server and shakes hands.</summary>
    public static McpProcess StartInitialized(
        TempHome home, IEnumerable<string>? arguments = null, string? workingDirectory = null)
    {
        var server = Start(home, arguments, workingDirectory);
        server.Initialize();
        return server;
    }

    /// <summary>The handshake of a client like Codex; returns the server's half.</summary>
    public JsonObject Initialize(string protocolVersion = "2025-06-18")
    {
        var result = Request("initialize", new JsonObject
        {
            ["protocolVersion"] = protocolVersion,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "cairn-tests", ["version"] = "1" },
        });
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
        return result;
    }

    public IReadOnlyList<JsonObject> ListTools() =>
        [.. Request("tools/list", []).Array("tools").Select(tool => tool!.AsObject())];

    /// <summary>Calls a tool, and sees to it that the text says what the structured content says.</summary>
    public ToolResult CallTool(string name, JsonObject arguments, JsonObject? meta = null)
    {
        var parameters = new JsonObject { ["name"] = name, ["arguments"] = arguments };
        if (meta is not null)
            parameters["_meta"] = meta;
        return AsToolResult(Request("tools/call", parameters));
    }

    /// <summary>What a tools/call answered.</summary>
    public static ToolResult AsToolResult(JsonObject result)
    {
        var structured = result.Object("structuredContent");
        var text = (string)Assert.Single(result.Array("content"))!["text"]!;
        Assert.True(JsonNode.DeepEquals(structured, JsonNode.Parse(text)), $"{structured}\nis not\n{text}");
        return new ToolResult(structured, text, (bool?)result["isError"] ?? false);
    }

    /// <summary>Sends a request and returns its result; a JSON-RPC error fails the test.</summary>
    public JsonObject Request(string method, JsonObject parameters)
    {
        var message = Exchange(method, parameters);
        return message["result"] as JsonObject ?? throw Failed($"{method} answered {message.ToJsonString()}");
    }

    /// <summary>Sends a request and returns the whole answer, be it a result or a JSON-RPC error.</summary>
    public JsonObject Exchange(string method, JsonNode? parameters)
    {
        var id = SendRequest(method, parameters);
        while (true)
        {
            var message = ReadMessage();
            if (IsAnswerTo(message, id))
                return message;
        }
    }

    /// <summary>Sends a request, waits for nothing, and returns its id.</summary>
    public int SendRequest(string method, JsonNode? parameters)
    {
        var id = ++_lastId;
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        return id;
    }

    /// <summary>
    /// Sends a ping and returns all that the server says before it answers that. The server reads in order, so what
    /// it has to say to the lines before the ping, and did not have to work for, is among it.
    /// </summary>
    public IReadOnlyList<JsonObject> Sync()
    {
        var before = new List<JsonObject>();
        var id = SendRequest("ping", null);
        for (var message = ReadMessage(); !IsAnswerTo(message, id); message = ReadMessage())
            before.Add(message);
        return before;
    }

    public static bool IsAnswerTo(JsonObject message, int id) =>
        message["id"] is JsonValue answered && answered.ToString() == $"{id}" && !message.ContainsKey("method");

    public void Send(JsonObject message) => SendRawLine(message.ToJsonString());

    public void SendRawLine(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Writes bytes as they are, in one piece and without a line end.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        _process.StandardInput.BaseStream.Write(bytes);
        _process.StandardInput.BaseStream.Flush();
    }

    /// <summary>The most memory that the process has had resident so far, in bytes (Linux).</summary>
    public long PeakMemory() => ProcessTable.Memory(Id, "VmHWM:");

    /// <summary>The memory that the process has resident now, in bytes (Linux).</summary>
    public long Memory() => ProcessTable.Memory(Id, "VmRSS:");

    /// <summary>The next line of standard output; null at its end. None within the limit fails the test.</summary>
    public string? ReadLine(TimeSpan? limit = null)
    {
        if (_lines.TryTake(out var line, limit ?? ChildProcess.Limit))
        {
            LinesRead++;
            return line;
        }
        return _lines.IsCompleted ? null : throw Failed("The server said nothing in time.");
    }

    /// <summary>The next line, which must be a JSON-RPC message.</summary>
    public JsonObject ReadMessage(TimeSpan? limit = null) =>
        AsMessage(ReadLine(limit) ?? throw Failed("The server closed its output."));

    /// <summary>Ends the session as a client does: no more input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Ends the process at once, with no chance to tidy up (kill -9).</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for the process to end by itself and returns its exit code; checks all that it still said.</summary>
    public int WaitForExit(TimeSpan? limit = null)
    {
        if (!_process.WaitForExit(limit ?? ChildProcess.Limit))
            throw Failed("The server did not end in time.");
        while (ReadLine() is { } line)
            AsMessage(line);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        // This waits for the end of the output too: no line comes after it.
        _process.WaitForExit();
        _process.Dispose();
        _lines.Dispose();
    }

    private void OnOutput(string? line)
    {
        if (line is null)
            _lines.CompleteAdding();
        else
            _lines.Add(line);
    }

    private void OnError(string? line)
    {
        lock (_error)
            _error.Append(line).Append('\n');
    }

    private JsonObject AsMessage(string line)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject message && (string?)message["jsonrpc"] == "2.0")
                return message;
        }
        catch (System.Text.Json.JsonException)
        {
            // Said below, with the line.
        }
        throw Failed($"Not a JSON-RPC message on standard output: {line}");
    }

    private Xunit.Sdk.XunitException Failed(string what) => new($"{what}\nstderr of the server:\n{Error}");
}
