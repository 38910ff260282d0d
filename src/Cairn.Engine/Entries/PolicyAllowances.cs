using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// The user's exceptions: policy-allow.json in the configuration folder. Every process reads the file again when it needs
/// it, so that an exception holds from the next save on. Changes are made one after the other, and none is lost.
/// </summary>
internal sealed class PolicyAllowances(string folder)
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What was read last, so that the same bytes are not parsed again.
    private Content _last = new([], []);

    /// <summary>Where they are kept.</summary>
    public string FilePath { get; } = Path.Combine(folder, "policy-allow.json");

    /// <summary>All of them, oldest first.</summary>
    /// <exception cref="EngineException">The file cannot be read, or is no list of exceptions.</exception>
    public IReadOnlyList<PolicyAllowance> List()
    {
        try
        {
            return Parse(SmallFile.Read(FilePath, MaxBytes) ?? []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{FilePath} cannot be read, so no exception is in force. Mend its permissions or move it away.", inner: error);
        }
    }

    /// <summary>Changes the list, forced to disk.</summary>
    /// <exception cref="EngineException">The file is no list of exceptions, or cannot be written; it is as it was.</exception>
    public IReadOnlyList<PolicyAllowance> Change(Func<IReadOnlyList<PolicyAllowance>, IReadOnlyList<PolicyAllowance>> change)
    {
        try
        {
            return SmallFile.Locked(Fingerprints.LockPath(folder), () =>
            {
                var changed = change(List());
                SmallFile.Replace(FilePath, Write(changed));
                return changed;
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{FilePath} cannot be written: nothing was changed. Check the folder, its permissions and the disk.", inner: error);
        }
    }

    private IReadOnlyList<PolicyAllowance> Parse(byte[] bytes)
    {
        if (bytes.Length == 0) return [];
        var last = Volatile.Read(ref _last);
        if (last.Bytes.AsSpan().SequenceEqual(bytes)) return last.Items;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var items = document.RootElement.GetProperty("exceptions").EnumerateArray().Select(Read).ToList();
            Volatile.Write(ref _last, new Content(bytes, items));
            return items;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            var line = error is JsonException { LineNumber: { } number } ? $" (line {number + 1})" : "";
            throw new EngineException(ErrorCode.StorageFailure, $"{FilePath} is no list of exceptions{line}, so none is in force. Mend it or move it away.", inner: error);
        }
    }

    private static PolicyAllowance Read(JsonElement item) => new()
    {
        Fingerprint = item.GetProperty("fingerprint").GetString() is { } print && Fingerprints.IsOne(print) ? print : throw new FormatException(),
        Rule = item.TryGetProperty("rule", out var rule) ? rule.GetString() : null,
        Reason = item.GetProperty("reason").GetString() ?? throw new FormatException(),
        Project = item.TryGetProperty("project", out var project) ? project.GetString() : null,
        AddedAt = item.GetProperty("added_at").GetDateTimeOffset(),
    };

    private static byte[] Write(IReadOnlyList<PolicyAllowance> items)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("exceptions");
            foreach (var item in items)
            {
                json.WriteStartObject();
                json.WriteString("fingerprint", item.Fingerprint);
                if (item.Rule is not null) json.WriteString("rule", item.Rule);
                json.WriteString("reason", item.Reason);
                if (item.Project is not null) json.WriteString("project", item.Project);
                json.WriteString("added_at", item.AddedAt);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private sealed record Content(byte[] Bytes, IReadOnlyList<PolicyAllowance> Items);
}
