using System.Globalization;

namespace Cairn.Host.Tests.Harness;

/// <summary>
/// A terminal that tmux plays (not on Windows): a shell in it runs a program, keys are sent, and what is on the screen is
/// read. Its server is the test's own.
/// </summary>
internal sealed class TmuxScreen : IDisposable
{
    private const string Session = "screen";

    private readonly TempHome _home;

    /// <summary>A terminal of this size, in which a shell runs a script.</summary>
    public TmuxScreen(TempHome home, string script, int width = 80, int height = 24)
    {
        _home = home;
        Run("-f", "/dev/null", "new-session", "-d", "-s", Session, "-x", Number(width), "-y", Number(height), "sh", "-c", script).ShouldExitWith(0);
        Run("set-option", "-g", "window-size", "manual").ShouldExitWith(0);
    }

    /// <summary>Presses keys by tmux's names: j, Enter, PageDown, C-c.</summary>
    public void Press(params ReadOnlySpan<string> keys) => Run(["send-keys", "-t", Session, .. keys]).ShouldExitWith(0);

    /// <summary>Types text.</summary>
    public void Type(string text) => Run("send-keys", "-t", Session, "-l", text).ShouldExitWith(0);

    /// <summary>Makes the terminal another size.</summary>
    public void Resize(int width, int height) => Run("resize-window", "-t", Session, "-x", Number(width), "-y", Number(height)).ShouldExitWith(0);

    /// <summary>The lines that are on the screen.</summary>
    public IReadOnlyList<string> Lines => Capture();

    /// <summary>The same with the sequences that give the characters their looks.</summary>
    public string Sequences => string.Join('\n', Capture("-e"));

    /// <summary>Whether the cursor is seen, the program has a screen of its own, and lines break by themselves: as 1 or 0.</summary>
    public string Flags => Run("display-message", "-p", "-t", Session, "#{cursor_flag} #{alternate_on} #{wrap_flag}").ShouldExitWith(0).Output.Trim();

    /// <summary>Waits until the screen is as it should be; fails with what is there when that never comes.</summary>
    public IReadOnlyList<string> Until(Func<IReadOnlyList<string>, bool> isThere)
    {
        IReadOnlyList<string> lines = [];
        Assert.True(SpinWait.SpinUntil(() => isThere(lines = Lines), ChildProcess.Limit), $"The screen never was as it should be:\n{string.Join('\n', lines)}");
        return lines;
    }

    /// <summary>Waits until these words are on the screen.</summary>
    public IReadOnlyList<string> Until(string words) => Until(lines => lines.Any(line => line.Contains(words, StringComparison.Ordinal)));

    /// <summary>Takes the terminal away from the program.</summary>
    public void HangUp() => Run("kill-server");

    public void Dispose()
    {
        HangUp();
        // What ran in it still closes its files.
        Assert.True(SpinWait.SpinUntil(() => ProcessTable.Find(_home.Path).Count == 0, ChildProcess.Limit), "A program outlived its terminal.");
    }

    private string[] Capture(params ReadOnlySpan<string> options) =>
        Run(["capture-pane", "-p", "-t", Session, .. options]).ShouldExitWith(0).Output.TrimEnd('\n').Split('\n');

    // A path to a socket may be short only: the home's own is short.
    private ProcessResult Run(params ReadOnlySpan<string> arguments) => ChildProcess.Run("tmux", ["-u", "-S", Path.Combine(_home.Path, "tmux"), .. arguments], _home);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
