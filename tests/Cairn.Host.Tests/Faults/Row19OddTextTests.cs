using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 19: bytes that are no text, half characters, control characters, characters that turn or join others. What is
/// accepted comes back byte for byte; what cannot be stored so is refused with its place, and nothing is stored.
/// </summary>
public sealed class Row19OddTextTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    // Each as a JSON string spells it, so that halves of characters can be sent at all.
    private static readonly string[] Kept =
    [
        @"bell \u0007 backspace \b escape \u001b[31m delete \u007f C1 \u0085", @"\u202egnp.exe\u202c \u2066a\u2069 \u200f\u061c", @"zero\u200bwidth soft\u00adhyphen \ufeffmark",
        @"family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 flag \ud83c\uddec\ud83c\uddf1", @"\u00e9 and e\u0301", @"\u212b is no \u00c5", @"\udbff\udfff \uffff \ufdd0", @"line\u2028 paragraph\u2029 tab\t",
    ];

    private static readonly string[] Halves = [@"half \ud83d", @"\udc00\ud800", @"\ud800\ud800\udc00", @"a\udfffb"];

    private static readonly string[] NoText = ["ff", "80", "c0 af", "ed a0 80", "ed b0 80", "e2 82", "f0 9f 91", "f4 90 80 80", "fe ff", "00"];

    private static readonly string[] Odd =
    [
        "word", " ", "\n", "\r\n", "\t", "\"", "\\", "\u0001", "\u001b[2J", "\u007f", "\u0085", "\u202e", "\u2066", "\u200d", "\u200b", "\ufeff", "e\u0301", "\u00e9", "\U0001F468\u200d\U0001F469", "\U0010FFFF", "\uffff", "中文", "'", "<", "%s",
    ];

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Int[0, Odd.Length - 1].Select(static i => Odd[i]),
        Gen.Int[1, 0x10FFFF].Where(static c => c is < 0xD800 or > 0xDFFF).Select(static c => new Rune(c).ToString()));

    private McpProcess Server => fixture.Server;

    [Fact]
    public void Row19_OddCharacters_ComeBackAsTheyWereSentOrAreRefused()
    {
        foreach (var spelled in Kept)
        {
            var text = (string)JsonNode.Parse($"\"<{spelled}>\"")!;
            Assert.Equal(text, Read(Save(Encoding.UTF8.GetBytes($"<{spelled}>")).String("id")));
        }
        var entries = DatabaseFile.Count(fixture.Home.Database, "entries");
        foreach (var spelled in Halves) Assert.Equal("INVALID_ARGUMENT", Code(Save(Encoding.UTF8.GetBytes(spelled))));
        foreach (var hex in NoText)
        {
            Server.SendRaw([.. Call("a", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), (byte)'\n']);
            var answer = Server.ReadMessage();
            // A raw control character is not JSON at all; bytes that are no UTF-8 are an argument's fault.
            if (hex == "00") Assert.Equal(-32700, (int)answer.Object("error")["code"]!);
            else Assert.Equal("INVALID_ARGUMENT", Code(answer.Object("result").Object("structuredContent")));
        }
        var nul = Save(@"ab\u0000c"u8.ToArray());
        Assert.Equal(("INVALID_ARGUMENT", 2), (Code(nul), (int)nul.Object("error").Object("details")["position"]!));
        Assert.Contains("U+0000", nul.Object("error").String("message"), StringComparison.Ordinal);
        Assert.Equal(entries, DatabaseFile.Count(fixture.Home.Database, "entries"));
        ToolCalls.AssertWorks(Server, "afteroddcharacters");
        FaultRun.Report(19, "characters that act, turn, join or are halves; bytes that are no UTF-8; NUL", "save_memory, raw bytes on the wire", Kept.Length + Halves.Length + NoText.Length + 1,
            $"{Kept.Length} kinds byte-equal, {Halves.Length + NoText.Length + 1} refused, none changed into other text", "INVALID_ARGUMENT: FIELD: holds the NUL character (U+0000) at position N");
    }

    [Fact]
    public void Row19_RandomText_ComesBackAsItWasSent()
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 400 : 150);
        var number = 0;
        Piece.Array[0, 60].Select(static pieces => string.Concat(pieces)).Sample(text =>
        {
            // Outside of it nothing is trimmed, and no two are duplicates.
            var sent = string.Create(CultureInfo.InvariantCulture, $"<{number++}:{text}>");
            Assert.Equal(sent, Read(ToolCalls.Save(Server, sent)));
        }, iter: rounds, threads: 1);
        FaultRun.Report(19, "random Unicode text", "generated, half of it of odd characters", rounds, "each byte-equal", "nothing");
    }

    [Fact]
    public void Row19_TerminalTricks_AreShownEscaped()
    {
        const string trick = "a\u001b[31mred\u001b[0m \u202egnp.exe\u202c \u0007\u009b2J";
        var saved = CliProcess.Save(fixture.Home, $"Title {trick}\n\nBody {trick}", "--db", fixture.Home.Database);

        foreach (var command in new[] { "get", "timeline" })
        {
            var shown = CliProcess.Run(fixture.Home, [command, saved, "--db", fixture.Home.Database]).ShouldExitWith(0).Output;
            Assert.DoesNotContain(shown, static c => c is '\u202e' or '\u202c' || (char.IsControl(c) && c is not ('\n' or '\r' or '\t')));
            Assert.Contains(@"\u202egnp.exe", shown, StringComparison.Ordinal);
        }
        FaultRun.Report(19, "text that acts on a terminal", "cairn get, timeline", 2, "no control or bidi character reaches the terminal", @"the character escaped: \u202e");
    }

    private static byte[] Call(string before, byte[] text) =>
        [.. Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"save_memory","arguments":{"text":"{{before}}"""), .. text, .. "\"}}}"u8];

    private JsonObject Save(byte[] text)
    {
        Server.SendRaw([.. Call("", text), (byte)'\n']);
        return Server.ReadMessage().Object("result").Object("structuredContent");
    }

    private static string Code(JsonObject structured) => structured.Object("error").String("code");

    private string Read(string id) => Assert.Single(Server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Structured.Array("items"))!.AsObject().String("body");
}
