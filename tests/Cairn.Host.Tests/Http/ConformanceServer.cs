#pragma warning disable MCP9005 // the suite asks for what a later version of the protocol deprecates
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Tests.Http;

/// <summary>The tools, resources and prompts that the conformance suite asks for, as it words them (@modelcontextprotocol/conformance, the descriptions of its scenarios).</summary>
internal static class ConformanceServer
{
    private const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private const string Sound = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    private static readonly string[] Tools =
    [
        "test_simple_text", "test_image_content", "test_audio_content", "test_embedded_resource", "test_multiple_content_types", "test_tool_with_logging", "test_error_handling",
        "test_tool_with_progress", "test_sampling", "test_elicitation", "test_elicitation_sep1034_defaults", "test_elicitation_sep1330_enums",
    ];

    public static McpServerOptions Options() => new()
    {
        ServerInfo = new Implementation { Name = "conformance", Version = "1" },
        Capabilities = new ServerCapabilities
        {
            Tools = new ToolsCapability(),
            Resources = new ResourcesCapability { Subscribe = true },
            Prompts = new PromptsCapability(),
            Completions = new CompletionsCapability(),
            Logging = new LoggingCapability(),
        },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. Tools.Select(static name => new Tool { Name = name, Description = name, InputSchema = JsonElement.Parse("""{"type":"object"}""") })] }),
            CallToolHandler = async (request, cancellation) => await CallAsync(request, cancellation),
            ListResourcesHandler = (_, _) => As<ListResourcesResult>("""{"resources":[{"uri":"test://static-text","name":"text","description":"A text","mimeType":"text/plain"},{"uri":"test://static-binary","name":"binary","description":"A picture","mimeType":"image/png"}]}"""),
            ListResourceTemplatesHandler = (_, _) => As<ListResourceTemplatesResult>("""{"resourceTemplates":[{"uriTemplate":"test://template/{id}/data","name":"template","description":"By id","mimeType":"application/json"}]}"""),
            ReadResourceHandler = (request, _) => As<ReadResourceResult>(Resource(request.Params!.Uri)),
            SubscribeToResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
            UnsubscribeFromResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
            ListPromptsHandler = (_, _) => As<ListPromptsResult>("""
                {"prompts":[{"name":"test_simple_prompt","description":"Simple"},
                {"name":"test_prompt_with_arguments","description":"With arguments","arguments":[{"name":"arg1","required":true},{"name":"arg2","required":true}]},
                {"name":"test_prompt_with_embedded_resource","description":"With a resource","arguments":[{"name":"resourceUri","required":true}]},
                {"name":"test_prompt_with_image","description":"With a picture"}]}
                """),
            GetPromptHandler = (request, _) => As<GetPromptResult>(Prompt(request.Params!)),
            CompleteHandler = (_, _) => As<CompleteResult>("""{"completion":{"values":["paris","park","party"],"total":3,"hasMore":false}}"""),
            SetLoggingLevelHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
        },
    };

    private static async Task<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellation)
    {
        var server = request.Server;
        string Argument(string name) => request.Params!.Arguments![name].GetString()!;
        async Task<CallToolResult> Elicit(string message, string schema, string words)
        {
            var answer = await server.ElicitAsync(Of<ElicitRequestParams>($$"""{"message":{{JsonValue.Create(message).ToJsonString()}},"requestedSchema":{"type":"object","properties":{{schema}} } }"""), cancellation);
            return Text($"{words} action={answer.Action}, content={JsonSerializer.Serialize(answer.Content)}");
        }
        switch (request.Params!.Name)
        {
            case "test_simple_text":
                return Text("This is a simple text response for testing.");
            case "test_image_content":
                return Content($$"""{"type":"image","data":"{{Picture}}","mimeType":"image/png"}""");
            case "test_audio_content":
                return Content($$"""{"type":"audio","data":"{{Sound}}","mimeType":"audio/wav"}""");
            case "test_embedded_resource":
                return Content("""{"type":"resource","resource":{"uri":"test://embedded-resource","mimeType":"text/plain","text":"This is an embedded resource content."}}""");
            case "test_multiple_content_types":
                return Content($$"""
                    {"type":"text","text":"Multiple content types test:"},{"type":"image","data":"{{Picture}}","mimeType":"image/png"},
                    {"type":"resource","resource":{"uri":"test://mixed-content-resource","mimeType":"application/json","text":"{\"test\":\"data\",\"value\":123}"} }
                    """);
            case "test_tool_with_logging":
                foreach (var line in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
                    await server.SendMessageAsync(new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = line } }, cancellation);
                return Text("Logged.");
            case "test_tool_with_progress":
                foreach (var done in new[] { 0, 50, 100 })
                    if (request.Params.ProgressToken is { } token) await server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = done, Total = 100 }, cancellationToken: cancellation);
                return Text("Done.");
            case "test_sampling":
                var said = await server.SampleAsync(Of<CreateMessageRequestParams>($$"""{"messages":[{"role":"user","content":{"type":"text","text":{{JsonValue.Create(Argument("prompt")).ToJsonString()}} } }],"maxTokens":100}"""), cancellation);
                return Text($"LLM response: {said.Content.OfType<TextContentBlock>().First().Text}");
            case "test_elicitation":
                return await Elicit(Argument("message"), """{"username":{"type":"string","description":"User's response"},"email":{"type":"string","description":"User's email address"}}""", "User response:");
            case "test_elicitation_sep1034_defaults":
                return await Elicit("Defaults", """
                    {"name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},
                    "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},"verified":{"type":"boolean","default":true}}
                    """, "Elicitation completed:");
            case "test_elicitation_sep1330_enums":
                return await Elicit("Choices", """
                    {"untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
                    "titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},
                    "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},
                    "untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},
                    "titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},{"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}}
                    """, "Elicitation completed:");
            default:
                return Of<CallToolResult>("""{"isError":true,"content":[{"type":"text","text":"This tool intentionally returns an error for testing"}]}""");
        }
    }

    private static string Resource(string uri) => uri switch
    {
        "test://static-text" => """{"contents":[{"uri":"test://static-text","mimeType":"text/plain","text":"This is the content of the static text resource."}]}""",
        "test://static-binary" => $$"""{"contents":[{"uri":"test://static-binary","mimeType":"image/png","blob":"{{Picture}}"}]}""",
        _ when uri.Split('/') is [.., "template", var id, "data"] => $$"""{"contents":[{"uri":"{{uri}}","mimeType":"application/json","text":"{\"id\":\"{{id}}\",\"templateTest\":true,\"data\":\"Data for ID: {{id}}\"}"}]}""",
        _ => throw new McpProtocolException($"No resource {uri}.", McpErrorCode.ResourceNotFound),
    };

    private static string Prompt(GetPromptRequestParams prompt)
    {
        string Argument(string name) => prompt.Arguments![name].GetString()!;
        return prompt.Name switch
        {
            "test_simple_prompt" => Messages("""{"type":"text","text":"This is a simple prompt for testing."}"""),
            "test_prompt_with_arguments" => Messages($$"""{"type":"text","text":"Prompt with arguments: arg1='{{Argument("arg1")}}', arg2='{{Argument("arg2")}}'"}"""),
            "test_prompt_with_embedded_resource" => Messages(
                $$"""{"type":"resource","resource":{"uri":"{{Argument("resourceUri")}}","mimeType":"text/plain","text":"Embedded resource content for testing."} }""",
                """{"type":"text","text":"Please process the embedded resource above."}"""),
            _ => Messages($$"""{"type":"image","data":"{{Picture}}","mimeType":"image/png"}""", """{"type":"text","text":"Please analyze the image above."}"""),
        };
    }

    private static string Messages(params IEnumerable<string> contents) => $$"""{"messages":[{{string.Join(',', contents.Select(static content => $$"""{"role":"user","content":{{content}}}"""))}}]}""";

    private static CallToolResult Text(string text) => Content($$"""{"type":"text","text":{{JsonValue.Create(text).ToJsonString()}}}""");

    private static CallToolResult Content(string content) => Of<CallToolResult>($$"""{"content":[{{content}}]}""");

    private static ValueTask<T> As<T>(string json) => ValueTask.FromResult(Of<T>(json));

    private static T Of<T>(string json) => JsonSerializer.Deserialize<T>(json, McpJsonUtilities.DefaultOptions)!;
}
