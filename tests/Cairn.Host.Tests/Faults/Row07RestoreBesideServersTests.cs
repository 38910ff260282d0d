using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Backups are restored while servers save: what they acknowledged is in the database or in a safety backup, and they go on.</summary>
[Collection(typeof(Alone))]
public sealed class Row07RestoreBesideServersTests : IDisposable
{
    private readonly TempHome _home = new();
    private readonly ConcurrentBag<string> _acknowledged = [];
    private readonly ConcurrentBag<string> _refusals = [];
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Row07_RestoreWhileServersSave_LosesNothingAndTheyGoOn()
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 8 : 3);
        CliProcess.Run(_home, ["save", "The needle of the backup", "--db", _home.Database]).ShouldExitWith(0);
        var backup = Cairn("backup", "create").Object("backup").String("path");
        using var stop = new CancellationTokenSource();
        using var both = new CountdownEvent(2);
        var servers = Enumerable.Range(0, 2).Select(number => Moment.OnAThread(() => SaveUntil(number, both, stop.Token))).ToList();
        Assert.True(both.Wait(ChildProcess.Limit, TestContext.Current.CancellationToken));

        for (var round = 0; round < rounds; round++)
        {
            Cairn("restore", Path.GetFileName(backup));
            Remember();
        }
        await stop.CancelAsync();
        await Task.WhenAll(servers);

        _held.UnionWith(DatabaseFile.Column(_home.Database, "SELECT id FROM entries"));
        Assert.Empty(_acknowledged.Except(_held));
        Assert.All(_refusals, static message => Assert.Contains("restore", message, StringComparison.OrdinalIgnoreCase));
        DatabaseFile.AssertIntact(_home.Database);
        FaultRun.Report(7, "restore while servers run", "restores one after the other beside two servers that save without a pause", rounds,
            string.Create(CultureInfo.InvariantCulture, $"{_acknowledged.Count} saves acknowledged meanwhile, each in the database or in a restore's safety backup; {_refusals.Count} refused while a restore held writes back; both servers went on"),
            _refusals.IsEmpty ? "nothing" : $"STORAGE_FAILURE \"{_refusals.First().Replace(_home.Path, "…", StringComparison.Ordinal)}\"");
    }

    private void SaveUntil(int number, CountdownEvent both, CancellationToken stop)
    {
        using var server = McpProcess.StartInitialized(_home);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var saved = server.CallTool("save_memory", new JsonObject { ["text"] = $"Entry {i} of server {number}" });
            if (saved.IsError)
            {
                Assert.Equal("STORAGE_FAILURE", saved.ErrorCode);
                _refusals.Add(saved.Structured.Object("error").String("message"));
            }
            else _acknowledged.Add(saved.Structured.String("id"));
            if (i == 5) both.Signal();
        }
        Assert.Single(ToolCalls.Search(server, "needle"));
        ToolCalls.AssertWorks(server, $"afterall{number}");
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
    }

    // Automatic backups are pruned in time: what the newest holds is noted before that.
    private void Remember()
    {
        var newest = Directory.GetFiles(Path.Combine(_home.Path, "backups"), "*.db").Max(StringComparer.Ordinal)!;
        _held.UnionWith(DatabaseFile.Column(newest, "SELECT id FROM entries"));
    }

    private JsonObject Cairn(params string[] arguments) => CliProcess.Json(_home, [.. arguments, "--db", _home.Database]);
}
