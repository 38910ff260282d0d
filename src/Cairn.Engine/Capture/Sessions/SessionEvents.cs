namespace Cairn.Engine.Capture.Sessions;

/// <summary>The events of one session file, whichever client wrote it.</summary>
internal static class SessionEvents
{
    private const int LinesToTell = 20;

    /// <summary>Whose file it is, told by its first lines: codex, claude, or null when it is neither's.</summary>
    public static string? ClientOf(string path)
    {
        using var stream = Open(path);
        var lines = new SessionLines(stream, 0);
        for (var i = 0; i < LinesToTell && lines.Next() is { } line; i++)
        {
            using var document = JsonLine.Parse(line);
            if (document is null) continue;
            var (root, type) = (document.RootElement, JsonLine.Text(document.RootElement, "type"));
            if (JsonLine.Text(root, "kind") is not null && JsonLine.Text(root, "session_id") is not null) return null;
            if (type is not null && JsonLine.Object(root, "payload") is not null) return CodexRollout.Client;
            if (type is "user" or "assistant" && JsonLine.Object(root, "message") is not null) return ClaudeTranscript.Client;
            if (type is "message" && JsonLine.Text(root, "role") is not null) return CodexRollout.Client;
        }
        return null;
    }

    /// <summary>The events, in order, in bounded memory. Lines that are not understood are passed over.</summary>
    public static IEnumerable<SessionEvent> Read(string client, string path)
    {
        var file = SessionFile.Of(client, new FileInfo(path));
        var batch = new SessionBatch(file, new SessionState { SessionId = file.Stem }, 0);
        using var stream = file.Open();
        var lines = new SessionLines(stream, 0);
        while (lines.Offset is var start && lines.Next() is { } line)
        {
            batch.Read(line, start, lines.Offset);
            if (!batch.IsFull) continue;
            foreach (var item in batch.Take()) yield return item;
        }
        batch.Close();
        foreach (var item in batch.Take()) yield return item;
    }

    /// <summary>The events at a file's end: of its last so many bytes, from a line's beginning on. What its first line says of the session holds.</summary>
    public static List<SessionEvent> Tail(string client, string path, int length)
    {
        var file = SessionFile.Of(client, new FileInfo(path));
        var batch = new SessionBatch(file, new SessionState { SessionId = file.Stem }, 0);
        using var stream = file.Open();
        var lines = new SessionLines(stream, 0);
        if (stream.CanSeek && file.Size > length && lines.Next() is { } first)
        {
            batch.Read(first, 0, lines.Offset);
            stream.Seek(file.Size - length, SeekOrigin.Begin);
            lines = new SessionLines(stream, file.Size - length);
            lines.Next(); // the rest of a line
        }
        var events = new List<SessionEvent>();
        while (lines.Offset is var start && lines.Next() is { } line)
        {
            batch.Read(line, start, lines.Offset);
            if (batch.IsFull) events.AddRange(batch.Take());
        }
        batch.Close();
        events.AddRange(batch.Take());
        return events;
    }

    private static Stream Open(string path) => SessionFile.Of(CodexRollout.Client, new FileInfo(path)).Open();
}
