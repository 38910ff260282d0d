using System.Globalization;
using System.Net;
using Cairn.Engine;

namespace Cairn.Host.Http;

/// <summary>Where the server listens: an IP address and port, or the path of a unix socket. One of the two is null.</summary>
/// <param name="EndPoint">The address and port; port 0 lets the system choose one.</param>
/// <param name="Socket">The absolute path of the socket.</param>
internal sealed record HttpAddress(IPEndPoint? EndPoint, string? Socket)
{
    /// <summary>The name of the option that gives it, for messages.</summary>
    public const string Option = "--http";

    /// <summary>The name of the option without which nothing but loopback is bound.</summary>
    public const string RemoteOption = "--allow-remote";

    private const string UnixPrefix = "unix:";
    private const string LocalName = "localhost";

    // sun_path of macOS; Linux and Windows have a few bytes more.
    private const int MaxSocketPathBytes = 103;

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => Socket is not null || IPAddress.IsLoopback(EndPoint!.Address);

    /// <summary>Reads 127.0.0.1:4100, localhost:4100, [::1]:4100, or unix:PATH.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowRemote">Whether an address that other machines can reach is meant.</param>
    /// <exception cref="EngineException">INVALID_ARGUMENT: it is none of these, or can be reached from elsewhere without that being allowed.</exception>
    public static HttpAddress Parse(string text, bool allowRemote)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal)) return OfSocket(text[UnixPrefix.Length..]);
        var endPoint = text.StartsWith(LocalName + ":", StringComparison.OrdinalIgnoreCase) ? Parse(IPAddress.Loopback + text[LocalName.Length..]) : Parse(text);
        var address = new HttpAddress(endPoint ?? throw EngineException.Invalid(Option, "must be an address and a port, as 127.0.0.1:4100 or [::1]:4100, or unix: and the path of a socket"), null);
        if (!address.IsLocal && !allowRemote)
            throw EngineException.Invalid(Option, $"can be reached from other machines, over a connection that is not encrypted. Use 127.0.0.1; or, behind something that encrypts, say so with {RemoteOption}");
        return address;
    }

    private static IPEndPoint? Parse(string text)
    {
        // The framework takes an address without a port, and numbers that only look like an address.
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        var bracketed = host is ['[', _, .., ']'];
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address)) return null;
        var isVersion6 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        return isVersion6 == bracketed && (isVersion6 || host.Count(static c => c == '.') == 3) ? new IPEndPoint(address, port) : null;
    }

    private static HttpAddress OfSocket(string path)
    {
        if (path.Length == 0) throw EngineException.Invalid(Option, "names no path behind unix:");
        var full = Path.GetFullPath(path);
        if (System.Text.Encoding.UTF8.GetByteCount(full) > MaxSocketPathBytes)
            throw EngineException.Invalid(Option, string.Create(CultureInfo.InvariantCulture, $"the path of a socket may have {MaxSocketPathBytes} bytes, and this one has more: choose a shorter folder"), ("limit", MaxSocketPathBytes));
        return new HttpAddress(null, full);
    }
}
