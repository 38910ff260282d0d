using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Cairn.Engine.Projects;

/// <summary>
/// One text for the same remote repository, however its address is written: `host/path` or `host:port/path` in lower
/// case, or `file:/path`. Pure: it looks nothing up. What stands before an @ can be a secret and never gets through.
/// </summary>
internal static class OriginUrl
{
    private const int MaxLength = 4096;
    private const string FilePrefix = "file:";
    private const string Suffix = ".git";

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>
    /// The address in its one form, or null when it is none: empty, too long, control characters, a command for a
    /// transport helper, no host or no path. A normalised address stays as it is. So `a/b` without a scheme is read as
    /// host and path, not as a folder, and `host:8443/b` without a user as a port. Percent signs are left alone.
    /// </summary>
    /// <param name="url">What git has as the remote's address.</param>
    /// <param name="repositoryRoot">The whole path that a relative folder starts from; without it such an address is none.</param>
    public static string? Normalise(string url, string? repositoryRoot)
    {
        var text = url.Trim();
        if (text.Length is 0 or > MaxLength || text[0] == '-' || !IsClean(text) || IsTransportHelper(text)) return null;
        if (text.StartsWith(FilePrefix, StringComparison.OrdinalIgnoreCase) && IsAbsoluteFolder(text[FilePrefix.Length..]))
            return Folder(WithoutEmptyHost(text[FilePrefix.Length..]), null);
        if (IsAbsoluteFolder(text) || IsRelativeFolder(text)) return Folder(text, repositoryRoot);

        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd > 0 && text.AsSpan(0, schemeEnd).IndexOfAnyExcept(SchemeCharacters) < 0)
            return WithScheme(text[..schemeEnd].ToLowerInvariant(), WithoutUser(text[(schemeEnd + 3)..], out _));
        return text.AsSpan().ContainsAny(':', '/', '@') ? WithoutScheme(WithoutUser(text, out var hadUser), hadUser) : Folder(text, repositoryRoot);
    }

    /// <summary>A project's name for a normalised address: its last part, in one line of 1 to 200 characters.</summary>
    public static string SuggestedName(string normalisedOrigin)
    {
        var last = normalisedOrigin.TrimEnd('/').Split('/')[^1];
        var name = new StringBuilder();
        foreach (var rune in last.EnumerateRunes())
            if (!Rune.IsControl(rune) && name.Length + rune.Utf16SequenceLength <= ProjectName.MaxLength)
                name.Append(rune.ToString());
        var line = string.Join(' ', name.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line is "" or "*" ? "repository" : line;
    }

    // Control characters, and halves of surrogate pairs, which no database can hold.
    private static bool IsClean(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
                return false;
        return true;
    }

    // "ext::sh -c ...": what follows is for a program, and may be a program.
    private static bool IsTransportHelper(string text)
    {
        var end = text.IndexOf("::", StringComparison.Ordinal);
        return end > 0 && text.AsSpan(0, end).IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    private static string? WithScheme(string scheme, string address)
    {
        if (!TrySplitHost(address, out var host, out var rest)) return null;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return null;
        if (slash == 0) return Join(host, null, rest);
        if (slash == 1) return Join(host, null, rest[1..]);
        return TryPort(rest[1..slash], out var port) ? Join(host, port == DefaultPort(scheme) ? null : port, rest[slash..]) : null;
    }

    // The form of scp, user@host:path, or one that this class wrote.
    private static string? WithoutScheme(string address, bool hadUser)
    {
        if (!TrySplitHost(address, out var host, out var rest) || rest.Length == 0) return null;
        if (rest[0] == '/') return Join(host, null, rest);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return !hadUser && slash > 0 && TryPort(rest[1..slash], out var port) ? Join(host, port, rest[slash..]) : Join(host, null, rest[1..]);
    }

    // Up to the last @, so that a password with an @ or a slash of its own goes whole. Only an @ that begins a part of
    // the path (host/@group/name) is no end of a user.
    private static string WithoutUser(string address, out bool hadUser)
    {
        for (var i = address.Length - 1; i >= 0; i--)
        {
            if (address[i] != '@' || (i > 0 && address[i - 1] == '/')) continue;
            hadUser = true;
            return address[(i + 1)..];
        }
        hadUser = false;
        return address;
    }

    // Host and what follows it: nothing, or a text that begins with ':' or '/'.
    private static bool TrySplitHost(string address, [NotNullWhen(true)] out string? host, [NotNullWhen(true)] out string? rest)
    {
        host = rest = null;
        var query = address.AsSpan().IndexOfAny('?', '#');
        if (query >= 0) address = address[..query];
        var isBracketed = address.StartsWith('[');
        var end = isBracketed ? address.IndexOf(']', StringComparison.Ordinal) + 1 : address.AsSpan().IndexOfAny(':', '/');
        if (end < 0) end = address.Length;
        if (end < address.Length && address[end] is not (':' or '/')) return false;

        var name = address[..end].ToLowerInvariant();
        if (!isBracketed) name = name.TrimEnd('.');
        if (isBracketed ? !IsAddress(name) : !IsHostName(name)) return false;
        (host, rest) = (name, address[end..]);
        return true;
    }

    private static bool IsHostName(string name) =>
        name.Length > 0 && name[0] is not ('-' or '.') && name.EnumerateRunes().All(rune => Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '.' or '_');

    private static bool IsAddress(string name) =>
        name.Length > 2 && name[1..^1].All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;

    private static int? DefaultPort(string scheme) => scheme switch
    {
        "ssh" or "git+ssh" or "ssh+git" => 22,
        "https" => 443,
        "http" => 80,
        "git" => 9418,
        "ftp" => 21,
        "ftps" => 990,
        _ => null,
    };

    private static string? Join(string host, int? port, string path)
    {
        var parts = Parts(path.ToLowerInvariant());
        if (parts.Count == 0) return null;
        var tail = string.Join('/', parts);
        return port is null ? $"{host}/{tail}" : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}/{tail}");
    }

    // file:///path names no host; what file://server/share names is a folder of another computer.
    private static string WithoutEmptyHost(string path) => path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;

    private static bool IsAbsoluteFolder(string text) => text.StartsWith('/') || text.StartsWith('\\') || IsDrive(text);

    private static bool IsRelativeFolder(string text) =>
        text is "." or ".." || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith(".\\", StringComparison.Ordinal)
        || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith("..\\", StringComparison.Ordinal);

    private static bool IsDrive(string text) =>
        text.Length >= 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && (text.Length == 2 || text[2] is '/' or '\\');

    // On every system alike: a drive, a folder of another computer (//server/share), or a path from the root.
    private static string? Folder(string path, string? root)
    {
        path = path.Replace('\\', '/');
        if (!IsAbsoluteFolder(path)) return root is not null && IsAbsoluteFolder(root) ? Folder($"{root}/{path}", null) : null;

        var parts = Parts(path);
        var isRemote = path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal);
        if (isRemote && parts.Count > 0 && (parts[0] == "?" || parts[0].Equals("localhost", StringComparison.OrdinalIgnoreCase)))
        {
            parts.RemoveAt(0);
            isRemote = false;
        }
        if (parts.Count == 0) return null;
        if (!IsDrive(parts[0])) return FilePrefix + (isRemote ? "//" : "/") + string.Join('/', parts);
        return parts.Count == 1 ? null : FilePrefix + char.ToUpperInvariant(parts[0][0]) + string.Join('/', parts)[1..];
    }

    // No empty part, no dots, no ".git" at the end however often it stands there.
    private static List<string> Parts(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/')) Add(parts, part);
        while (parts.Count > 0)
        {
            var last = parts[^1];
            var bare = last.TrimEnd();
            if (bare.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)) bare = bare[..^Suffix.Length];
            if (bare == last) break;
            parts.RemoveAt(parts.Count - 1);
            Add(parts, bare);
        }
        return parts;
    }

    private static void Add(List<string> parts, string part)
    {
        if (part is "" or ".") return;
        if (part is not "..") parts.Add(part);
        else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
    }
}
