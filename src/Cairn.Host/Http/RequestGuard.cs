using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cairn.Host.Http;

/// <summary>Why a request is not served: the HTTP status, words for whoever sent it, and the code of the JSON-RPC error.</summary>
internal sealed record Refusal(int Status, string Message, int Code = -32000); // of the range that JSON-RPC leaves to servers

/// <summary>
/// What a request's head must be before a byte of its body is read. A page in a browser can send requests to loopback under
/// a name of its own (DNS rebinding) or from its own origin; neither gets as far as the token.
/// </summary>
/// <param name="token">What a request must bring.</param>
/// <param name="local">Whether only this machine can reach the server; if not, any IP address may be its name, since a page cannot rebind one.</param>
/// <param name="methods">The methods that are served.</param>
internal sealed class RequestGuard(BearerToken token, bool local, IReadOnlyList<string> methods)
{
    /// <summary>The one path that is served.</summary>
    public const string Path = "/mcp";

    /// <summary>The header with the version of the protocol that was agreed on.</summary>
    public const string VersionHeader = "MCP-Protocol-Version";

    private const int UnsupportedVersion = -32022;

    // Later ones carry in each request what these say once, and what they want of headers is the SDK's own endpoint's to check.
    private static readonly string[] Versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public Refusal? Check(HttpRequest request)
    {
        if (!IsOurs(request.Headers.Host)) return new(StatusCodes.Status403Forbidden, "The Host header names another server. Use the address that cairn mcp shows.");
        if (!IsSameOrigin(request)) return new(StatusCodes.Status403Forbidden, "Pages of other origins are not served.");
        if (request.Path.Value != Path) return new(StatusCodes.Status404NotFound, $"There is nothing here; the server is at {Path}.");
        if (request.Headers.Authorization is not [var authorization] || !token.IsIn(authorization))
            return new(StatusCodes.Status401Unauthorized, "A request needs one header \"Authorization: Bearer TOKEN\"; cairn mcp shows the file with the token at its start.");
        if (!methods.Contains(request.Method)) return new(StatusCodes.Status405MethodNotAllowed, $"Only {string.Join(", ", methods)} is served: there are no sessions, and nothing is sent that was not asked for.");
        if (!HttpMethods.IsPost(request.Method)) return null;
        if (!IsJson(request)) return new(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json, in UTF-8, not compressed.");
        if (!Accepts(request, "application/json") || !Accepts(request, "text/event-stream"))
            return new(StatusCodes.Status406NotAcceptable, "A client must accept both application/json and text/event-stream.");
        if (request.Headers[VersionHeader] is { Count: > 0 } version && !Versions.Contains(version.ToString()))
            return new(StatusCodes.Status400BadRequest, $"This version of the protocol is not served over HTTP; the versions are: {string.Join(", ", Versions)}.", UnsupportedVersion);
        if (request.ContentLength > HttpLimits.MaxBodyBytes) return TooLarge;
        return null;
    }

    /// <summary>The refusal of a body over the limit.</summary>
    public static Refusal TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {HttpLimits.MaxBodyBytes} bytes; it was not read.");

    private bool IsOurs(IReadOnlyList<string?> hosts)
    {
        if (hosts is not [{ Length: > 0 } text]) return false;
        if (!Authority.TryParse(text, out var name)) return false;
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return true;
        // The spelling must be the usual one: 127.1, 0x7f.1 and 2130706433 are addresses to some and names to others.
        return IPAddress.TryParse(name, out var address) && address.ToString() == name && (!local || address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback));
    }

    // A browser sends the origin of the page; there is no page here, but one that claims to be from here did no harm yet.
    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.Origin.Count == 0 || (request.Headers.Origin is [{ } origin] && origin.Equals($"http://{request.Headers.Host}", StringComparison.OrdinalIgnoreCase));

    private static bool Accepts(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) && accepted.Any(range => range.MatchesMediaType(type));

    private static bool IsJson(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0 && request.Headers.ContentType.Count == 1
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
}
