using System.Text;
using Cairn.Host.Cli;

namespace Cairn.Host.Browse;

/// <summary>
/// The terminal as one screen of its own, beside what was on it: other text, no cursor, no line that breaks by itself.
/// Disposing gives back what was there. Ctrl+C arrives as a key meanwhile.
/// </summary>
internal sealed class TerminalScreen : IDisposable
{
    // The other buffer; no cursor; no wrapping. Then back, with the cursor keys as .NET found them.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Leave = "\e[0m\e[?7h\e[?25h\e[?1049l\e[?1l\e>";

    private readonly Encoding? _encoding;
    private IReadOnlyList<ScreenLine> _shown = [];
    private ScreenSize _size;

    public TerminalScreen()
    {
        if (OperatingSystem.IsWindows() && Console.OutputEncoding.CodePage != Encoding.UTF8.CodePage)
        {
            _encoding = Console.OutputEncoding;
            Console.OutputEncoding = new UTF8Encoding(false);
        }
        Console.TreatControlCAsInput = true;
        Output.Screen(Enter);
    }

    /// <summary>How large the terminal is now.</summary>
    public static ScreenSize Size => new(Console.WindowWidth, Console.WindowHeight);

    /// <summary>Draws the lines that are others than those that are there.</summary>
    public void Draw(IReadOnlyList<ScreenLine> lines, ScreenSize size)
    {
        var sent = new StringBuilder();
        if (size != _size) Forget();
        if (_shown.Count == 0) sent.Append("\e[0m\e[2J");
        for (var row = 0; row < lines.Count; row++)
        {
            if (row < _shown.Count && _shown[row].Pieces.SequenceEqual(lines[row].Pieces)) continue;
            sent.Append(System.Globalization.CultureInfo.InvariantCulture, $"\e[{row + 1};1H\e[0m\e[2K").Append(lines[row].Sequence(Output.HasColours));
        }
        (_shown, _size) = (lines, size);
        if (sent.Length > 0) Output.Screen(sent.ToString());
    }

    /// <summary>Takes the screen anew: another program may have had it meanwhile.</summary>
    public void Retake()
    {
        Output.Screen(Enter);
        Forget();
    }

    public void Dispose()
    {
        try
        {
            Output.Screen(Leave);
            Console.TreatControlCAsInput = false;
            if (_encoding is not null) Console.OutputEncoding = _encoding;
        }
        catch (IOException)
        {
            // The terminal is gone, and with it all that there was to give back.
        }
    }

    private void Forget() => _shown = [];
}
