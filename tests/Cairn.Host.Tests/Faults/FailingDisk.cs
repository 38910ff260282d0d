using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Servers on one database whose nth write or fsync fails, one server after the other. Each save is acknowledged or
/// refused; after the failure the same server saves again.
/// </summary>
internal sealed class FailingDisk(TempHome home)
{
    private const int Saves = 8;

    private readonly Dictionary<string, string> _acknowledged = [];
    private readonly List<string> _refused = [];
    private int _words;

    public int Acknowledged => _acknowledged.Count;

    public int Refused => _refused.Count;

    /// <summary>How many calls of the system failed.</summary>
    public int Injected { get; private set; }

    /// <summary>The last refusal's words.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Lives a server's life in which a call on the database or its log fails, and sees to it that it is said so, and that it goes on.</summary>
    /// <param name="call">pwrite64, fsync or fdatasync.</param>
    /// <param name="error">EIO or ENOSPC.</param>
    /// <param name="nth">Which of each thread's calls.</param>
    /// <param name="words">What a refused save must say.</param>
    public void Live(string call, string error, int nth, string words)
    {
        var report = Path.Combine(home.Path, "strace.txt");
        using (var server = McpProcess.StartUnder(home, Strace.Under(report, $"{call},openat", string.Create(CultureInfo.InvariantCulture, $"{call}:error={error}:when={nth}"), home.Database, $"{home.Database}-wal")))
        {
            for (var i = 0; i < Saves; i++) Save(server, words);
            for (var i = 0; !Save(server, words); i++) Assert.True(i < 20, $"It never saved again after {error} at {call} {nth}.");
            Assert.Single(ToolCalls.Search(server, _acknowledged.Values.Last().Split(' ')[0]));
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
            Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
        }
        Look(File.ReadAllLines(report), call);
    }

    /// <summary>Fails unless all that was acknowledged is there, and nothing that was refused. No server may hold the database.</summary>
    public void AssertKept()
    {
        DatabaseFile.AssertIntact(home.Database);
        using var connection = DatabaseFile.Open(home.Database);
        Assert.Equal(_acknowledged.Values.Order(StringComparer.Ordinal), DatabaseFile.Column(home.Database, "SELECT body FROM entries").Order(StringComparer.Ordinal));
    }

    private bool Save(McpProcess server, string words)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"word{_words++:00000} {new string('.', _words % 7 * 900)}");
        var saved = server.CallTool("save_memory", new JsonObject { ["text"] = text.TrimEnd() });
        if (saved.IsError)
        {
            Assert.Equal("STORAGE_FAILURE", saved.ErrorCode);
            Message = saved.Structured.Object("error").String("message").Replace(home.Path, "…", StringComparison.Ordinal);
            Assert.Contains(words, Message, StringComparison.Ordinal);
            Assert.Contains("nothing was saved", Message, StringComparison.Ordinal);
            _refused.Add(text);
            return false;
        }
        _acknowledged.Add(saved.Structured.String("id"), text.TrimEnd());
        return true;
    }

    // After an fsync of the log that failed, nothing that is in memory is to be trusted: the database is opened anew.
    private void Look(string[] lines, string call)
    {
        static bool Failed(string line) => line.Contains("(INJECTED)", StringComparison.Ordinal);
        Injected += lines.Count(Failed);
        var first = Array.FindIndex(lines, line => Failed(line) && line.Contains("-wal>", StringComparison.Ordinal));
        if (call == "pwrite64" || first < 0) return;
        Assert.Contains(lines[first..], line => line.Contains("openat(", StringComparison.Ordinal) && line.Contains($"\"{home.Database}\"", StringComparison.Ordinal));
    }
}
