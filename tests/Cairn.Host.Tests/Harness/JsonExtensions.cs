using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>Reads JSON that a test expects: what is not there fails with the JSON in the message.</summary>
internal static class JsonExtensions
{
    public static JsonObject Object(this JsonObject json, string name) => json.Expect<JsonObject>(name);

    public static JsonArray Array(this JsonObject json, string name) => json.Expect<JsonArray>(name);

    public static string String(this JsonObject json, string name) => json.Expect<JsonValue>(name).GetValue<string>();

    private static T Expect<T>(this JsonObject json, string name) where T : JsonNode =>
        json[name] as T ?? throw new Xunit.Sdk.XunitException($"No {name} in {json.ToJsonString()}");
}
