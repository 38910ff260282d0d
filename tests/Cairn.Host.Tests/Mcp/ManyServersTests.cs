using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// Many servers save to one database at once and are killed in mid-stream, one by one and all together. What a server
/// acknowledged is there afterwards, whole and searchable; no save is refused. CAIRN_KILL_ROUNDS sets the rounds; the
/// native program, which starts at once, goes through four times as many as the JIT's.
/// </summary>
[Collection(typeof(Alone))]
public sealed class ManyServersTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 5, 20261)]
    [InlineData(10, 4, 20262)]
    public async Task Servers_KilledAndRestarted_KeepWhatTheyAcknowledged(int servers, int rounds, int seed)
    {
        if (Environment.GetEnvironmentVariable("CAIRN_KILL_ROUNDS") is { Length: > 0 } set) rounds = int.Parse(set, CultureInfo.InvariantCulture);
        else if (CairnBinary.IsNative) rounds *= 4;
        using var home = new TempHome();
        var writers = Enumerable.Range(0, servers).Select(number => new SavingServer(home, number, new Random(seed + number))).ToList();

        await Task.WhenAll(writers.Select(writer => OnAThread(() => LiveAndDieAlone(writer, rounds))));
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
            await LiveAndDieTogether(writers, servers * random.Next(2, 8), random);

        var saved = writers.SelectMany(static writer => writer.Acknowledged).ToList();
        output.WriteLine($"{servers} servers, {2 * rounds} lives each: {Waits(saved)}");
        AssertKept(home, saved);
    }

    [Fact]
    public async Task TenServers_OnADatabaseThatIsNotThereYet_AllServe()
    {
        using var home = new TempHome();
        using var together = new Barrier(10);
        var writers = Enumerable.Range(0, 10).Select(number => new SavingServer(home, number, new Random(number))).ToList();

        await Task.WhenAll(writers.Select(writer => OnAThread(() =>
        {
            writer.Start();
            Assert.True(together.SignalAndWait(ChildProcess.Limit));
            writer.Save(3);
            writer.End();
        })));

        Assert.Equal(["1", "2", "3"], DatabaseFile.Column(home.Database, "SELECT CAST(version AS TEXT) FROM schema_migrations ORDER BY version"));
        var saved = writers.SelectMany(static writer => writer.Acknowledged).ToList();
        Assert.Equal(saved.Count, DatabaseFile.Count(home.Database, "entries"));
        AssertKept(home, saved);
    }

    [Fact]
    public async Task TenServers_ThatSaveAtOnce_AreServedInTurn()
    {
        using var home = new TempHome();
        using var together = new Barrier(10);
        var writers = Enumerable.Range(0, 10).Select(number => new SavingServer(home, number, new Random(number))).ToList();
        var done = 0;
        var behind = 0;

        await Task.WhenAll(writers.Select(writer => OnAThread(() =>
        {
            writer.Start();
            writer.Save(1);
            Assert.True(together.SignalAndWait(ChildProcess.Limit));
            // The first to have saved so often ends the run for all.
            while (Volatile.Read(ref done) == 0)
            {
                writer.Save(1);
                if (writer.Acknowledged.Count == 60) Interlocked.Exchange(ref done, 1);
            }
            Interlocked.Add(ref behind, 60 - writer.Acknowledged.Count);
            writer.End();
        })));

        var saved = writers.SelectMany(static writer => writer.Acknowledged).ToList();
        output.WriteLine($"10 servers at once: {Waits(saved)}; the others were {behind / 9.0:0.0} saves behind the first");
        AssertKept(home, saved);
        Assert.True(File.Exists(home.Database + ".lock"), "They did not queue.");
    }

    [Fact]
    public void Server_KilledWhileItMakesTheDatabase_IsFollowedByOneThatWorks()
    {
        var random = new Random(20263);
        for (var round = 0; round < 10; round++)
        {
            using var home = new TempHome();
            var first = new SavingServer(home, round, random);
            first.Start();
            first.Send();
            SpinAtMost(random, milliseconds: 30);
            first.Kill();
            first.Drain();

            var second = new SavingServer(home, 50 + round, random);
            second.Start();
            second.Save(1);
            second.End();

            AssertKept(home, [.. first.Acknowledged, .. second.Acknowledged]);
        }
    }

    /// <summary>How long saves took, from their being sent to their answer, with others of the same server under way.</summary>
    private static string Waits(IReadOnlyList<Save> saved)
    {
        var times = saved.Select(static save => save.Milliseconds).Order().ToList();
        double At(double share) => times[(int)(share * (times.Count - 1))];
        return string.Create(CultureInfo.InvariantCulture, $"{times.Count} saves, p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, the slowest {times[^1]:0} ms");
    }

    private static void LiveAndDieAlone(SavingServer writer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            writer.Start();
            writer.Save(writer.Random.Next(2, 16));
            SpinAtMost(writer.Random, milliseconds: 8);
            writer.Kill();
            writer.Drain();
        }
    }

    private static async Task LiveAndDieTogether(List<SavingServer> writers, int saves, Random random)
    {
        using var started = new Barrier(writers.Count);
        using var enough = new ManualResetEventSlim();
        var done = 0;
        var lives = writers.Select(writer => OnAThread(() =>
        {
            writer.Start();
            Assert.True(started.SignalAndWait(ChildProcess.Limit));
            while (writer.SaveOne())
                if (Interlocked.Increment(ref done) == saves) enough.Set();
        }));
        var death = OnAThread(() =>
        {
            Assert.True(enough.Wait(ChildProcess.Limit));
            SpinAtMost(random, milliseconds: 8);
            foreach (var writer in writers)
                writer.Kill();
        });
        await Task.WhenAll(lives.Append(death));
        foreach (var writer in writers)
            writer.Drain();
    }

    // A kill at any moment of a save: between its parts, some of which take less than a timer's tick.
    private static void SpinAtMost(Random random, int milliseconds)
    {
        var until = TimeSpan.FromMilliseconds(random.NextDouble() * milliseconds);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < until)
            Thread.SpinWait(20);
    }

    private static Task OnAThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void AssertKept(TempHome home, IReadOnlyList<Save> saved)
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

    /// <summary>A save that was acknowledged.</summary>
    private sealed record Save(string Id, string Word, string Text, double Milliseconds);

    /// <summary>One server at a time, which is sent saves without waiting for each answer, so that a kill always meets some under way.</summary>
    private sealed class SavingServer(TempHome home, int number, Random random)
    {
        private const int UnderWay = 3;

        private readonly Dictionary<int, (string Word, string Text, long SentAt)> _sent = [];
        private McpProcess? _server;
        private int _words;

        public Random Random => random;

        public ConcurrentQueue<Save> Acknowledged { get; } = [];

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
            Acknowledged.Enqueue(new Save(saved.Structured.String("id"), sent.Word, sent.Text, Stopwatch.GetElapsedTime(sent.SentAt).TotalMilliseconds));
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
}
