using System.Globalization;
using System.IO.Compression;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Operations;

/// <summary>
/// The files of the event log: DAY.jsonl, and DAY.N.jsonl once one is full. The day (UTC) in the name is what rotates them:
/// any number of processes turn to the next file without a rename. What is not named like this is never touched.
/// </summary>
internal sealed class LogFiles(string path)
{
    /// <summary>How many days are kept.</summary>
    public const int KeptDays = 14;

    /// <summary>The length at which a file is full, in bytes.</summary>
    public const long FullBytes = 16L * 1024 * 1024;

    /// <summary>The length of all files together beyond which the oldest go, in bytes.</summary>
    public const long MaxBytes = 128L * 1024 * 1024;

    private const string Day = "yyyy-MM-dd";
    private const string Suffix = ".jsonl";
    private const string Packed = ".gz";
    private const string Partial = ".partial";

    /// <summary>Absolute path of the folder.</summary>
    public string Path => path;

    /// <summary>Where archived days are.</summary>
    public string ArchivePath => System.IO.Path.Combine(path, "archive");

    /// <summary>The path of a day's file; number 0 is the first.</summary>
    public string Name(DateTimeOffset day, int number) => System.IO.Path.Combine(path, number == 0
        ? day.UtcDateTime.ToString(Day, CultureInfo.InvariantCulture) + Suffix
        : string.Create(CultureInfo.InvariantCulture, $"{day.UtcDateTime:yyyy-MM-dd}.{number}{Suffix}"));

    /// <summary>The files, oldest first.</summary>
    public IReadOnlyList<(string Path, DateTimeOffset Day)> All()
    {
        if (!Directory.Exists(path)) return [];
        var found = new List<(string Path, DateTimeOffset Day, int Number)>();
        foreach (var file in Directory.EnumerateFiles(path, "*" + Suffix))
            if (Parse(System.IO.Path.GetFileName(file)) is { } name) found.Add((file, name.Day, name.Number));
        return [.. found.OrderBy(static file => file.Day).ThenBy(static file => file.Number).Select(static file => (file.Path, file.Day))];
    }

    /// <summary>Makes the folder, and removes days that are too old and what is too much, oldest first; never the newest file.</summary>
    public void Prepare(DateTimeOffset now)
    {
        DatabaseFile.CreateDirectory(path);
        var oldest = Midnight(now).AddDays(-KeptDays);
        var lengths = All().Select(static file => (file.Path, file.Day, new FileInfo(file.Path) is { Exists: true } info ? info.Length : 0)).ToList();
        var total = lengths.Sum(static file => file.Item3);
        foreach (var (file, day, length) in lengths.SkipLast(1))
        {
            if (day >= oldest && total <= MaxBytes) continue;
            File.Delete(file);
            total -= length;
        }
    }

    /// <summary>
    /// Packs each day before this one into archive/DAY.jsonl.gz and then removes its files. A day that was archived before
    /// gets a number. One that cannot be packed stays as it is. One process at a time: two would remove each other's halves.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read or written, or another process archives for longer than five seconds.</exception>
    public IReadOnlyList<string> Archive(DateTimeOffset before) =>
        Past(before).Any() ? SmallFile.Locked(System.IO.Path.Combine(ArchivePath, ".lock"), () => ArchiveAlone(before)) : [];

    private IEnumerable<IGrouping<DateTimeOffset, (string Path, DateTimeOffset Day)>> Past(DateTimeOffset before) => All().Where(file => file.Day < before).GroupBy(static file => file.Day);

    private List<string> ArchiveAlone(DateTimeOffset before)
    {
        foreach (var half in Directory.GetFiles(ArchivePath, $"*{Suffix}{Packed}{Partial}")) File.Delete(half); // what a killed run left
        var made = new List<string>();
        foreach (var day in Past(before))
        {
            var target = Free(day.Key);
            using (var output = DatabaseFile.CreateNew(target + Partial, FileShare.None))
            {
                using (var packed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
                    foreach (var (file, _) in day)
                    {
                        using var input = OpenToRead(file);
                        input.CopyTo(packed);
                    }
                output.Flush(flushToDisk: true);
            }
            File.Move(target + Partial, target);
            DurableFile.FlushDirectory(ArchivePath);
            foreach (var (file, _) in day) File.Delete(file);
            made.Add(target);
        }
        return made;
    }

    /// <summary>Opens a file that others append to meanwhile.</summary>
    public static FileStream OpenToRead(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);

    /// <summary>The start of a time's day, UTC.</summary>
    public static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private string Free(DateTimeOffset day)
    {
        for (var number = 0; ; number++)
        {
            var name = System.IO.Path.Combine(ArchivePath, System.IO.Path.GetFileName(Name(day, number)) + Packed);
            if (!File.Exists(name)) return name;
        }
    }

    private static (DateTimeOffset Day, int Number)? Parse(string name)
    {
        var parts = name[..^Suffix.Length].Split('.');
        if (!DateTimeOffset.TryParseExact(parts[0], Day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)) return null;
        if (parts.Length == 1) return (day, 0);
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? (day, number) : null;
    }
}
