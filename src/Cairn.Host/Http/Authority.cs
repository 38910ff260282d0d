using System.Globalization;

namespace Cairn.Host.Http;

/// <summary>The name and port of a Host header (RFC 9110, 7.2).</summary>
internal static class Authority
{
    /// <summary>Takes the port off, and the brackets of an IPv6 address. False for anything that is not NAME, NAME:PORT, [ADDRESS] or [ADDRESS]:PORT.</summary>
    public static bool TryParse(string text, out string name)
    {
        name = "";
        var end = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':') is >= 0 and var colon ? colon : text.Length;
        if (end == 0) return false;
        var rest = text.AsSpan(end);
        if (rest.Length > 0 && (rest[0] != ':' || !ushort.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _))) return false;
        var bracketed = text[0] == '[';
        name = bracketed ? text[1..(end - 1)] : text[..end];
        return name.Length > 0 && name.Contains(':') == bracketed;
    }
}
