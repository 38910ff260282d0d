using System.Diagnostics;
using Cairn.Engine;
using Cairn.Engine.Operations;
using Cairn.Host.Cli;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>
/// What one server serves with: its engine, its tools, and its place among the live servers. Settings that cannot be read
/// are no reason to be gone: it shows its tools all the same, and opens with the first call after they were mended.
/// </summary>
/// <param name="open">Gives engine and settings, or throws what is wrong with them; asked again until it gives them.</param>
/// <param name="stop">Ends the session.</param>
/// <param name="shared">Whether many clients are served.</param>
internal sealed class ServerSession(Func<(CairnEngine Engine, Settings Settings)> open, Action stop, bool shared = false)
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset _since = TimeProvider.System.GetUtcNow();
    private readonly Lock _opening = new();
    private CairnEngine? _engine;
    private Dictionary<string, McpServerTool>? _tools;
    private Task _joined = Task.CompletedTask;
    private string? _client;
    private string? _clientVersion;
    private int _logged;

    /// <summary>The tools to show, and to call.</summary>
    public IReadOnlyList<McpServerTool> Tools()
    {
        try
        {
            return [.. Open().Values];
        }
        catch (EngineException error)
        {
            Output.Failure(ToolErrors.From(error), json: false, ExitCode.Usage);
            return [.. Catalog().Select(tool => new PendingTool(tool, name => Open()[name]))];
        }
    }

    /// <summary>All tools as clients see them, with nothing behind them: to be shown or compared, not called.</summary>
    public static IReadOnlyList<CairnTool> Catalog() => ToolCatalog.Create(new CairnEngine(new EngineOptions { DatabasePath = Path.GetFullPath("memory.db") }), new RequestOrigin(Settings.None), Settings.None);

    /// <summary>Says which client this is.</summary>
    public async Task NameAsync(string? client, string? version)
    {
        (_client, _clientVersion) = (client, version);
        if (_engine is null) return; // it is said when the engine opens
        await _joined.ConfigureAwait(false);
        Announce();
    }

    /// <summary>The session is over: running writes finish, and the server is none of the live ones any more.</summary>
    public async Task EndAsync(string reason)
    {
        if (_engine is null) return;
        await _joined.ConfigureAwait(false);
        LogStart(_client);
        _engine.Logs.Write(new LogEvent { Event = "server.stop", Reason = reason, Client = LogService.Clean(_client), Status = "ok", Milliseconds = Math.Round(Stopwatch.GetElapsedTime(_begun).TotalMilliseconds) });
        _engine.Dispose();
    }

    private Dictionary<string, McpServerTool> Open()
    {
        lock (_opening)
        {
            if (_tools is not null) return _tools;
            var (engine, settings) = open();
            _tools = ToolCatalog.Create(engine, new RequestOrigin(settings), settings, shared).ToDictionary(static tool => tool.ProtocolTool.Name, tool => (McpServerTool)new LoggedTool(tool, engine.Logs, LogStart));
            _engine = engine;
            // Beside the handshake, which waits for none of it.
            _joined = Task.Run(() =>
            {
                engine.Embeddings.Start();
                engine.Ranking.Start();
                engine.Servers.Join(BuildInfo.Version, stop);
                if (_client is not null) Announce();
            });
            return _tools;
        }
    }

    private void Announce() => _engine!.Servers.Name(LogService.Clean(_client), LogService.Clean(_clientVersion));

    // With the first call or at the end, not at the start: a start costs its client time, and the log's scanner some.
    private void LogStart(string? client)
    {
        if (Interlocked.Exchange(ref _logged, 1) == 1) return;
        _engine!.Logs.Write(new LogEvent { Event = "server.start", Time = _since, Version = BuildInfo.Version, Client = LogService.Clean(client), Status = "ok" });
    }
}
