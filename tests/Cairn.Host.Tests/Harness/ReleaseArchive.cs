using System.Formats.Tar;
using System.IO.Compression;

namespace Cairn.Host.Tests.Harness;

/// <summary>The archive of the release for this machine, as eng/archive made it.</summary>
internal static class ReleaseArchive
{
    /// <summary>CAIRN_ARCHIVE, which eng/test sets.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("CAIRN_ARCHIVE") is { Length: > 0 } path && File.Exists(path)
        ? path
        : throw new FileNotFoundException("There is no archive to test here: eng/test makes one and names it in CAIRN_ARCHIVE.");

    /// <summary>What is in it, in its order.</summary>
    public static IReadOnlyList<TarEntry> Entries()
    {
        using var reader = Open();
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry) entries.Add(entry);
        return entries;
    }

    /// <summary>Unpacks it into a folder, and returns the path of its executable.</summary>
    public static string UnpackTo(string folder)
    {
        Directory.CreateDirectory(folder);
        using var stream = Decompressed();
        TarFile.ExtractToDirectory(stream, folder, overwriteFiles: false);
        return System.IO.Path.Combine(Directory.GetDirectories(folder).Single(), "cairn");
    }

    private static TarReader Open() => new(Decompressed());

    private static GZipStream Decompressed() => new(File.OpenRead(Path), CompressionMode.Decompress);
}
