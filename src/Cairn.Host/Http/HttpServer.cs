using System.Net.Sockets;
using Cairn.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cairn.Host.Http;

/// <summary>
/// Kestrel with the gate and one endpoint behind it, and nothing of what is built around Kestrel elsewhere: no host,
/// container, configuration, routing or log, which every server over stdio would carry in its executable.
/// </summary>
internal sealed class HttpServer : IDisposable
{
    private readonly HttpAddress _address;
    private readonly HttpLimits _limits;
    private readonly RequestGate _gate;
    private readonly KestrelServer _kestrel;

    /// <summary>Wires a server; <see cref="StartAsync"/> makes it listen.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="token">What a request must bring.</param>
    /// <param name="endpoint">What is served.</param>
    /// <param name="limits">What one client may take.</param>
    /// <param name="time">Measures how long a body takes.</param>
    public HttpServer(HttpAddress address, BearerToken token, IHttpEndpoint endpoint, HttpLimits? limits = null, TimeProvider? time = null)
    {
        (_address, _limits) = (address, limits ?? new HttpLimits());
        _gate = new RequestGate(new RequestGuard(token, address.IsLocal, endpoint.Methods), endpoint, _limits, time ?? TimeProvider.System);
        var options = new KestrelServerOptions();
        Configure(options);
        _kestrel = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    /// <summary>The address that clients are given; the port is known once it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Begins to listen.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the address is taken, not there, or not allowed.</exception>
    public async Task StartAsync()
    {
        if (_address.Socket is { } path && (File.Exists(path) || Directory.Exists(path)))
            throw EngineException.Invalid(HttpAddress.Option, $"{path} is there already. If another server listens there (cairn status), stop it; if one that was killed left it, delete it");
        try
        {
            await _kestrel.StartAsync(new Application(_gate), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException or AddressInUseException)
        {
            throw Unusable(error);
        }
        if (_address.Socket is { } socket && !OperatingSystem.IsWindows()) File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Url = (_address.Socket is null ? _kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() : "http://localhost") + RequestGuard.Path;
    }

    /// <summary>Takes no more requests; those under way are answered, unless they take longer than the drain time.</summary>
    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(_limits.Drain);
        await _kestrel.StopAsync(patience.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _kestrel.Dispose();
        _gate.Dispose();
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxConcurrentConnections = _limits.Connections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = HttpLimits.MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = HttpLimits.MaxHeadBytes;
        limits.RequestHeadersTimeout = _limits.Head;
        limits.KeepAliveTimeout = _limits.Idle;
        limits.MinRequestBodyDataRate = new MinDataRate(_limits.LeastRate, _limits.Grace);
        limits.MinResponseDataRate = new MinDataRate(_limits.LeastRate, _limits.Grace);
        if (_address.Socket is { } path) options.ListenUnixSocket(path, Http1);
        else options.Listen(_address.EndPoint!, Http1);

        static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
    }

    private EngineException Unusable(Exception error)
    {
        var cause = error.GetBaseException();
        var code = (cause as SocketException)?.SocketErrorCode;
        if (error is AddressInUseException or { InnerException: AddressInUseException } || code == SocketError.AddressAlreadyInUse)
            return EngineException.Invalid(HttpAddress.Option, $"{Shown} is in use. Choose another port, or stop the other program; cairn status shows the servers of this database");
        if (code == SocketError.AccessDenied || cause is UnauthorizedAccessException)
            return EngineException.Invalid(HttpAddress.Option, $"this user may not listen at {Shown}. {(_address.Socket is null ? "Choose a port from 1024" : "Choose a folder that you may write")}");
        return code == SocketError.AddressNotAvailable && _address.Socket is null
            ? EngineException.Invalid(HttpAddress.Option, $"{Shown} is no address of this machine")
            : EngineException.Invalid(HttpAddress.Option, $"{Shown} cannot be listened at ({code?.ToString() ?? cause.GetType().Name}){(_address.Socket is null ? "" : "; is its folder there?")}");
    }

    private string Shown => _address.Socket ?? _address.EndPoint!.ToString();

    private sealed class Application(RequestGate gate) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => gate.PassAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
