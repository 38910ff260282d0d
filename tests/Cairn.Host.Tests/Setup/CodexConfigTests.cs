using Cairn.Engine;
using Cairn.Host.Setup;
using Tomlyn;
using Tomlyn.Model;

namespace Cairn.Host.Tests.Setup;

public sealed class CodexConfigTests
{
    private const string Command = "/opt/cairn/cairn";
    private const string Block = "[mcp_servers.cairn]\ncommand = \"/opt/cairn/cairn\"\nargs = [\"mcp\", \"--db\", \"/data/memory.db\"]\n";

    private static readonly string[] Args = ["mcp", "--db", "/data/memory.db"];

    [Fact]
    public void Add_NoFile_IsTheBlockAlone()
    {
        var edit = CodexConfig.Add(null, Command, Args);

        Assert.Equal(Block, edit.Text);
        Assert.Equal(SetupChange.Added, edit.Change);
        Assert.Equal(["@@ line 1 @@", "+[mcp_servers.cairn]", "+command = \"/opt/cairn/cairn\"", "+args = [\"mcp\", \"--db\", \"/data/memory.db\"]"], edit.Diff);
    }

    [Theory]
    [InlineData("", "\n")]
    [InlineData("model = 'x'", "\n")]
    [InlineData("model = 'x'\n", "\n")]
    [InlineData("model = 'x'\n\n\n", "\n")]
    [InlineData("model = 'x'\r\n[a]\r\nb = 1", "\r\n")]
    [InlineData("model = 'x'\r\n[a]\r\nb = 1\r\n", "\r\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\r\n# mixed\n", "\r\n")]
    [InlineData("\n# mixed\r\n", "\n")]
    [InlineData("\uFEFF", "\n")]
    [InlineData("\uFEFFmodel = 'x'\r\n", "\r\n")]
    [InlineData("# 日本語 😀 é\nx = \"😀\" # 😀😀\n# end", "\n")]
    [InlineData("x = 1\n  \t", "\n")]
    [InlineData("text = '''\n[mcp_servers.cairn]\ncommand = 'no'\n'''\n", "\n")]
    [InlineData("# [mcp_servers.cairn]\n", "\n")]
    [InlineData("[mcp_servers]\n[mcp_servers.cairns]\ncommand = 'x'\n", "\n")]
    [InlineData("mcp_servers.other.command = 'x'\n", "\n")]
    [InlineData("[mcp_servers]\nother.command = 'x'\n", "\n")]
    [InlineData("[[profiles]]\nname = 'cairn'\n[cairn]\n[x.mcp_servers.cairn]\n", "\n")]
    public void Add_ThenRemove_GivesTheTextBack(string text, string newLine)
    {
        var added = CodexConfig.Add(text, Command, Args);

        Assert.Equal(text + newLine + Block.ReplaceLineEndings(newLine), added.Text);
        Assert.Equal(SetupChange.Unchanged, CodexConfig.Add(added.Text, Command, Args).Change);
        var removed = CodexConfig.Remove(added.Text!);
        Assert.Equal(text, removed.Text);
        Assert.Equal(SetupChange.Removed, removed.Change);
        Assert.Equal(Lines(added.Diff, '+'), Lines(removed.Diff, '-'));
        Assert.Equal(added.Diff[0], removed.Diff[0]);
    }

