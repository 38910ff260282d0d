using System.Text.Json;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Projects;

/// <summary>
/// What a project's own file says: .cairn.json at its root, such as {"policy": {"mode": "block"}, "capture": {"mode": "off",
/// "deny": ["clients/**"]}}. It comes with the clone and may be anybody's, so it may only tighten; what would loosen, or is
/// not known, is ignored.
/// </summary>
/// <param name="BlocksSecrets">Whether what looks like a secret must not be taken, not even redacted.</param>
/// <param name="Ignored">What of it is ignored, in a few words without anything of its text; null when nothing is.</param>
internal sealed record ProjectFile(bool BlocksSecrets, string? Ignored)
{
    /// <summary>Its name.</summary>
    public const string Name = ".cairn.json";

    private const int MaxBytes = 64 * 1024, MaxGlobs = 100, MaxGlob = 300;

    /// <summary>The most that may be captured of its sessions; null when it says nothing.</summary>
    public CaptureMode? Capture { get; init; }

    /// <summary>Globs of paths whose turns are not captured.</summary>
    public IReadOnlyList<string> CaptureDeny { get; init; } = [];

    /// <summary>None, or one that says nothing.</summary>
    public static readonly ProjectFile Empty = new(false, null);

    /// <summary>Reads the file of a root folder.</summary>
    public static ProjectFile Of(string root)
    {
        try
        {
            var content = SmallFile.Read(Path.Combine(root, Name), MaxBytes);
            return content switch
            {
                null => Empty,
                { Length: > MaxBytes } => Empty with { Ignored = "it is longer than 64 KiB" },
                _ => Read(content),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Empty with { Ignored = "it cannot be read" };
        }
    }

    private static ProjectFile Read(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var file = Empty;
            foreach (var property in document.RootElement.EnumerateObject())
                file = property.NameEquals("policy") ? ReadPolicy(property.Value, file)
                    : property.NameEquals("capture") ? ReadCapture(property.Value, file)
                    : file with { Ignored = "it holds a name that is no setting of a project" };
            return file;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Empty with { Ignored = "it is no JSON object of a project's settings" };
        }
    }

    private static ProjectFile ReadPolicy(JsonElement policy, ProjectFile file)
    {
        foreach (var property in policy.EnumerateObject())
            file = property.NameEquals("mode") && property.Value.ValueEquals("block")
                ? file with { BlocksSecrets = true }
                : file with { Ignored = "under policy it may only say \"mode\": \"block\"" };
        return file;
    }

    private static ProjectFile ReadCapture(JsonElement capture, ProjectFile file)
    {
        const string Says = "under capture it may only say \"mode\": \"off\" or \"assist\", and \"deny\": [globs]";
        foreach (var property in capture.EnumerateObject())
        {
            if (property.NameEquals("mode") && property.Value.ValueEquals("off")) file = file with { Capture = CaptureMode.Off };
            else if (property.NameEquals("mode") && property.Value.ValueEquals("assist")) file = file with { Capture = CaptureMode.Assist };
            else if (property.NameEquals("deny") && property.Value.ValueKind == JsonValueKind.Array) file = ReadDeny(property.Value, file, Says);
            else file = file with { Ignored = Says };
        }
        return file;
    }

    private static ProjectFile ReadDeny(JsonElement globs, ProjectFile file, string says)
    {
        var read = globs.EnumerateArray().Where(static glob => glob.ValueKind == JsonValueKind.String).Select(static glob => glob.GetString()!).Where(static glob => glob.Length is > 0 and <= MaxGlob).Take(MaxGlobs).ToList();
        return file with { CaptureDeny = read, Ignored = read.Count == globs.GetArrayLength() ? file.Ignored : says };
    }
}
