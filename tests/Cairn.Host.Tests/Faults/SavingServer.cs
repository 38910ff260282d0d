using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>A save that was acknowledged.</summary>
internal sealed record AcknowledgedSave(string Id, string Word, string Text, double Milliseconds)
{
    /// <summary>Fails unless all of them are there, byte for byte, and found by search, and the database is whole. No server may hold it.</summary>
    public static void AssertKept(TempHome home, IReadOnlyList<AcknowledgedSave> saved)
    {
        Assert.NotEmpty(saved);
        using (var server = McpProcess.StartInitialized(home))
        {
            foreach (var chunk in saved.Chunk(100))
            {
                var ids = new JsonArray([.. chunk.Select(static save => (JsonNode)save.Id)]);
                var read = server.CallTool("get_entries", new JsonObject { ["ids"] = ids }).Structured;
                Assert.Null(read["missing"]);
                Assert.Equal(chunk.Select(static save => save.Text), read.Array("items").Select(static item => item!.AsObject().String("body")));
            }
            foreach (var save in saved)
                Assert.Equal(save.Id, Assert.Single(ToolCalls.Search(server, save.Word)));
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }
        DatabaseFile.AssertIntact(home.Database);
    }
}

/// <summary>One server at a time, which is sent saves without waiting for each answer, so that a kill always meets some under way.</summary>
internal sealed class SavingServer(TempHome home, int number, Random random)
{
    private const int UnderWay = 3;

    private readonly Dictionary<int, (string Word, string Text, long SentAt)> _sent = [];
    private McpProcess? _server;
    private int _words;

    public Random Random => random;

    public ConcurrentQueue<AcknowledgedSave> Acknowledged { get; } = [];

    public void Start()
    {
        var server = McpProcess.StartInitialized(home);
        Volatile.Write(ref _server, server);
    }

    public void Save(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(SaveOne(), "The server ended by itself.");
    }

    /// <summary>Sends what keeps the server busy and waits for one answer; false when the server is gone.</summary>
    public bool SaveOne()
    {
        while (_sent.Count < UnderWay)
            if (!Send()) return false;
        return ReadOne();
    }

    public bool Send()
    {
        // A word that no other entry holds, nor the beginning of another's.
        var word = string.Create(CultureInfo.InvariantCulture, $"w{number:00}x{_words++:000000}");
        var text = $"{word}: {new string('.', random.Next(0, 3_000))} kept";
        try
        {
            var id = _server!.SendRequest("tools/call", new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = text } });
            _sent.Add(id, (word, text, Stopwatch.GetTimestamp()));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>May be called while another thread saves.</summary>
    public void Kill() => Volatile.Read(ref _server)?.Kill();

    /// <summary>Reads what a killed server still said: what it answered it had saved.</summary>
    public void Drain()
    {
        while (ReadOne()) { }
        _server!.Dispose();
        _sent.Clear();
    }

    /// <summary>Ends the server in good order.</summary>
    public void End()
    {
        while (_sent.Count > 0)
            Assert.True(ReadOne(), "The server ended by itself.");
        _server!.CloseInput();
        Assert.Equal(0, _server.WaitForExit());
        _server.Dispose();
    }

    private bool ReadOne()
    {
        if (_server!.ReadLine() is not { } line || Parsed(line) is not { } answer)
            return false;
        var saved = McpProcess.AsToolResult(answer.Object("result"));
        Assert.False(saved.IsError, saved.Text);
        Assert.True(_sent.Remove((int)answer["id"]!, out var sent));
        Acknowledged.Enqueue(new AcknowledgedSave(saved.Structured.String("id"), sent.Word, sent.Text, Stopwatch.GetElapsedTime(sent.SentAt).TotalMilliseconds));
        return true;
    }

    // The last line of a killed server may be half of one.
    private static JsonObject? Parsed(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