    [Fact]
    public void Remove_OfWhatWasAddedToNoFile_IsNoFile()
    {
        Assert.Null(CodexConfig.Remove(Block).Text);
        Assert.Equal("\uFEFF", CodexConfig.Remove("\uFEFF" + Block).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[mcp_servers.other]\ncommand = 'x'\n")]
    [InlineData("mcp_servers = { other = { command = 'x' } }\n")]
    public void Remove_WithoutOurTable_ChangesNothing(string text)
    {
        Assert.Equal(SetupChange.Unchanged, CodexConfig.Remove(text).Change);
        Assert.Equal(text, CodexConfig.Remove(text).Text);
    }

    [Fact]
    public void Add_TableByHand_ReplacesTheTwoValuesAlone()
    {
        const string Text = """
            # 😀 日本語
            [ mcp_servers . "ca\u0069rn" ] # mine
              # why
              "command"  =  'old' # 😀 keep
              enabled = false
            	args = [ 'x', # gone
                "y" ]	# keep too

            # next
            [other]
            """;

        var edit = CodexConfig.Add(Text, Command, Args);

        Assert.Equal(SetupChange.Updated, edit.Change);
        Assert.Equal(
            Text.Replace("'old'", "\"/opt/cairn/cairn\"").Replace("[ 'x', # gone\n    \"y\" ]", "[\"mcp\", \"--db\", \"/data/memory.db\"]"),
            edit.Text);
        Assert.Equal(
            ["@@ line 4 @@", "-command = \"old\"", "+command = \"/opt/cairn/cairn\"", "@@ line 6 @@", "-args = [\"x\", \"y\"]", "+args = [\"mcp\", \"--db\", \"/data/memory.db\"]"],
            edit.Diff);
    }

    [Theory]
    [InlineData("[mcp_servers.cairn]\ncommand = '/opt/cairn/cairn'\nargs = ['mcp', '''--db''', \"\"\"/data/memory.db\"\"\",]\n")]
    [InlineData("[mcp_servers.cairn]\nargs = [\n  'mcp', # c\n  \"--db\",\n  \"/data/memory\\u002Edb\"\n]\ncommand = \"/opt/cairn/c\\u0061irn\"\n")]
    public void Add_SameValuesWrittenOtherwise_ChangesNothing(string text)
    {
        var edit = CodexConfig.Add(text, Command, Args);

        Assert.Equal(SetupChange.Unchanged, edit.Change);
        Assert.Same(text, edit.Text);
        Assert.Empty(edit.Diff);
    }

    [Theory]
    [InlineData("[mcp_servers.cairn]", "[mcp_servers.cairn]\ncommand = C\nargs = A")]
    [InlineData("[mcp_servers.cairn] # c\r\n", "[mcp_servers.cairn] # c\r\ncommand = C\r\nargs = A\r\n")]
    [InlineData("[mcp_servers.cairn]\n# c\nenabled = true\n", "[mcp_servers.cairn]\ncommand = C\nargs = A\n# c\nenabled = true\n")]
    [InlineData("[mcp_servers.cairn]\n\tenabled = true\n\tcommand = C # c", "[mcp_servers.cairn]\n\tenabled = true\n\tcommand = C # c\n\targs = A")]
    [InlineData("[mcp_servers.cairn]\n\tcommand = 'old'\n\tenabled = true\n", "[mcp_servers.cairn]\n\tcommand = C\n\targs = A\n\tenabled = true\n")]
    [InlineData("  [mcp_servers.cairn]\n  args = A\n", "  [mcp_servers.cairn]\n  command = C\n  args = A\n")]
    [InlineData("[mcp_servers.cairn]\ncommand = '''\nold'''\n[next]\n", "[mcp_servers.cairn]\ncommand = C\nargs = A\n[next]\n")]
    [InlineData("[mcp_servers.cairn]\ncommand = 1\nargs = 'one'\n", "[mcp_servers.cairn]\ncommand = C\nargs = A\n")]
    [InlineData("[mcp_servers.cairn.env]\nK = 'v'\n", "[mcp_servers.cairn.env]\nK = 'v'\n\n[mcp_servers.cairn]\ncommand = C\nargs = A\n")]
    public void Add_IncompleteTable_GetsTheMissingKeys(string before, string after)
    {
        static string Fill(string text) => text.Replace("= C", "= \"/opt/cairn/cairn\"").Replace("= A", "= [\"mcp\", \"--db\", \"/data/memory.db\"]");

        var edit = CodexConfig.Add(Fill(before), Command, Args);

        Assert.Equal(Fill(after), edit.Text);
        Assert.Equal(SetupChange.Unchanged, CodexConfig.Add(edit.Text, Command, Args).Change);
    }

    [Theory]
    [InlineData("a = 1\n\n[mcp_servers.cairn]\ncommand = 'x' # c\n\n# next\n[b]\n", "a = 1\n\n# next\n[b]\n")]
    [InlineData("a = 1\n[mcp_servers.cairn]\n[b]\n", "a = 1\n[b]\n")]
    [InlineData("a = 1 # c\r\n  [mcp_servers.cairn]\r\nx = '''\r\n[y]\r\n'''\r\n\r\n# next", "a = 1 # c\r\n\r\n# next")]
    [InlineData("# mine\n[mcp_servers.cairn]\ncommand = 'x'\n# tail\n", "# mine\n# tail\n")]
    [InlineData("[mcp_servers.cairn]\ncommand = 'x'\n\n[b]\n", "\n[b]\n")]
    [InlineData("a = 1\n\n[mcp_servers.cairn]\ncommand = 'x'\n\n[mcp_servers.cairn.env]\nK = 'v'\n\n\n[mcp_servers.cairn.tools.save]\napproval_mode = 'approve'\n", "a = 1\n")]
    [InlineData("[mcp_servers.cairn.env]\nK = 'v'\n\n[b]\nc = 1\n\n[mcp_servers.cairn]\ncommand = 'x'\n[mcp_servers.d]\n", "\n[b]\nc = 1\n[mcp_servers.d]\n")]
    [InlineData("[mcp_servers.cairn]\n[[mcp_servers.cairn.list]]\nx = 1\n[[mcp_servers.cairn.list]]\nx = 2\n[b]\n", "[b]\n")]
    [InlineData("[mcp_servers.cairn]\nurl = 'http://127.0.0.1/mcp'\n\n[b]", "\n[b]")]
    public void Remove_AmongOthers_TakesTheTablesAndLeavesTheRest(string before, string after)
    {
        var edit = CodexConfig.Remove(before);

        Assert.Equal(after, edit.Text);
        Assert.Equal(SetupChange.Removed, edit.Change);
    }

    [Fact]
    public void Remove_AfterMoreWasWrittenBelow_KeepsTheLineAboveWhole()
    {
        var added = CodexConfig.Add("a = 1", Command, Args).Text;

        Assert.Equal("a = 1\n[b]\n", CodexConfig.Remove(added + "[b]\n").Text);
    }

    [Theory]
    [InlineData("mcp_servers = { cairn = { command = 'x' } }\n", 1)]
    [InlineData("a = 1\nmcp_servers = {}\n", 2)]
    [InlineData("# é\n[mcp_servers]\ncairn = { command = 'x' }\n", 3)]
    [InlineData("[mcp_servers]\ncairn.command = 'x'\n", 2)]
    [InlineData("mcp_servers.\"cairn\".command = 'x'\n", 1)]
    [InlineData("\n[[mcp_servers]]\n", 2)]
    [InlineData("[[mcp_servers.cairn]]\ncommand = 'x'\n", 1)]
    public void Add_OtherForm_RefusesAndSaysWhatToWrite(string text, int line)
    {
        var refusal = Assert.Throws<EngineException>(() => CodexConfig.Add(text, Command, Args));

        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Equal(line, refusal.Details["line"]);
        Assert.Contains("cairn = { command = \"/opt/cairn/cairn\", args = [\"mcp\", \"--db\", \"/data/memory.db\"] }", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mcp_servers = { 'cairn' = { command = 'x' } }\n")]
    [InlineData("[mcp_servers]\ncairn.command = 'x'\n")]
    public void Remove_OtherForm_Refuses(string text) =>
        Assert.Contains("delete it by hand", Assert.Throws<EngineException>(() => CodexConfig.Remove(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Add_ServerWithUrl_Refuses()
    {
        var refusal = Assert.Throws<EngineException>(() => CodexConfig.Add("[mcp_servers.cairn]\nurl = 'http://127.0.0.1/mcp'\n", Command, Args));

        Assert.Equal(2, refusal.Details["line"]);
    }

    [Theory]
    [InlineData("[mcp_servers.cairn]\ncommand.x = 1\n")]
    [InlineData("[mcp_servers.cairn]\n[mcp_servers.cairn.args]\n")]
    public void Add_KeyThatIsATable_Refuses(string text) =>
        Assert.Contains("by hand", Assert.Throws<EngineException>(() => CodexConfig.Add(text, Command, Args)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a = 1\n# é😀\nb = hidden\n", 3, 5)]
    [InlineData("a = 1\na = 2\n", 2, 1)]
    [InlineData("\uFEFF[a\n", 1, 3)]
    [InlineData("a = 'hidden\n", 1, 12)]
    [InlineData("a = 1\rb = 2\r", 1, 6)]
    public void Parse_Invalid_RefusesWithThePlaceAndWithoutTheText(string text, int line, int column)
    {
        foreach (var edit in (Action[])[() => CodexConfig.Add(text, Command, Args), () => CodexConfig.Remove(text)])
        {
            var refusal = Assert.Throws<EngineException>(edit);
            Assert.Equal((line, column), (refusal.Details["line"], refusal.Details["column"]));
            Assert.Contains($"line {line}, column {column}", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_NestedWithoutEnd_Refuses() =>
        Assert.Throws<EngineException>(() => CodexConfig.Add($"a = {new string('[', 100_000)}", Command, Args));

    [Theory]
    [InlineData("/usr/bin/cairn", "\"/usr/bin/cairn\"")]
    [InlineData(@"C:\Program Files\cairn.exe", @"'C:\Program Files\cairn.exe'")]
    [InlineData(@"C:\O'Brien\cairn.exe", @"""C:\\O'Brien\\cairn.exe""")]
    [InlineData(@"C:\Jos" + "é" + @"\cairn.exe", @"""C:\\Jos\u00E9\\cairn.exe""")]
    [InlineData("/a \"b\" #c = [d]", "\"/a \\\"b\\\" #c = [d]\"")]
    [InlineData("/日/😀", "\"/\\u65E5/\\U0001F600\"")]
    [InlineData("a\tb\nc\rd\0e\u001b\u007f\u0085", "\"a\\tb\\nc\\rd\\u0000e\\u001B\\u007F\\u0085\"")]
    public void Add_AnyPath_IsWrittenInAsciiAndReadBack(string path, string written)
    {
        var text = CodexConfig.Add(null, path, [path, ""]).Text!;

        Assert.Equal($"[mcp_servers.cairn]\ncommand = {written}\nargs = [{written}, \"\"]\n", text);
        var server = (TomlTable)((TomlTable)TomlSerializer.Deserialize<TomlTable>(text)!["mcp_servers"])["cairn"];
        Assert.Equal(path, server["command"]);
        Assert.Equal([path, ""], (TomlArray)server["args"]);
        Assert.Equal(SetupChange.Unchanged, CodexConfig.Add(text, path, [path, ""]).Change);
    }

    [Fact]
    public void Add_HalfASurrogatePair_Refuses() =>
        Assert.Throws<EngineException>(() => CodexConfig.Add(null, "/a" + '\uD800', []));

    [Fact]
    public void Diff_OfOurTables_HidesEveryValueButCommandAndArgs()
    {
        const string Text = "key = 'hidden'\n[mcp_servers.cairn] # hidden\ncommand = 'x' # hidden\nargs = [['hidden']]\nenabled = 'hidden'\n[mcp_servers.cairn.env]\nTOKEN = 'hidden'\n\"a\u001bb\" = 'hidden'\n";

        Assert.Equal(
            ["@@ line 2 @@", "-[mcp_servers.cairn]", "-command = \"x\"", "-args = …", "-enabled = …", "@@ line 6 @@", "-[mcp_servers.cairn.env]", "-TOKEN = …", "-\"a\\u001Bb\" = …"],
            CodexConfig.Remove(Text.Replace("\u001b", "\\u001B", StringComparison.Ordinal)).Diff);
    }

    private static IEnumerable<string> Lines(IEnumerable<string> diff, char sign) => diff.Where(line => line[0] == sign).Select(line => line[1..]);
}
