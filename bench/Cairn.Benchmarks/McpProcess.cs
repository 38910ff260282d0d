using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Cairn.Benchmarks;

/// <summary>
/// A server of the Model Context Protocol in a process of its own, spoken to in newline-delimited JSON over its pipes.
/// It does as little as it can between the bytes and the clock: a request is written before the clock starts, an
/// answer is read into memory before it stops, and parsed after.
/// </summary>
internal sealed class McpProcess : IDisposable
{
    private readonly long _spawned = Stopwatch.GetTimestamp();
    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _request = new(4096);
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;
    private int _used;
    private int _id;
    private readonly ConcurrentQueue<string?> _errors = new();

    /// <summary>
    /// Starts the program in the current directory, as a client does; its settings come from an empty home and from the
    /// variables given.
    /// </summary>
    public McpProcess(string program, IEnumerable<string> arguments, string home, params ReadOnlySpan<(string Name, string Value)> settings)
        : this(program, arguments, home, Directory.GetCurrentDirectory(), settings)
    {
    }

    /// <summary>The same, in another directory.</summary>
    public McpProcess(string program, IEnumerable<string> arguments, string home, string directory, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MEMORY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_DATA_HOME"] = home;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (sender, line) =>
        {
            _errors.Enqueue(line.Data);
            if (_errors.Count > 20) _errors.TryDequeue(out _);
        };
        _process.BeginErrorReadLine();
        _input = _process.StandardInput.BaseStream;
        _output = _process.StandardOutput.BaseStream;
    }

    /// <summary>How long an answer may take before the server is killed, and the call fails; null: for ever.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Milliseconds since just before the process was started.</summary>
    public double SinceSpawn => Stopwatch.GetElapsedTime(_spawned).TotalMilliseconds;

    /// <summary>What the process holds in memory, in MiB: its resident set, or its private memory where there is no /proc.</summary>
    public double MemoryMebibytes
    {
        get
        {
            var status = $"/proc/{_process.Id}/status";
            if (!File.Exists(status))
            {
                _process.Refresh();
                return _process.PrivateMemorySize64 / 1048576.0;
            }
            var line = File.ReadLines(status).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return int.Parse(line.AsSpan(6, line.Length - 6 - 2), CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    /// <summary>The handshake, and the list of tools, which is the result.</summary>
    public JsonElement Initialize()
    {
        Send("initialize", static parameters =>
        {
            parameters.WriteString("protocolVersion", "2025-06-18");
            parameters.WriteStartObject("capabilities");
            parameters.WriteEndObject();
            parameters.WriteStartObject("clientInfo");
            parameters.WriteString("name", "cairn-bench");
            parameters.WriteString("version", "1");
            parameters.WriteEndObject();
        }, out _);
        _input.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"u8);
        Send("tools/list", static _ => { }, out var tools);
        return tools;
    }

    /// <summary>Calls a tool with string arguments (null ones are left out) and returns its result and the milliseconds it took.</summary>
    public (JsonElement Result, double Milliseconds) Call(string tool, params ReadOnlySpan<(string Name, string? Value)> arguments)
    {
        var given = arguments.ToArray();
        return Call(tool, json =>
        {
            foreach (var (name, value) in given)
                if (value is not null) json.WriteString(name, value);
        });
    }

    /// <summary>Calls a tool with the arguments that are written, and returns its result and the milliseconds it took.</summary>
    public (JsonElement Result, double Milliseconds) Call(string tool, Action<Utf8JsonWriter> arguments)
    {
        var (result, milliseconds) = CallWhole(tool, arguments);
        var content = result.TryGetProperty("structuredContent", out var structured)
            ? structured
            : JsonElement.Parse(result.GetProperty("content")[0].GetProperty("text").GetString()!);
        if (result.TryGetProperty("isError", out var failed) && failed.GetBoolean()) throw new InvalidOperationException($"{tool}: {content}");
        return (content, milliseconds);
    }

    /// <summary>The same, with the result as it came, also when it is an error.</summary>
    public (JsonElement Result, double Milliseconds) CallWhole(string tool, Action<Utf8JsonWriter> arguments)
    {
        var milliseconds = Send("tools/call", parameters =>
        {
            parameters.WriteString("name", tool);
            parameters.WriteStartObject("arguments");
            arguments(parameters);
            parameters.WriteEndObject();
        }, out var result);
        return (result, milliseconds);
    }

    /// <summary>How many entries of a database have vectors, and how many may have some.</summary>
    public static (long Covered, long Of) Covered(string program, string database, string home)
    {
        var start = new ProcessStartInfo(program, ["embeddings", "status", "--json", "--db", database]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_DATA_HOME"] = home;
        using var process = Process.Start(start)!;
        var status = JsonElement.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return (status.GetProperty("covered").GetInt64(), status.GetProperty("of").GetInt64());
    }

    /// <summary>Ends the server as a client does, by the end of its input.</summary>
    public void Dispose()
    {
        _input.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private double Send(string method, Action<Utf8JsonWriter> parameters, out JsonElement result)
    {
        _request.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_request))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", ++_id);
            json.WriteString("method", method);
            json.WriteStartObject("params");
            parameters(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        _request.Write("\n"u8);

        using var guard = Patience is { } patience ? TimeProvider.System.CreateTimer(_ => _process.Kill(entireProcessTree: true), null, patience, Timeout.InfiniteTimeSpan) : null;
        var started = Stopwatch.GetTimestamp();
        _input.Write(_request.WrittenSpan);
        _input.Flush();
        while (true)
        {
            var line = ReadLine();
            var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var message = JsonElement.Parse(line);
            if (message.TryGetProperty("method", out _) || !message.TryGetProperty("id", out var id) || id.GetInt32() != _id) continue; // a notification, or a request of its own
            if (message.TryGetProperty("error", out var error)) throw new InvalidOperationException($"{method}: {error}");
            result = message.GetProperty("result");
            return milliseconds;
        }
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        for (var searched = _used; ;)
        {
            var end = _buffer.AsSpan(searched, _filled - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = _buffer.AsSpan(_used, searched + end - _used);
                _used = searched + end + 1;
                return line;
            }
            if (_used > 0)
            {
                _buffer.AsSpan(_used, _filled - _used).CopyTo(_buffer);
                _filled -= _used;
                _used = 0;
            }
            searched = _filled;
            if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = _output.Read(_buffer, _filled, _buffer.Length - _filled);
            if (read == 0) throw new InvalidOperationException($"The server ended. {string.Join(Environment.NewLine, _errors)}");
            _filled += read;
        }
    }
}
