using System.Text;
using System.Text.Json;
using Cairn.Engine;
using Cairn.Host.Setup;

namespace Cairn.Host;

/// <summary>Changes one setting in the user's configuration file, and leaves every other byte of it, comments included, as it is.</summary>
internal static class SettingsFile
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Sets a setting that is true or false; makes the file when there is none.</summary>
    /// <exception cref="EngineException">The file cannot be written, or somebody else writes it.</exception>
    public static void Set(string path, string name, bool value)
    {
        try
        {
            var file = new ConfigFile(path);
            var before = file.Read();
            var after = With(before ?? "{}\n"u8.ToArray(), name, value);
            if (before.AsSpan().SequenceEqual(after)) return;
            if (!file.TryReplace(before, after)) throw EngineException.Invalid(path, "was changed by another program just now: try again");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid(path, "cannot be written: mend its permissions, or set the environment variable");
        }
    }

    /// <summary>The file's text with the setting. Pure.</summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="name">The setting's name.</param>
    /// <param name="value">Its value.</param>
    internal static byte[] With(byte[] json, string name, bool value)
    {
        var written = value ? "true"u8 : "false"u8;
        var reader = new Utf8JsonReader(json, Lenient);
        var (open, empty) = (0, true);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 0) open = (int)reader.BytesConsumed;
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
            empty = false;
            if (!reader.ValueTextEquals(name)) continue;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return [.. json[..start], .. written, .. json[(int)reader.BytesConsumed..]];
        }
        var property = Encoding.UTF8.GetBytes($"\n  \"{name}\": {(value ? "true" : "false")}{(empty ? "\n" : ",")}");
        return [.. json[..open], .. property, .. json[open..]];
    }
}
