using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// A JSON text with members and elements put in and taken out again, every other byte left: comments, spaces and trailing
/// commas too. Immutable: each edit gives a new text.
/// <para>
/// What is taken out leaves what was there before it was put in. A container that lacked is made with its item on a line of
/// its own, and so goes with its last item; in an empty one that was there the item follows the bracket directly.
/// </para>
/// </summary>
internal sealed class JsonText
{
    private readonly string _file;
    private readonly string _mark;
    private readonly byte[] _bytes;
    private readonly bool _isNew;

    private JsonText(string file, string mark, byte[] bytes, bool isNew = false)
    {
        (_file, _mark, _bytes, _isNew) = (file, mark, bytes, isNew);
        try
        {
            Root = JsonSpan.Parse(bytes);
        }
        catch (JsonException invalid)
        {
            var line = (invalid.LineNumber ?? 0) + 1;
            throw EngineException.Invalid(file, $"line {line} is not valid JSON; nothing was changed: repair the file, then run this again", ("line", line));
        }
        if (Root.Kind != JsonTokenType.StartObject) throw EngineException.Invalid(file, "is not a JSON object; nothing was changed: repair the file, then run this again");
    }

    /// <summary>Its outermost object.</summary>
    public JsonSpan Root { get; }

    /// <summary>Reads a text, or makes an empty one.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">The text, a byte order mark included; null for none.</param>
    /// <exception cref="EngineException">It is not a JSON object; the details name the line (from 1).</exception>
    public static JsonText Parse(string file, string? text) => text is ['\uFEFF', ..]
        ? new JsonText(file, text[..1], Encoding.UTF8.GetBytes(text[1..]))
        : new JsonText(file, "", text is null ? "{\n}\n"u8.ToArray() : Encoding.UTF8.GetBytes(text), text is null);

    /// <summary>The whole text.</summary>
    public override string ToString() => _mark + Encoding.UTF8.GetString(_bytes);

    /// <summary>A value as it is written.</summary>
    public string Text(JsonSpan value) => Encoding.UTF8.GetString(_bytes, value.Start, value.End - value.Start);

    /// <summary>A value, read; null for what is not a string.</summary>
    public string? String(JsonSpan? value)
    {
        if (value is not { Kind: JsonTokenType.String }) return null;
        var reader = new Utf8JsonReader(_bytes.AsSpan(value.Start, value.End - value.Start));
        reader.Read();
        return reader.GetString();
    }

    /// <summary>Line (from 1) on which something begins.</summary>
    public int LineOf(int offset) => _bytes.AsSpan(0, offset).Count((byte)'\n') + 1;

