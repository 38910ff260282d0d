using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Cairn.Host.Browse;

/// <summary>
/// Keys, sizes and replies in their order, one at a time, each followed by a look at the screen. Reading is done beside it,
/// so that a key never waits for the database.
/// </summary>
internal sealed class BrowseLoop(Func<Request, Reply> answer, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookAtSize = TimeSpan.FromMilliseconds(250);

    // A terminal that is gone may give keys without a name for ever.
    private const int MostNameless = 100;

    private readonly Channel<Func<BrowseState, BrowseState>> _changes = Channel.CreateUnbounded<Func<BrowseState, BrowseState>>();
    private readonly List<IDisposable> _watches = [];
    private readonly List<Task> _reading = [];

    /// <summary>Runs until the state is done or the token is cancelled; the terminal is then as it was.</summary>
    public async Task Run(BrowseState state, CancellationToken stop)
    {
        using var screen = new TerminalScreen();
        Watch(screen);
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        try
        {
            Show(screen, state);
            await foreach (var change in _changes.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                var before = state.Waiting;
                state = change(state);
                if (state.IsDone) return;
                if (state.Waiting is { } request && !ReferenceEquals(request, before)) Read(request);
                if (_changes.Reader.Count == 0) Show(screen, state);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A signal is one of the ways to end it.
        }
    }

    public void Dispose()
    {
        foreach (var watch in _watches) watch.Dispose();
        _changes.Writer.TryComplete();
        Task.WhenAll(_reading).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(); // the database is closed next
    }

    private static void Show(TerminalScreen screen, BrowseState state) => screen.Draw(BrowseView.Render(state), state.Size);

    private void Read(Request request)
    {
        _reading.RemoveAll(static task => task.IsCompleted);
        _reading.Add(Task.Run(() =>
        {
            try
            {
                var reply = answer(request);
                Post(state => BrowseReplies.Take(state, request, reply));
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }));
    }

    private void Watch(TerminalScreen screen)
    {
        if (OperatingSystem.IsWindows())
        {
            _watches.Add(time.CreateTimer(_ => Post(Resize), null, LookAtSize, LookAtSize));
            return;
        }
        _watches.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Post(Resize)));
        _watches.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Post(state =>
        {
            screen.Retake();
            return Resize(state);
        })));
    }

    private static BrowseState Resize(BrowseState state) => TerminalScreen.Size is var size && size == state.Size ? state : state.Resized(size);

    private void ReadKeys()
    {
        try
        {
            for (var nameless = 0; nameless < MostNameless;)
            {
                var key = Console.ReadKey(intercept: true);
                nameless = key is { Key: default(ConsoleKey), KeyChar: '\0' } ? nameless + 1 : 0;
                Post(state => BrowseKeys.Press(state, Meaning(key)));
            }
            Post(static state => state with { IsDone = true });
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    /// <summary>What a key of the console means.</summary>
    internal static KeyPress Meaning(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            return key.Key switch
            {
                ConsoleKey.C => new KeyPress(KeyName.Interrupt),
                ConsoleKey.U => new KeyPress(KeyName.Clear),
                ConsoleKey.H or ConsoleKey.Backspace => new KeyPress(KeyName.Backspace),
                ConsoleKey.J or ConsoleKey.M => new KeyPress(KeyName.Enter),
                ConsoleKey.F => new KeyPress(KeyName.PageDown),
                ConsoleKey.B => new KeyPress(KeyName.PageUp),
                ConsoleKey.N => new KeyPress(KeyName.Down),
                ConsoleKey.P => new KeyPress(KeyName.Up),
                _ => new KeyPress(KeyName.None),
            };
        }
        return key.Key switch
        {
            ConsoleKey.Enter => new KeyPress(KeyName.Enter),
            ConsoleKey.Escape => new KeyPress(KeyName.Escape),
            ConsoleKey.Backspace => new KeyPress(KeyName.Backspace),
            ConsoleKey.UpArrow => new KeyPress(KeyName.Up),
            ConsoleKey.DownArrow => new KeyPress(KeyName.Down),
            ConsoleKey.PageUp => new KeyPress(KeyName.PageUp),
            ConsoleKey.PageDown => new KeyPress(KeyName.PageDown),
            ConsoleKey.Home => new KeyPress(KeyName.Home),
            ConsoleKey.End => new KeyPress(KeyName.End),
            _ when key.KeyChar is '\r' or '\n' => new KeyPress(KeyName.Enter),
            _ when key.KeyChar >= ' ' && !char.IsControl(key.KeyChar) => new KeyPress(KeyName.Text, key.KeyChar),
            _ => new KeyPress(KeyName.None),
        };
    }

    private void Post(Func<BrowseState, BrowseState> change) => _changes.Writer.TryWrite(change);

    // Out of the loop, as it was thrown.
    private void Fail(Exception error) => Post(_ =>
    {
        ExceptionDispatchInfo.Throw(error);
        throw error;
    });
}
