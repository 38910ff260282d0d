using System.Buffers;
using System.Globalization;
using System.Text;
using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// Writes keys and values in TOML 1.0 (https://toml.io/en/v1.0.0), in printable ASCII alone, so that neither an
/// editor's encoding nor a terminal can change what they mean.
/// </summary>
internal static class TomlText
{
    private static readonly SearchValues<char> BareKey =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>A string: literal ('…') when that spares doubling the backslashes of a Windows path, else basic ("…").</summary>
    /// <exception cref="EngineException">The value holds half a surrogate pair, which TOML cannot say.</exception>
    public static string String(string value)
    {
        var plain = !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
        return plain && value.Contains('\\') && !value.Contains('\'') ? $"'{value}'" : Basic(value);
    }

    /// <summary>An array of strings on one line.</summary>
    /// <exception cref="EngineException">As for <see cref="String"/>.</exception>
    public static string Array(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(String))}]";

    /// <summary>A dotted key.</summary>
    public static string Key(IEnumerable<string> parts) =>
        string.Join('.', parts.Select(part => part.Length > 0 && !part.AsSpan().ContainsAnyExcept(BareKey) ? part : Basic(part)));

    private static string Basic(string value)
    {
        var text = new StringBuilder("\"");
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]))
            {
                if (!Rune.TryGetRuneAt(value, i, out var rune))
                    throw EngineException.Invalid("config.toml", "half a surrogate pair cannot be written as TOML: use a path of valid Unicode");
                text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
                i++;
                continue;
            }
            text.Append(value[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\t' => "\\t",
                '\n' => "\\n",
                '\r' => "\\r",
                >= ' ' and <= '~' => value[i].ToString(),
                _ => $"\\u{(int)value[i]:X4}",
            });
        }
        return text.Append('"').ToString();
    }
}
