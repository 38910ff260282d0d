using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cairn.Host.Tests.Harness;

/// <summary>
/// A model service on loopback that speaks as much of OpenAI's Responses API as the Codex CLI needs
/// (POST /v1/responses, answered as server-sent events), and plays a script instead of a model.
/// It keeps each request: what the model was shown is there to assert on.
/// </summary>
internal sealed class FakeResponsesServer : IDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonObject> _requests = [];
    private IReadOnlyList<ModelStep> _script = [];

    public FakeResponsesServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        _app = builder.Build();
        _app.Run(Answer);
        _app.Start();
    }

    /// <summary>What a client is given as the base URL of the service.</summary>
    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    /// <summary>The bodies of the requests since the last <see cref="Play"/>, in order.</summary>
    public IReadOnlyList<JsonObject> Requests => [.. _requests];

    /// <summary>Sets what the model does in the next run; after the last step it says "Done.".</summary>
    public void Play(params IReadOnlyList<ModelStep> script)
    {
        _script = script;
        _requests.Clear();
    }

    public void Dispose() => ((IDisposable)_app).Dispose();

    private async Task Answer(HttpContext http)
    {
        if (http.Request.Method != HttpMethods.Post || http.Request.Path != "/v1/responses")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var request = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!.AsObject();
        _requests.Enqueue(request);

        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(Events(request), http.RequestAborted);
    }

    // The request carries the whole conversation, so the outputs in it say how far the script has come.
    private string Events(JsonObject request)
    {
        var outputs = ToolOutputs(request);
        var step = outputs.Count < _script.Count ? _script[outputs.Count] : new ModelStep.Say("Done.");
        var turn = outputs.Count.ToString(CultureInfo.InvariantCulture);
        var response = new JsonObject { ["id"] = $"resp_{turn}", ["output"] = new JsonArray(), ["usage"] = Usage() };

        var events = new StringBuilder();
        Append(events, "response.created", "response", new JsonObject { ["id"] = $"resp_{turn}" });
        Append(events, "response.output_item.done", "item", OutputItem(step, turn, outputs, request));
        Append(events, "response.completed", "response", response);
        return events.ToString();
    }

    /// <summary>What the tools answered so far, as the model is shown it.</summary>
    public static IReadOnlyList<string> ToolOutputs(JsonObject request) =>
        [.. request.Array("input").OfType<JsonObject>()
            .Where(item => (string?)item["type"] == "function_call_output")
            .Select(item => item["output"] is JsonValue text ? text.ToString() : item["output"]!.ToJsonString())];

    private static JsonObject OutputItem(ModelStep step, string turn, IReadOnlyList<string> outputs, JsonObject request) =>
        step switch
        {
            ModelStep.Say say => new JsonObject
            {
                ["type"] = "message",
                ["id"] = $"msg_{turn}",
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = say.Text }),
            },
            ModelStep.Shell shell => FunctionCall(turn, "exec_command", new JsonObject { ["cmd"] = shell.Command }),
            ModelStep.CallTool call => FunctionCall(
                turn, call.Tool, Fill(call.Arguments, outputs)!.AsObject(), $"mcp__{call.Server}"),
            _ => throw new InvalidOperationException($"No answer for {step}."),
        };

    private static JsonObject FunctionCall(string turn, string name, JsonObject arguments, string? space = null)
    {
        var item = new JsonObject
        {
            ["type"] = "function_call",
            ["id"] = $"fc_{turn}",
            ["call_id"] = $"call_{turn}",
            ["name"] = name,
            ["arguments"] = arguments.ToJsonString(),
        };
        if (space is not null)
            item["namespace"] = space;
        return item;
    }

    private static JsonNode? Fill(JsonNode? value, IReadOnlyList<string> outputs) => value switch
    {
        JsonObject json => new JsonObject(json.Select(pair => KeyValuePair.Create(pair.Key, Fill(pair.Value, outputs)))),
        JsonArray list => new JsonArray([.. list.Select(item => Fill(item, outputs))]),
        JsonValue text when text.TryGetValue(out string? path) && path.StartsWith("$LAST.", StringComparison.Ordinal) =>
            Select(LastJson(outputs), path["$LAST.".Length..]),
        _ => value?.DeepClone(),
    };

    private static JsonNode? Select(JsonNode? json, string path)
    {
        foreach (var name in path.Split('.'))
            json = json is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)] : json?[name];
        return json?.DeepClone();
    }

    // Codex sets lines of its own before what the tool returned.
    private static JsonNode? LastJson(IReadOnlyList<string> outputs)
    {
        var output = outputs[^1];
        return JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
    }

    private static JsonObject Usage() => new()
    {
        ["input_tokens"] = 1,
        ["output_tokens"] = 1,
        ["total_tokens"] = 2,
    };

    private static void Append(StringBuilder events, string type, string name, JsonObject value) =>
        events.Append(CultureInfo.InvariantCulture, $"event: {type}\n")
            .Append(CultureInfo.InvariantCulture, $"data: {new JsonObject { ["type"] = type, [name] = value }.ToJsonString()}\n\n");
}
