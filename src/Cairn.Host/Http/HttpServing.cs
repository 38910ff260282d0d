using Cairn.Engine;
using Cairn.Host.Mcp;

namespace Cairn.Host.Http;

/// <summary>Where a server listens, for who starts it.</summary>
/// <param name="Url">What clients are given.</param>
/// <param name="Socket">The unix socket, where it is one.</param>
/// <param name="TokenFile">The file that holds the token.</param>
internal sealed record HttpListening(string Url, string? Socket, string TokenFile);

/// <summary>Serves any number of clients over HTTP, with the tools that one client has over stdio.</summary>
internal static class HttpServing
{
    // Each call at work may hold a thread, and the connections need some as well.
    private const int ReadyThreads = 2 * RequestQueue.MaxAtWork;

    /// <summary>Serves until <paramref name="stop"/> is called off, and disposes the engine.</summary>
    /// <param name="open">Gives engine and settings.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="listening">Told once clients can connect.</param>
    /// <param name="stop">Ends it: requests under way are answered.</param>
    /// <exception cref="EngineException">The token or the address cannot be used.</exception>
    public static async Task RunAsync(Func<(CairnEngine Engine, Settings Settings)> open, HttpAddress address, Action<HttpListening> listening, CancellationToken stop)
    {
        ThreadPool.SetMinThreads(ReadyThreads, ReadyThreads);
        var token = BearerToken.Of(Settings.StateFolder);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => asked.TrySetResult());
        var session = new ServerSession(open, () => asked.TrySetResult(), shared: true);
        var endpoint = new StatelessEndpoint(session.Tools());
        try
        {
            using var server = new HttpServer(address, token, endpoint);
            await server.StartAsync().ConfigureAwait(false);
            await session.NameAsync("http", address.Socket ?? new Uri(server.Url).Authority).ConfigureAwait(false);
            listening(new HttpListening(server.Url, address.Socket, token.FilePath));
            await asked.Task.ConfigureAwait(false);
            await server.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            await session.EndAsync("signal").ConfigureAwait(false);
        }
    }
}
