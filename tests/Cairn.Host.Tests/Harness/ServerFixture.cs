namespace Cairn.Host.Tests.Harness;

/// <summary>One server with a home of its own for all tests of a class, which run one after the other.</summary>
public sealed class ServerFixture : IDisposable
{
    public ServerFixture() => Server = McpProcess.StartInitialized(Home);

    internal TempHome Home { get; } = new();

    internal McpProcess Server { get; }

    public void Dispose()
    {
        Server.Dispose();
        Home.Dispose();
    }
}
