using Cairn.Host.Setup;
using CsCheck;
using Tomlyn;
using Tomlyn.Model;

namespace Cairn.Host.Tests.Setup;

/// <summary>The promise to the user's file, over documents that try to look like what the editor looks for.</summary>
public sealed class CodexConfigPropertyTests
{
    private const string LookAlike = "[mcp_servers.cairn]\ncommand = \"no\"\n";

    private static readonly Gen<string> Word = Gen.OneOf("a", "é", "日本語", "😀", "# no comment", "[mcp_servers.cairn]", "'", "cairn", "=", "\t", "");

    private static readonly Gen<string> Comment = Word.Select(word => $"# {word}");

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Int.Select(number => $"{number}"),
        Gen.OneOf("true", "1.5e3", "0xFF", "inf", "1979-05-27", "07:32:00", "1979-05-27T07:32:00-07:00"),
        Word.Select(word => $"\"{word}\\\"\\\\\""),
        Gen.OneOf("'literal \\'", "'[mcp_servers.cairn]'", "''", "'😀'"),
        Word.Select(word => $"\"\"\"\n{LookAlike}{word} \\\n  \"\" \"\"\""),
        Gen.Const($"'''{LookAlike}\\'''"));

    private static readonly Gen<string> Value = Gen.OneOf(
        Scalar,
        Gen.Select(Scalar, Scalar, Comment, (one, two, comment) => $"[ {one}, {comment}\n\n  {two},\n]"),
        Gen.Select(Scalar, Scalar, (one, two) => $"{{ cairn = {one}, \"mcp servers\".b = {two} }}"));

    /// <summary>Lines with # in place of a number that makes the key its own.</summary>
    private static readonly Gen<string> Statement = Gen.Frequency(
        (2, Comment),
        (2, Gen.OneOf("", "   ", "\t")),
        (4, Gen.Select(Gen.OneOf("k№", "  'k №'", "\t\"😀№\"", "d№.cairn"), Value, Gen.OneOf("", " # 😀", "\t"), (key, value, end) => $"{key} = {value}{end}")),
        (2, Gen.OneOf("[t№]", "  [ t№ . \"😀\" ]  # 日本語", "[mcp_servers.s№]", "[mcp_servers.'cairn№'.env]", "[x№.mcp_servers.cairn]", "[[mcp_servers.s№.list]]", "[[list]]\n[list.sub№]")));

    private static readonly Gen<Func<string, string>> Style = Gen.OneOf<Func<string, string>>(
        text => text,
        text => text.ReplaceLineEndings("\r\n"),
        text => string.Concat(text.Split('\n').Select((line, i) => (i == 0 ? "" : i % 2 == 0 ? "\n" : "\r\n") + line)));

    /// <summary>A document above, a document below, and how both are written.</summary>
    private static readonly Gen<(string Above, string Below, Func<string, string> Style, string Mark)> Documents = Gen.Select(
        Statement.Array[0, 12], Statement.Array[0, 8], Style, Gen.OneOf("", "", "\uFEFF"), Gen.Bool,
        (above, below, style, mark, isEnded) => (
            Numbered(above, 0) + (isEnded ? "\n" : ""),
            Numbered(["[below]", .. below.Where(line => !line.Contains("list", StringComparison.Ordinal))], 100),
            style,
            mark));

    private static readonly Gen<string> Path = Gen.OneOf(
        Gen.OneOf("/opt/cairn", @"C:\cairn\cairn.exe", @"C:\O'Brien\é", "/日本語/😀", "\"", "''' \"\"\""),
        Gen.String[Gen.Char[' ', '\uD7FF'], 1, 20]);

    private static readonly Gen<(string Command, string[] Args)> Server = Gen.Select(Path, Path.Array[0, 4], (command, args) => (command, args));

    [Fact]
    public void Add_AnyDocument_IsUndoneByRemoveAndHoldsTheValues() =>
        Gen.Select(Documents, Server).Sample((documents, server) =>
        {
            var text = documents.Mark + documents.Style(documents.Above);
            var before = Model(text);

            var added = CodexConfig.Add(text, server.Command, server.Args);

            Assert.Equal(SetupChange.Added, added.Change);
            Assert.StartsWith(text, added.Text, StringComparison.Ordinal);
            AssertHolds(added.Text!, before, server.Command, server.Args);
            Assert.Equal(SetupChange.Unchanged, CodexConfig.Add(added.Text, server.Command, server.Args).Change);
            Assert.Equal(text, CodexConfig.Remove(added.Text!).Text);
        });

    [Fact]
    public void Add_TableAmongOthers_ChangesTheValuesAlone() =>
        Gen.Select(Documents, Server, Comment).Sample((documents, server, comment) =>
        {
            var (above, below, style, mark) = documents;
            string With(string command, string args) =>
                mark + style($"{above}\n[mcp_servers.cairn] {comment}\nenabled = true\n  args = ") + args + style($" {comment}\n\n\tcommand = ") + command + style("\n" + below);
            var text = With("'old'", "[ 'old',\n ]");

            var edit = CodexConfig.Add(text, server.Command, server.Args);

            Assert.Equal(With(TomlText.String(server.Command), TomlText.Array(server.Args)), edit.Text);
        });

    [Fact]
    public void Remove_TableAmongOthers_LeavesTheRestAsItWas() =>
        Gen.Select(Documents, Server).Sample((documents, server) =>
        {
            var (above, below, style, mark) = documents;
            var added = CodexConfig.Add(mark + style(above), server.Command, server.Args).Text;

            var edit = CodexConfig.Remove(added + style("[mcp_servers.cairn.env]\nTOKEN = '''\n[x]'''\n") + style(below));

            Assert.StartsWith(mark + style(above), edit.Text, StringComparison.Ordinal);
            Assert.EndsWith(style(below), edit.Text, StringComparison.Ordinal);
            Assert.Equal("", edit.Text![(mark + style(above)).Length..^style(below).Length].Trim('\r', '\n'));
            Assert.Equal(TomlSerializer.Serialize(Model(mark + style(above) + "\n" + style(below))), TomlSerializer.Serialize(Model(edit.Text)));
        });

    private static string Numbered(IEnumerable<string> lines, int from) =>
        string.Join('\n', lines.Select((line, i) => line.Replace("№", $"{from + i}", StringComparison.Ordinal)));

    private static TomlTable Model(string text) => TomlSerializer.Deserialize<TomlTable>(text.TrimStart('\uFEFF'))!;

    private static void AssertHolds(string text, TomlTable before, string command, string[] args)
    {
        var model = Model(text);
        var servers = (TomlTable)model["mcp_servers"];
        var ours = (TomlTable)servers["cairn"];
        Assert.Equal(["command", "args"], ours.Keys);
        Assert.Equal(command, ours["command"]);
        Assert.Equal(args, (TomlArray)ours["args"]);

        servers.Remove("cairn");
        if (!before.ContainsKey("mcp_servers")) model.Remove("mcp_servers");
        Assert.Equal(TomlSerializer.Serialize(before), TomlSerializer.Serialize(model));
    }
}
