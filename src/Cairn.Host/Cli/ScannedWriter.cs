using System.Text;
using Cairn.Engine.Policy;

namespace Cairn.Host.Cli;

/// <summary>
/// Lines for stderr, which ends up in logs and transcripts: what looks like a secret is replaced by its rule's name. The
/// program's own lines hold none; a command line that cannot be understood is shown back, and may.
/// </summary>
internal sealed class ScannedWriter(TextWriter inner) : TextWriter
{
    private readonly SecretScanner _scanner = new();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        _line.Append(value);
        if (value == '\n') Pass();
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        _line.Append(buffer);
        if (buffer.Contains('\n')) Pass();
    }

    /// <summary>Writes what is there of a line as well.</summary>
    public override void Flush()
    {
        if (_line.Length > 0) Pass();
        inner.Flush();
    }

    private void Pass()
    {
        var text = _line.ToString();
        _line.Clear();
        var end = 0;
        foreach (var finding in _scanner.Scan(text))
        {
            inner.Write(text.AsSpan(end, finding.Start - end));
            inner.Write($"[REDACTED:{finding.RuleId}]");
            end = finding.End;
        }
        inner.Write(text.AsSpan(end));
    }
}
