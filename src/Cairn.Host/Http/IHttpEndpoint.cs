using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Http;

/// <summary>What is served behind the gate.</summary>
internal interface IHttpEndpoint
{
    /// <summary>The methods that are served; the others are refused.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Serves a request.</summary>
    /// <param name="http">The request; of a POST, the body was read.</param>
    /// <param name="message">What a POST holds; else null.</param>
    Task ServeAsync(HttpContext http, JsonRpcMessage? message);
}
