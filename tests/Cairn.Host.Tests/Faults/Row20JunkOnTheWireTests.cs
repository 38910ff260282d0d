using System.Globalization;
using System.Text;
using CsCheck;
using Cairn.Host.Tests.Harness;
using Cairn.Host.Tests.Mcp;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 20: lines that are no request, too deep, too long, or random. Each is answered or passed over, in little memory; the
/// server works on, and nothing is half written. What each kind of line is answered is in <see cref="HostileInputTests"/>.
/// </summary>
public sealed class Row20JunkOnTheWireTests
{
    private const int InvalidRequest = -32600;
    private const long MemoryLimit = 200L * 1024 * 1024;

    [Fact]
    public void Row20_MalformedDeepAndHugeLines_AreAnsweredInLittleMemory()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var id = ToolCalls.Save(server, "What is there stays: gneiss");
        var lines = Lines().ToList();

        foreach (var line in lines)
        {
            server.SendRaw([.. line, (byte)'\n']);
            server.Sync();
        }

        Assert.Equal([id], ToolCalls.Search(server, "gneiss"));
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
        var memory = OperatingSystem.IsLinux() ? server.PeakMemory() : 0;
        Assert.InRange(memory, 0, MemoryLimit);
        FaultRun.Report(20, "malformed, deep and huge JSON-RPC, bad ids, batches", "a list of lines, depths of 100 to 1,000,000, 1 to 9 MiB", lines.Count,
            string.Create(CultureInfo.InvariantCulture, $"each answered or passed over; {memory / 1048576} MiB at most; the server works on"), "-32700, -32600, -32602 or INVALID_ARGUMENT");
    }

    [Fact]
    public void Row20_LineOf64MiB_IsRefusedInLittleMemory()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var chunk = new byte[1024 * 1024];
        Array.Fill(chunk, (byte)'x');

        for (var i = 0; i < 64; i++)
            server.SendRaw(chunk);
        server.SendRaw("\n"u8);

        var error = Assert.Single(server.Sync());
        Assert.Equal(InvalidRequest, (int?)error.Object("error")["code"]);
        Assert.Null(error["id"]);
        Assert.Contains("longer than 8388608 bytes", error.Object("error").String("message"), StringComparison.Ordinal);
        var memory = OperatingSystem.IsLinux() ? server.PeakMemory() : 0;
        Assert.InRange(memory, 0, MemoryLimit);
        ToolCalls.AssertWorks(server, "afterthelongline");
        FaultRun.Report(20, "a line of 64 MiB", "written in pieces", 1,
            string.Create(CultureInfo.InvariantCulture, $"not kept; {memory / 1048576} MiB at most; the server works on"), "-32600: the line is longer than 8388608 bytes");
    }

    [Fact]
    public void Row20_SessionOfNothingButRubbish_EndsWithZero()
    {
        using var home = new TempHome();
        using var server = McpProcess.Start(home);

        server.SendRaw([.. Enumerable.Range(0, 100_000).Select(static i => (byte)(i * 31 % 251))]);
        server.CloseInput();

        Assert.Equal(0, server.WaitForExit());
        Assert.False(File.Exists(home.Database));
        FaultRun.Report(20, "a session of nothing but rubbish", "100,000 bytes, then the end of input", 1, "exit code 0; no database made", "-32700 or -32600 a line");
    }

    [Fact]
    public void Row20_RandomlyChangedRequests_NeverEndTheServer()
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 3_000 : 300);
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        Mutated.Requests.Sample(line =>
        {
            server.SendRaw([.. line, (byte)'\n']);
            server.Sync();
        }, iter: rounds, threads: 1);
        ToolCalls.AssertWorks(server, "afterthefuzz");
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(home.Database);
        FaultRun.Report(20, "requests with bytes changed, dropped, doubled or put in", "generated (CsCheck prints the seed of a failure)", rounds, "the server lives and works; the database is whole", "an answer or an error each");
    }

    private static IEnumerable<byte[]> Lines()
    {
        foreach (var line in HostileInputTests.LinesThatAreNoJson.Concat(HostileInputTests.LinesThatAreNoMessage).Concat(HostileInputTests.LinesToPassOver).Concat(HostileInputTests.CallsWithTextsToRefuse))
            yield return Encoding.UTF8.GetBytes(line.Data);
        foreach (var request in HostileInputTests.RequestsToRefuse) yield return Encoding.UTF8.GetBytes(request.Data.Item1);
        foreach (var depth in new[] { 100, 10_000, 1_000_000 })
        {
            yield return Encoding.UTF8.GetBytes(new string('[', depth));
            yield return Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
            yield return Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":""" + string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth + 1));
        }
        foreach (var megabytes in new[] { 1, 7, 9 })
        {
            yield return Encoding.UTF8.GetBytes(new string('x', megabytes * 1024 * 1024));
            yield return Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":"{{{new string('m', megabytes * 1024 * 1024)}}}"}""");
            yield return Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Repeat("1,", megabytes * 512 * 1024)) + "1]");
        }
    }

    /// <summary>Sensible requests with some bytes changed, dropped, doubled or put in.</summary>
    private static class Mutated
    {
        private static readonly string[] Seeds =
        [
            """{"jsonrpc":"2.0","id":"f1","method":"tools/list","params":{}}""",
            """{"jsonrpc":"2.0","id":"f2","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"Fuzz: we keep it","title":"Kept","tags":["a","b"],"metadata":{"n":1,"list":[1,2,{"k":"v"}]}}}}""",
            """{"jsonrpc":"2.0","id":"f3","method":"tools/call","params":{"name":"search","arguments":{"query":"\"we keep\" fuzz src/a.cs","limit":5,"after":"2026-01-01"}}}""",
            """{"jsonrpc":"2.0","id":"f4","method":"tools/call","params":{"name":"get_entries","arguments":{"ids":["06BQ1Z7K3M9XWVTD"]},"_meta":{"threadId":"t","x-codex-turn-metadata":{"session_id":"s","workspaces":{"/w":{"latest_git_commit_hash":"c"}}}}}}""",
            """{"jsonrpc":"2.0","id":"f5","method":"tools/call","params":{"name":"update_memory","arguments":{"id":"06BQ1Z7K3M9XWVTD","action":"revise","text":"Fuzz: changed","reason":"why"}}}""",
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5,"reason":"fuzz"}}""",
        ];

        private static readonly byte[][] Bits =
        [
            [.. "\""u8], [.. "{"u8], [.. "}"u8], [.. "["u8], [.. ","u8], [.. ":"u8], [.. "\\"u8], [.. "\\u0000"u8], [.. "\\ud800"u8], [.. "null"u8], [.. "1e400"u8], [.. "-0.0"u8],
            [.. "\n"u8], [.. "\r\n"u8], [0], [0xff], [0xed, 0xa0, 0x80], [.. "\u202e"u8], [.. "[[[[[[[["u8], [.. "9999999999999999999999"u8], [.. "NEAR(\"a\" OR *)"u8], [.. "');DROP TABLE entries;--"u8],
        ];

        private static readonly Gen<(int Kind, int At, int Length, int Bit, byte Byte)> Change =
            Gen.Select(Gen.Int[0, 4], Gen.Int[0, 400], Gen.Int[1, 40], Gen.Int[0, Bits.Length - 1], Gen.Byte);

        public static readonly Gen<byte[]> Requests = Gen.Select(Gen.Int[0, Seeds.Length - 1], Change.List[1, 5])
            .Select(static (seed, changes) => changes.Aggregate(Encoding.UTF8.GetBytes(Seeds[seed]), static (line, change) => Apply(line, change)));

        private static byte[] Apply(byte[] line, (int Kind, int At, int Length, int Bit, byte Byte) change)
        {
            var at = line.Length == 0 ? 0 : change.At % line.Length;
            var end = Math.Min(line.Length, at + change.Length);
            return change.Kind switch
            {
                0 => [.. line[..at], change.Byte, .. line[Math.Min(line.Length, at + 1)..]],
                1 => [.. line[..at], .. line[end..]],
                2 => [.. line[..end], .. line[at..]],
                3 => [.. line[..at], .. Bits[change.Bit], .. line[at..]],
                _ => [.. line[..at], .. Bits[change.Bit], .. line[end..]],
            };
        }
    }
}
