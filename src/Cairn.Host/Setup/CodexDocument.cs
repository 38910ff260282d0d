using Cairn.Engine;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Cairn.Host.Setup;

/// <summary>
/// Where a Codex configuration speaks of our server. Tomlyn's positions are UTF-16 offsets into the parsed string,
/// so they index it directly, whatever characters come before; a byte order mark must be taken off first.
/// </summary>
internal sealed class CodexDocument
{
    private const string Servers = "mcp_servers";
    private const string Server = "cairn";

    private readonly List<TableSyntaxBase> _tables = [];

    private CodexDocument(DocumentSyntax syntax)
    {
        foreach (var item in syntax.KeyValues) NoteOutside([], item);
        foreach (var table in syntax.Tables)
        {
            var path = PathOf(table.Name!);
            if (IsOurs(path) && (table is TableSyntax || path.Count > 2))
            {
                _tables.Add(table);
                if (path.Count == 2) Table = (TableSyntax)table;
                continue;
            }
            if (IsOurs(path)) InlineLine ??= LineOf(table);
            if (table is TableArraySyntax && path is [Servers]) ClosedLine ??= LineOf(table);
            foreach (var item in table.Items) NoteOutside(path, item);
        }
    }

    /// <summary>[mcp_servers.cairn], if it is written as a table.</summary>
    public TableSyntax? Table { get; }

    /// <summary>[mcp_servers.cairn] and every table below it, in the file's order.</summary>
    public IReadOnlyList<TableSyntaxBase> Tables => _tables;

    /// <summary>Line (from 1) that defines our server as an inline table, a dotted key or an array of tables.</summary>
    public int? InlineLine { get; private set; }

    /// <summary>Line (from 1) that gives mcp_servers a form to which no table can be added.</summary>
    public int? ClosedLine { get; private set; }

    /// <summary>Reads a configuration, which must not begin with a byte order mark.</summary>
    /// <exception cref="EngineException">
    /// It is not TOML; the details name line and column (from 1). The parser's own words are withheld: they quote the file.
    /// </exception>
    public static CodexDocument Parse(string text)
    {
        DiagnosticsBag diagnostics;
        try
        {
            var syntax = SyntaxParser.Parse(text);
            if (!syntax.HasErrors) return new CodexDocument(syntax);
            diagnostics = syntax.Diagnostics;
        }
        catch (TomlException tooDeep)
        {
            diagnostics = tooDeep.Diagnostics;
        }
        var at = diagnostics.FirstOrDefault(message => message.Kind == DiagnosticMessageKind.Error)?.Span.Start ?? default;
        var (line, column) = (at.Line + 1, at.Column + 1);
        throw EngineException.Invalid(
            "config.toml", $"line {line}, column {column} is not valid TOML; nothing was changed: repair the file, then run this again", ("line", line), ("column", column));
    }

    /// <summary>The parts of a dotted key, unquoted.</summary>
    public static IReadOnlyList<string> PathOf(KeySyntax key) => [PartOf(key.Key), .. key.DotKeys.Select(dotted => PartOf(dotted.Key))];

    /// <summary>Line (from 1) on which something begins.</summary>
    public static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;

    private static string PartOf(BareKeyOrStringValueSyntax? part) => part switch
    {
        BareKeySyntax bare => bare.Key!.Text!,
        StringValueSyntax quoted => quoted.Value!,
        _ => throw new InvalidOperationException("A key of a valid document has a name."),
    };

    private static bool IsOurs(IReadOnlyList<string> path) => path is [Servers, Server, ..];

    private void NoteOutside(IReadOnlyList<string> header, KeyValueSyntax item)
    {
        IReadOnlyList<string> path = [.. header, .. PathOf(item.Key!)];
        if (IsOurs(path)) InlineLine ??= LineOf(item);
        if (path is not [Servers]) return;
        ClosedLine ??= LineOf(item);
        if (item.Value is InlineTableSyntax inline && inline.Items.Any(member => PathOf(member.KeyValue!.Key!)[0] == Server))
            InlineLine ??= LineOf(item);
    }
}
