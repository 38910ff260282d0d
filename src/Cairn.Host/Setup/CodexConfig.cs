using System.Text;
using Cairn.Engine;
using Tomlyn.Syntax;

namespace Cairn.Host.Setup;

/// <summary>
/// Registers our MCP server in the text of Codex's config.toml and takes it out again, leaving every character that
/// is not ours. Pure: text in, text out.
/// <para>
/// What <see cref="Add"/> appends, <see cref="Remove"/> takes away exactly: one line break in the file's own style,
/// then the table. A file that did not exist gets the table alone, so a table at the very start, with nothing after
/// it, means that the file should go too.
/// </para>
/// </summary>
internal static class CodexConfig
{
    private const string Header = "[mcp_servers.cairn]";

    /// <summary>The text with our server in it, running this command with these arguments.</summary>
    /// <param name="text">The present text, a leading byte order mark included; null when there is no file.</param>
    /// <param name="command">The executable; not empty.</param>
    /// <param name="args">Its arguments.</param>
    /// <exception cref="EngineException">The text is not TOML, or has our server in a form that is not edited.</exception>
    public static ConfigEdit Add(string? text, string command, IReadOnlyList<string> args)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        (string Key, string Value)[] wanted = [("command", TomlText.String(command)), ("args", TomlText.Array(args))];
        var (mark, body) = SplitMark(text ?? "");
        var document = CodexDocument.Parse(body);
        RefuseInline(document, wanted);
        if (document.Table is null)
        {
            var above = text is null ? "" : body + NewLineOf(body);
            string[] lines = [Header, .. wanted.Select(pair => $"{pair.Key} = {pair.Value}")];
            var added = Checked(above + string.Concat(lines.Select(line => line + NewLineOf(body))));
            return new ConfigEdit(mark + added, SetupChange.Added, [At(above.Count(c => c == '\n') + 1), .. lines.Select(line => "+" + line)]);
        }
        var (edits, diff) = Differences(body, document.Table, wanted);
        if (edits.Count == 0) return new ConfigEdit(text, SetupChange.Unchanged, []);
        return new ConfigEdit(mark + Checked(Apply(body, edits)), SetupChange.Updated, diff);
    }

    /// <summary>The text without our server and its sub-tables; null when nothing else was ever there.</summary>
    /// <param name="text">The present text, a leading byte order mark included.</param>
    /// <exception cref="EngineException">The text is not TOML, or has our server in a form that is not edited.</exception>
    public static ConfigEdit Remove(string text)
    {
        var (mark, body) = SplitMark(text);
        var document = CodexDocument.Parse(body);
        if (document.InlineLine is { } line)
            throw EngineException.Invalid("config.toml", $"line {line} defines the server cairn in inline or dotted form, which is not edited; nothing was changed: delete it by hand", ("line", line));
        if (document.Tables.Count == 0) return new ConfigEdit(text, SetupChange.Unchanged, []);

        var rest = Checked(Apply(body, Cuts(body, document.Tables)));
        var diff = document.Tables.SelectMany(RemovedLines).ToList();
        var nothingElse = mark.Length == 0 && rest.Length == 0 && ExtentOf(body, document.Tables[0]).Start == 0;
        return new ConfigEdit(nothingElse ? null : mark + rest, SetupChange.Removed, diff);
    }

    private static void RefuseInline(CodexDocument document, (string Key, string Value)[] wanted)
    {
        if ((document.InlineLine ?? document.ClosedLine) is { } line)
        {
            var entry = string.Join(", ", wanted.Select(pair => $"{pair.Key} = {pair.Value}"));
            throw EngineException.Invalid(
                "config.toml", $"line {line} writes mcp_servers in inline, dotted or array form, which is not edited; nothing was changed: put there by hand cairn = {{ {entry} }}", ("line", line));
        }
        if (document.Table is { } table && Find(table, "url") is { } url)
        {
            throw EngineException.Invalid(
                "config.toml", $"line {CodexDocument.LineOf(url)} makes cairn a server with a url, which takes no command; nothing was changed: remove that entry first", ("line", CodexDocument.LineOf(url)));
        }
    }

    /// <summary>The edits that give the table the wanted values, and their diff; none when it has them already.</summary>
    private static (List<TextEdit> Edits, List<string> Diff) Differences(string body, TableSyntax table, (string Key, string Value)[] wanted)
    {
        List<TextEdit> edits = [];
        List<string> diff = [];
        var above = LineEnd(body, EndOf(table.CloseBracket!));
        foreach (var (key, value) in wanted)
        {
            var item = Find(table, key);
            if (item is null)
            {
                edits.Add(new TextEdit(above, 0, Line(body, above, IndentOf(body, table) + $"{key} = {value}")));
                diff.AddRange(At(CodexDocument.LineOf(table)), $"+{key} = {value}");
                continue;
            }
            above = LineEnd(body, EndOf(item.Value!));
            if (Canonical(item.Value) == value) continue;
            var start = item.Value!.Span.Start.Offset;
            edits.Add(new TextEdit(start, EndOf(item.Value) - start, value));
            diff.AddRange(At(CodexDocument.LineOf(item)), $"-{key} = {Canonical(item.Value) ?? "…"}", $"+{key} = {value}");
        }
        return (edits, diff);
    }

    /// <summary>The spans to cut: each run of our tables with nothing but blank lines between, and one line break before it.</summary>
    private static List<TextEdit> Cuts(string body, IReadOnlyList<TableSyntaxBase> tables)
    {
        List<(int Start, int End)> runs = [];
        foreach (var (start, end) in tables.Select(table => ExtentOf(body, table)))
        {
            if (runs.Count > 0 && string.IsNullOrWhiteSpace(body[runs[^1].End..start])) runs[^1] = (runs[^1].Start, end);
            else runs.Add((start, end));
        }
        return runs.ConvertAll(run =>
        {
            var start = run.Start - LineBreakBefore(body, run.Start);
            // Without a blank line above, the break ends somebody's line: it may go only with the file's end after it.
            var isBlank = start == 0 || body[start - 1] == '\n';
            if (!isBlank && run.End < body.Length) start = run.Start;
            return new TextEdit(start, run.End - start, "");
        });
    }

    private static (int Start, int End) ExtentOf(string body, TableSyntaxBase table)
    {
        var last = table.Items.LastOrDefault();
        return (LineStart(body, table.OpenBracket!.Span.Start.Offset), LineEnd(body, last is null ? EndOf(table.CloseBracket!) : EndOf(last.Value!)));
    }

    private static IEnumerable<string> RemovedLines(TableSyntaxBase table)
    {
        var path = CodexDocument.PathOf(table.Name!);
        var name = TomlText.Key(path);
        yield return At(CodexDocument.LineOf(table));
        yield return table is TableArraySyntax ? $"-[[{name}]]" : $"-[{name}]";
        foreach (var item in table.Items)
        {
            var key = TomlText.Key(CodexDocument.PathOf(item.Key!));
            var isCommand = path.Count == 2 && key is "command" or "args";
            yield return $"-{key} = {(isCommand ? Canonical(item.Value) : null) ?? "…"}";
        }
    }

    private static string At(int line) => $"@@ line {line} @@";

    /// <summary>How we would write this value; null for what is neither a string nor an array of strings.</summary>
    private static string? Canonical(ValueSyntax? value) => value switch
    {
        StringValueSyntax text => TomlText.String(text.Value!),
        ArraySyntax array when array.Items.All(item => item.Value is StringValueSyntax) =>
            TomlText.Array(array.Items.Select(item => ((StringValueSyntax)item.Value!).Value!)),
        _ => null,
    };

    private static KeyValueSyntax? Find(TableSyntaxBase table, string key) =>
        table.Items.FirstOrDefault(item => CodexDocument.PathOf(item.Key!) is [var only] && only == key);

    /// <summary>The last guard: an edit that would leave a broken file is refused rather than written.</summary>
    private static string Checked(string body)
    {
        try
        {
            CodexDocument.Parse(body);
            return body;
        }
        catch (EngineException broken)
        {
            throw new EngineException(
                ErrorCode.InvalidArgument, $"config.toml: its entry for cairn cannot be edited without breaking the file; nothing was changed: edit {Header} by hand", inner: broken);
        }
    }

    private static string Apply(string body, List<TextEdit> edits)
    {
        var text = new StringBuilder();
        var copied = 0;
        // A stable order: two lines that go to the same place keep theirs.
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            text.Append(body, copied, edit.Start - copied).Append(edit.Text);
            copied = edit.Start + edit.Length;
        }
        return text.Append(body, copied, body.Length - copied).ToString();
    }

    private static (string Mark, string Body) SplitMark(string text) => text.StartsWith('\uFEFF') ? (text[..1], text[1..]) : ("", text);

    /// <summary>The line break that the text uses first; \n when it has none.</summary>
    private static string NewLineOf(string body) => body.IndexOf('\n') is > 0 and var at && body[at - 1] == '\r' ? "\r\n" : "\n";

    /// <summary>A line to insert at a line's end: after its break, or at the text's end with a break of its own.</summary>
    private static string Line(string body, int at, string line) =>
        body[at - 1] == '\n' ? line + NewLineOf(body) : NewLineOf(body) + line;

    private static string IndentOf(string body, TableSyntax table)
    {
        var start = (table.Items.FirstOrDefault() as SyntaxNode ?? table.OpenBracket!).Span.Start.Offset;
        return body[LineStart(body, start)..start];
    }

    private static int LineStart(string body, int offset) => body.LastIndexOf('\n', offset) + 1;

    /// <summary>Just behind the line break that follows, or the text's end.</summary>
    private static int LineEnd(string body, int offset) => body.IndexOf('\n', offset) is >= 0 and var at ? at + 1 : body.Length;

    private static int LineBreakBefore(string body, int offset) =>
        offset == 0 ? 0 : offset > 1 && body[offset - 2] == '\r' ? 2 : 1;

    /// <summary>Just behind a node: Tomlyn's end is the last character itself.</summary>
    private static int EndOf(SyntaxNode node) => node.Span.End.Offset + 1;

    private readonly record struct TextEdit(int Start, int Length, string Text);
}
