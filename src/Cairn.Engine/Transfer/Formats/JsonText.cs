using System.Globalization;
using System.Text;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// Text as a JSON string that is also a string of YAML 1.2 (RFC 8259 section 7, YAML 1.2.2 sections 5.1 and 7.3.1): only what
/// one of the two forbids is escaped. Every other character stands for itself; .NET's writer would spell an emoji as two
/// escapes, which YAML takes for two characters.
/// </summary>
internal static class JsonText
{
    /// <summary>The text in quotation marks.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 16).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                _ when MustEscape(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    private static bool MustEscape(char c) => c is < ' ' or (>= '\u007F' and <= '\u009F') or '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE';
}
