using System.Buffers;
using System.Text.Json;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Operations;

/// <summary>
/// Events as bytes of the log. Written by hand, since each call of a tool waits for it: some 2 µs, where the serialiser
/// takes 15. Not for two threads at once.
/// </summary>
internal sealed class LogLine(SecretScanner scanner)
{
    private const int MaxRemembered = 256;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly HashSet<string> _clean = new(StringComparer.Ordinal);

    /// <summary>One line with its end; good until the next is asked for.</summary>
    public ReadOnlySpan<byte> Of(LogEvent line)
    {
        // A secret should have no way into a line. If there is one all the same, what is left is that, and its rule.
        if (Secret(line) is { } rule) line = new LogEvent { Event = "redacted", Time = line.Time, Pid = line.Pid, Database = line.Database, Reason = rule };
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer)) Write(json, line);
        _buffer.Write("\n"u8);
        return _buffer.WrittenSpan;
    }

    // All its texts; its numbers are this program's own. The same few come again and again, and are looked at once.
    private string? Secret(LogEvent line)
    {
        foreach (var text in (ReadOnlySpan<string?>)[line.Event, line.Database, line.Version, line.Client, line.Tool, line.Command, line.Request, line.Status, line.Code, line.Reason, .. line.Filters ?? []])
        {
            if (text is null || _clean.Contains(text)) continue;
            if (scanner.Scan(text) is [var finding, ..]) return finding.RuleId;
            if (_clean.Count < MaxRemembered && text != line.Request) _clean.Add(text);
        }
        return null;
    }

    private static void Write(Utf8JsonWriter json, LogEvent line)
    {
        json.WriteStartObject();
        Text(json, "event", line.Event);
        Span<char> time = stackalloc char[24];
        line.Time.UtcDateTime.TryFormat(time, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString("time", time[..length]);
        Number(json, "pid", line.Pid);
        Text(json, "database", line.Database);
        Text(json, "version", line.Version);
        Text(json, "client", line.Client);
        Text(json, "tool", line.Tool);
        Text(json, "command", line.Command);
        Text(json, "request", line.Request);
        if (line.Milliseconds is { } milliseconds) json.WriteNumber("milliseconds", milliseconds);
        Text(json, "status", line.Status);
        Text(json, "code", line.Code);
        Number(json, "exit_code", line.ExitCode);
        Number(json, "migration", line.Migration);
        Number(json, "terms", line.Terms);
        if (line.Filters is { } filters)
        {
            json.WriteStartArray("filters");
            foreach (var filter in filters) json.WriteStringValue(filter);
            json.WriteEndArray();
        }
        Number(json, "hits", line.Hits);
        Number(json, "entries", line.Entries);
        Text(json, "reason", line.Reason);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }
}