    /// <summary>A string as JSON, other scripts as they are.</summary>
    public static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>An array of strings on one line.</summary>
    public static string Quote(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quote))}]";

    /// <summary>The text with a member in place of the one of this name, or beside the others.</summary>
    /// <param name="path">The objects that hold it, made where they lack, and its name last.</param>
    /// <param name="value">Its value, JSON on one line.</param>
    public JsonText Put(IReadOnlyList<string> path, string value)
    {
        var parent = Find(path.SkipLast(1));
        return parent?.Member(path[^1]) is { } member
            ? With(member, value)
            : Insert(path, (_, _) => value);
    }

    /// <summary>The text with another value in place of one.</summary>
    public JsonText With(JsonItem item, string value) => With((item.Value.Start, item.Value.End, value));

    /// <summary>The text with an element at an array's end.</summary>
    /// <param name="path">The objects that hold the array, and its name last; made where they lack.</param>
    /// <param name="value">The element, JSON on one line.</param>
    public JsonText Append(IReadOnlyList<string> path, string value) => Find(path) is { } array
        ? With([.. Into(Require(array, path[^1], JsonTokenType.StartArray), _ => value)])
        : Insert(path, (indent, unit) => Block('[', ']', value, indent, unit));

    /// <summary>The text without an item, and without the containers that were made for it; null when the file was made for it.</summary>
    /// <param name="path">From the root: each container, and the item in it that leads on.</param>
    public JsonText? Without(IReadOnlyList<(JsonSpan Container, JsonItem Item)> path)
    {
        var (container, item) = path[^1];
        var comma = CommaAfter(item.End, container.End - 1);
        var end = comma is { } found ? found + 1 : item.End;
        if (container.Items.Count == 1)
        {
            var isMade = _bytes.AsSpan(container.Start + 1, item.Start - container.Start - 1).Contains((byte)'\n')
                && IsBlank(container.Start + 1, item.Start) && IsBlank(end, container.End - 1);
            if (!isMade) return With((item.Start, end, ""));
            if (path.Count > 1) return Without([.. path.SkipLast(1)]);
            return _mark.Length == 0 && IsBlank(0, Root.Start) && IsBlank(Root.End, _bytes.Length) ? null : With((container.Start + 1, container.End - 1, ""));
        }
        var start = WhiteBefore(item.Start);
        var index = container.Items.ToList().IndexOf(item);
        if (index < container.Items.Count - 1 || comma is not null) return With((start, end, ""));
        var before = CommaAfter(container.Items[index - 1].End, item.Start)!.Value;
        return With((before, before + 1, ""), (Math.Max(start, before + 1), end, ""));
    }

    /// <summary>The value at the end of a path of names; null when there is none.</summary>
    public JsonSpan? Find(IEnumerable<string> path)
    {
        var value = Root;
        foreach (var key in path)
        {
            if (Require(value, key, JsonTokenType.StartObject).Member(key) is not { } member) return null;
            value = member.Value;
        }
        return value;
    }

    private JsonSpan Require(JsonSpan value, string near, JsonTokenType kind) => value.Kind == kind ? value : throw EngineException.Invalid(
        _file, $"line {LineOf(value.Start)} has another kind of value than {near} needs there; nothing was changed: mend it by hand", ("line", LineOf(value.Start)));

    private JsonText Insert(IReadOnlyList<string> path, Func<string, string, string> value)
    {
        var (container, depth) = (Root, 0);
        while (Require(container, path[depth], JsonTokenType.StartObject).Member(path[depth]) is { } member) (container, depth) = (member.Value, depth + 1);
        string Item(string indent, int at) => $"{Quote(path[at])}: " + (at == path.Count - 1
            ? value(indent, Unit)
            : Block('{', '}', Item(indent + Unit, at + 1), indent, Unit));
        return With([.. Into(container, indent => Item(indent, depth))]);
    }

    private string Block(char open, char close, string item, string indent, string unit) => $"{open}{NewLine}{indent}{unit}{item}{NewLine}{indent}{close}";

    /// <summary>The edits that put an item at a container's end; the item is told how far its line is indented.</summary>
    private IEnumerable<(int Start, int End, string Text)> Into(JsonSpan container, Func<string, string> item)
    {
        var inner = IndentOfLine(container.Start) + Unit;
        if (container.Items.Count == 0)
        {
            yield return _isNew ? (1, 1, $"\n{Unit}{item(Unit)}") : (container.Start + 1, container.Start + 1, item(IndentOfLine(container.Start)));
            yield break;
        }
        var last = container.Items[^1];
        var comma = CommaAfter(last.End, container.End - 1);
        var at = WhiteBefore(container.End - 1);
        var white = WhiteBefore(last.Start);
        var ownLine = _bytes.AsSpan(white, last.Start - white).Contains((byte)'\n');
        if (ownLine) inner = IndentOfLine(last.Start);
        var isLined = ownLine || _bytes.AsSpan(last.End, container.End - 1 - last.End).Contains((byte)'\n');
        if (comma is null) yield return (last.End, last.End, ",");
        yield return (at, at, (isLined ? NewLine + inner : " ") + item(isLined ? inner : IndentOfLine(container.Start)) + (comma is null ? "" : ","));
    }

    private JsonText With(params (int Start, int End, string Text)[] edits)
    {
        using var text = new MemoryStream();
        var copied = 0;
        foreach (var (start, end, inserted) in edits)
        {
            text.Write(_bytes, copied, start - copied);
            text.Write(Encoding.UTF8.GetBytes(inserted));
            copied = end;
        }
        text.Write(_bytes, copied, _bytes.Length - copied);
        return new JsonText(_file, _mark, text.ToArray());
    }

    // Between two items there are white space, comments and one comma; this finds it, if it stands before the limit.
    private int? CommaAfter(int offset, int limit)
    {
        for (var i = offset; i < limit; i++)
        {
            if (_bytes[i] == ',') return i;
            if (_bytes[i] != '/') continue;
            var isLine = _bytes[i + 1] == '/';
            i += 2;
            while (i < limit && (isLine ? _bytes[i] != '\n' : _bytes[i] != '*' || _bytes[i + 1] != '/')) i++;
            if (!isLine) i++;
        }
        return null;
    }

    private string NewLine => _bytes.AsSpan().IndexOf((byte)'\n') is > 0 and var at && _bytes[at - 1] == '\r' ? "\r\n" : "\n";

    /// <summary>How the text indents: the white space before its first indented line; two spaces when it has none.</summary>
    private string Unit => ToString().Split('\n').Select(static line => line[..^line.TrimStart(' ', '\t').Length])
        .FirstOrDefault(static indent => indent.Length > 0) ?? "  ";

    private string IndentOfLine(int offset)
    {
        var start = _bytes.AsSpan(0, offset).LastIndexOf((byte)'\n') + 1;
        var end = start;
        while (end < offset && _bytes[end] is (byte)' ' or (byte)'\t') end++;
        return Encoding.UTF8.GetString(_bytes, start, end - start);
    }

    private bool IsBlank(int start, int end) => _bytes.AsSpan(start, end - start).IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private int WhiteBefore(int offset) => _bytes.AsSpan(0, offset).LastIndexOfAnyExcept(" \t\r\n"u8) + 1;
}
