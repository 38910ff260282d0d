#pragma warning disable RS0030 // the one place that writes to the console
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Engine.Entries;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cairn.Host.Cli;

/// <summary>
/// The only place that writes to the console. Data goes to stdout, everything else to stderr. What people see is free of
/// control and bidirectional characters, so that stored text cannot play with the terminal; --json is byte for byte.
/// </summary>
internal static class Output
{
    private static readonly Lazy<IAnsiConsole> Terminal = new(() => Create(Console.Out, Console.IsOutputRedirected));
    private static readonly Lazy<IAnsiConsole> ErrorTerminal = new(() => Create(Console.Error, Console.IsErrorRedirected));

    private static readonly ConcurrentDictionary<string, bool> Warned = new(StringComparer.Ordinal);

    /// <summary>stdin, for the protocol.</summary>
    public static Stream StandardInput => Console.OpenStandardInput();

    /// <summary>
    /// stdout, for the protocol. On Unix the console's own stream takes a write to a closed pipe for done, and a server
    /// would go on for a client that is gone.
    /// </summary>
    public static Stream StandardOutput => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    /// <summary>
    /// From now on, and before anything was written, a line for a reader who is gone fails, as with
    /// <see cref="StandardOutput"/>: what never ends by itself would go on for nobody.
    /// </summary>
    public static void EndWithReader() => Console.SetOut(new StreamWriter(StandardOutput, new UTF8Encoding(false)) { AutoFlush = true });

    /// <summary>Passes all that is written to stderr from now on through <see cref="ScannedWriter"/>.</summary>
    public static void ScanErrors() => Console.SetError(new ScannedWriter(Console.Error));

    /// <summary>Whether somebody can be asked.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Whether stdin is a file or a pipe.</summary>
    public static bool IsInputRedirected => Console.IsInputRedirected;

    /// <summary>Writes a value as JSON.</summary>
    public static void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Writes what another program reads, byte for byte.</summary>
    public static void Raw(string text)
    {
        using var output = StandardOutput;
        output.Write(Encoding.UTF8.GetBytes(text + '\n'));
        output.Flush();
    }

    /// <summary>Writes a line with Spectre's markup; what comes from entries must have gone through <see cref="Safe"/>.</summary>
    public static void Line(string markup = "") => Show(Terminal.Value, new Markup($"{markup}\n"));

    /// <summary>Writes an entry's text, several lines of it.</summary>
    public static void Text(string text) => Console.Out.WriteLine(Visible(text, multiline: true));

    /// <summary>
    /// Why no full screen can be shown: stdin or stdout is no terminal, or it is one that cannot place text. Null when it can:
    /// of a name that is not known that is believed. On Windows the terminal is told to from here on.
    /// </summary>
    public static string? WhyNoScreen()
    {
        if (Console.IsInputRedirected) return "stdin is no terminal";
        if (Console.IsOutputRedirected) return "stdout is no terminal";
        var kind = Environment.GetEnvironmentVariable("TERM");
        if (!OperatingSystem.IsWindows() && kind is null or "" or "dumb") return $"TERM is {(string.IsNullOrEmpty(kind) ? "not set" : kind)}";
        return !OperatingSystem.IsWindows() || Terminal.Value.Profile.Capabilities.Ansi ? null : "this terminal takes no escape sequences";
    }

    /// <summary>Whether colours are wanted.</summary>
    public static bool HasColours => Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <summary>Sends a terminal what draws a screen; texts in it must be free of what acts on one.</summary>
    public static void Screen(string sequence)
    {
        Console.Out.Write(sequence);
        Console.Out.Flush();
    }

    /// <summary>Writes a table.</summary>
    public static void Table(Table table) => Show(Terminal.Value, table);

    /// <summary>Whether hints and progress are left out.</summary>
    public static bool Quiet { get; set; }

    /// <summary>Writes a hint, or how far something is, to stderr: what nobody misses who asked for quiet.</summary>
    public static void Hint(string markup)
    {
        if (!Quiet) Note(markup);
    }

    /// <summary>Writes a line to stderr that somebody must see: a failure or a warning.</summary>
    public static void Note(string markup) => Show(ErrorTerminal.Value, new Markup($"{markup}\n"));

    /// <summary>Writes a line to stderr, once a process: it stands for all later ones that say the same.</summary>
    public static void Warn(string text)
    {
        if (Warned.TryAdd(text, true)) Note($"[yellow]{Safe(text)}[/]");
    }

    /// <summary>Asks a yes-or-no question; no is the default.</summary>
    public static bool Confirm(string question) => Terminal.Value.Confirm(Safe(question), defaultValue: false);

    /// <summary>Writes a failure, and gives the exit code for it.</summary>
    public static int Failure(ToolFailure failure, bool json, int exitCode)
    {
        if (json) Json(failure, WireJson.Indented.ToolFailure);
        else Note($"[red]{failure.Error.Code}[/] {Safe(failure.Error.Message)}");
        return exitCode;
    }

    /// <summary>Writes what a report of an unforeseen failure needs. No message: it may hold what was sent.</summary>
    public static void Unexpected(Exception error) => Console.Error.WriteLine($"cairn: {error.GetType().FullName}\n{error.StackTrace}");

    /// <summary>One entry as a line of a list.</summary>
    public static void Item(IndexItem item, bool showProject)
    {
        var date = item.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var state = item.State is null ? "" : $" [yellow]{item.State}{(item.SupersededBy is { } by ? $" by {by}" : "")}[/]";
        var project = showProject ? $" [blue]{Safe(item.Project)}[/]" : "";
        Line($"[green]{item.Id}[/] [grey]{date}[/] {Safe(item.EntryType)}{project}{state}  [bold]{Safe(item.Title)}[/]");
        if (item.Similar is { } similar) Line(string.Create(CultureInfo.InvariantCulture, $"    and {similar} more that {(similar == 1 ? "says" : "say")} the same"));
        if (item.Stale is { } stale) Line($"    [yellow]{Stale(stale)}[/]");
        if (item.Snippet is { } snippet && snippet != item.Title) Line($"    {Safe(snippet)}");
    }

    /// <summary>What became of a file that an entry names, as markup.</summary>
    public static string Stale(Stale stale) => Safe(EntryFacts.Stale(stale));

    /// <summary>Text of one line for markup: escaped, and without characters that act on a terminal.</summary>
    public static string Safe(string text) => Markup.Escape(Visible(text, multiline: false));

    /// <summary>Text in which what acts on a terminal is an escape; line ends and tabs stay where several lines are shown.</summary>
    public static string Visible(string text, bool multiline)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var harmless = multiline && c is '\n' or '\t' || !(char.IsControl(c) || IsDirectional(c));
            if (harmless) visible.Append(c);
            else if (c != '\r') visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return visible.ToString();
    }

    private static bool IsDirectional(char c) => c is '\u061C' or (>= '\u200E' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    // Without ANSI the library sets the console's own colours, and .NET may be told to write those to stdout even when that
    // is a pipe, and the text goes to stderr: into the protocol. So text without ANSI goes out as text alone.
    private static void Show(IAnsiConsole console, IRenderable what)
    {
        if (console.Profile.Capabilities.Ansi)
        {
            console.Write(what);
            return;
        }
        var writer = console.Profile.Out.Writer;
        foreach (var segment in what.GetSegments(console))
            if (!segment.IsControlCode) writer.Write(segment.IsLineBreak ? writer.NewLine : segment.Text);
        writer.Flush();
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected || !HasColours ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        // A pipe has no width: lines are never broken for one.
        if (redirected) console.Profile.Width = short.MaxValue;
        return console;
    }
}
