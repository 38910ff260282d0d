using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// Lines and texts that no well-meaning client sends. Each gets a clear error or is passed over; the server lives, and
/// nothing is half written.
/// </summary>
public sealed class HostileInputTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int MethodNotFound = -32601;
    private const int InvalidParams = -32602;
    private const int MaxLine = 8 * 1024 * 1024;

    private McpProcess Server => fixture.Server;

    public static TheoryData<string> LinesThatAreNoJson =>
    [
        "hello", "{", "}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", "\0", "\u001b[31m", "\ufeff{}", "GET / HTTP/1.1",
        """{"jsonrpc":"2.0","id":1,"method":"ping"} and more""",
        """{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}""",
        "{'jsonrpc':'2.0','id':1,'method':'ping'}", "// a comment", "[1,]", "NaN", "1e", "\"\\x\"",
    ];

    public static TheoryData<string> LinesThatAreNoMessage =>
    [
        "{}", "[]", "1", "\"text\"", "true", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        """{"id":1,"method":"ping"}""",
        """{"jsonrpc":"1.0","id":1,"method":"ping"}""",
        """{"jsonrpc":2,"id":1,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","id":1,"method":5}""",
        """{"jsonrpc":"2.0","id":1,"method":null}""",
        """{"jsonrpc":"2.0","id":null,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1e3,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":true,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":{},"method":"ping"}""",
        """{"jsonrpc":"2.0","id":["a"],"method":"ping"}""",
        """{"jsonrpc":"2.0","id":99999999999999999999,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""",
        """{"jsonrpc":"2.0","id":1,"method":"\ud800"}""",
    ];

    public static TheoryData<string> LinesToPassOver =>
    [
        "", " \t ", "\r", "null",
        """{"jsonrpc":"2.0","method":"no/such/notification"}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled"}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1.5}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":null}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99999999999999999999}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"\ud800"}}""",
        """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":"much"}}""",
        """{"jsonrpc":"2.0","id":7,"result":{}}""",
        """{"jsonrpc":"2.0","id":"nobody asked","error":{"code":1,"message":"x"}}""",
    ];

    public static TheoryData<string, int> RequestsToRefuse => new()
    {
        { """{"jsonrpc":"2.0","id":"odd","method":"no/such/method"}""", MethodNotFound },
        { """{"jsonrpc":"2.0","id":"odd","method":"resources/list"}""", MethodNotFound },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call"}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":null}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":[1]}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":"search"}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{}}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":5}}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":null}}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"search","arguments":["query"]}}""", InvalidParams },
        { """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"x"},"_meta":5}}""", InvalidParams },
    };

    public static TheoryData<string> CallsWithTextsToRefuse =>
    [
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"half \ud83d"}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"\udc00\ud800"}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"x","\ud800":1}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"x","metadata":{"\udfff":1}}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"search","arguments":{"query":"\ud800"}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"search","name":"save_memory","arguments":{"text":"x"}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"x","t\u0065xt":"y"}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"x","metadata":{"k":1,"k":2}}}}""",
        """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"x"},"_meta":{"threadId":"a","threadId":"b"}}}""",
    ];

    [Theory]
    [MemberData(nameof(LinesThatAreNoJson))]
    public void Line_ThatIsNoJson_IsAParseError(string line) => AssertRefused(Encoding.UTF8.GetBytes(line), ParseError, id: null);

    [Theory]
    [MemberData(nameof(LinesThatAreNoMessage))]
    public void Line_ThatIsNoMessage_IsAnInvalidRequest(string line) => AssertRefused(Encoding.UTF8.GetBytes(line), InvalidRequest, id: null);

    [Theory]
    [MemberData(nameof(LinesToPassOver))]
    public void Line_ThatAsksNothing_IsPassedOver(string line) => AssertPassedOver(line);

    [Theory]
    [MemberData(nameof(RequestsToRefuse))]
    public void Request_ThatMakesNoSense_IsRefusedByItsId(string line, int code) => AssertRefused(Encoding.UTF8.GetBytes(line), code, "odd");

    [Theory]
    [InlineData("ff fe fd")]
    [InlineData("80")]
    [InlineData("c0 af")]
    public void Line_OfBytesThatAreNoText_IsAParseError(string hex) => AssertRefused(Bytes(hex), ParseError, id: null);

    [Theory]
    [InlineData("ff")]
    [InlineData("c0 af")]
    [InlineData("ed a0 80")] // a surrogate, in the form of UTF-8
    [InlineData("e2 82")] // a character that is cut short
    [InlineData("f4 90 80 80")] // beyond Unicode
    public void Text_OfBytesThatAreNoText_IsRefusedAndNotMadeOtherText(string hex) => AssertInvalidArgument(
        [.. """{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"a"""u8, .. Bytes(hex), .. "\"}}}"u8]);

    [Theory]
    [MemberData(nameof(CallsWithTextsToRefuse))]
    public void Call_WithATextThatIsNone_IsAnInvalidArgument(string line) => AssertInvalidArgument(Encoding.UTF8.GetBytes(line));

    [Fact]
    public void Request_TenThousandLevelsDeep_IsRefused()
    {
        const int depth = 10_000;
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        var arrays = new string('[', depth) + new string(']', depth);
        foreach (var value in new[] { objects, arrays, new string('[', depth) })
            AssertRefused(
                Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_memory","arguments":{"text":"deep","metadata":""" + value + "}}}"),
                ParseError, id: null);
    }

    [Fact]
    public void Line_JustWithinTheLimit_IsRead()
    {
        var request = Padded(MaxLine);

        Server.SendRaw([.. request, (byte)'\n']);

        var answer = Server.ReadMessage();
        Assert.Equal("big", (string?)answer["id"]);
        Assert.Equal("INVALID_ARGUMENT", McpProcess.AsToolResult(answer.Object("result")).ErrorCode);
    }

    [Fact]
    public void Line_OneByteOverTheLimit_IsRefused() => AssertRefused(Padded(MaxLine + 1), InvalidRequest, id: null);

    [Fact]
    public void Line_OverTheLimitThatTheEndOfInputCuts_IsRefused()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        server.SendRaw(Padded(MaxLine + 1));
        server.CloseInput();

        Assert.Equal(InvalidRequest, (int?)server.ReadMessage().Object("error")["code"]);
        Assert.Equal(0, server.WaitForExit());
    }

    [Fact]
    public void Requests_TwoInOneWrite_AreBothAnswered()
    {
        Server.SendRaw("""
            {"jsonrpc":"2.0","id":"one","method":"ping"}
            {"jsonrpc":"2.0","id":"two","method":"ping"}

            """u8);

        Assert.Equal(["one", "two"], new[] { Server.ReadMessage(), Server.ReadMessage() }.Select(static answer => answer.String("id")).Order());
    }

    [Fact]
    public void Request_InManyWrites_IsAnswered()
    {
        foreach (var b in "{\"jsonrpc\":\"2.0\",\"id\":\"Grüße\",\"method\":\"ping\"}\n"u8.ToArray())
            Server.SendRaw([b]);

        Assert.Equal("Grüße", Server.ReadMessage().String("id"));
    }

    [Fact]
    public void Request_WithCarriageReturnAndSpaces_IsAnswered()
    {
        Server.SendRaw("  {\"jsonrpc\":\"2.0\",\"id\":\"crlf\",\"method\":\"ping\"}\t\r\n\r\n"u8);

        Assert.Equal("crlf", Server.ReadMessage().String("id"));
        Assert.Empty(Server.Sync());
    }

    [Fact]
    public void Request_WithoutALineEndBeforeTheEndOfInput_IsAnswered()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        server.SendRaw("{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"method\":\"ping\"}"u8);
        server.CloseInput();

        Assert.Equal("last", server.ReadMessage().String("id"));
        Assert.Equal(0, server.WaitForExit());
    }

    private void AssertPassedOver(string line)
    {
        Server.SendRawLine(line);
        Assert.Empty(Server.Sync());
    }

    private void AssertRefused(byte[] line, int code, string? id)
    {
        var answer = OnlyAnswer(line);
        Assert.Equal(id, (string?)answer["id"]);
        Assert.True(answer.ContainsKey("id"));
        Assert.Equal(code, (int?)answer.Object("error")["code"]);
        Assert.NotEmpty(answer.Object("error").String("message"));
    }

    private void AssertInvalidArgument(byte[] line)
    {
        var answer = OnlyAnswer(line);
        Assert.Equal("odd", (string?)answer["id"]);
        Assert.True((bool?)answer.Object("result")["isError"]);
        var error = answer.Object("result").Object("structuredContent").Object("error");
        Assert.Equal("INVALID_ARGUMENT", error.String("code"));
        Assert.NotEmpty(error.String("message"));
    }

    // Sends a line that must be answered once, and must not store anything.
    private JsonObject OnlyAnswer(byte[] line)
    {
        var entries = DatabaseFile.Count(fixture.Home.Database, "entries");

        Server.SendRaw([.. line, (byte)'\n']);

        var said = Server.Sync();
        var answer = said.Count > 0 ? Assert.Single(said) : Server.ReadMessage();
        Assert.Equal(entries, DatabaseFile.Count(fixture.Home.Database, "entries"));
        return answer;
    }

    // A save_memory, and white space after it up to this length; its text is over the limit of a text.
    private static byte[] Padded(int length)
    {
        var request = Encoding.UTF8.GetBytes($$$$"""{"jsonrpc":"2.0","id":"big","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"{{{{new string('x', MaxLine - 1000)}}}}"}}}""");
        var line = new byte[length];
        Array.Fill(line, (byte)' ');
        request.CopyTo(line, 0);
        return line;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
