using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Cairn.Benchmarks.Sessions;

/// <summary>How long cairn ingest --sessions takes for a month of sessions, and again with nothing new.</summary>
internal sealed class ImportBenchmark(string binary, int sessions, TextWriter progress) : IDisposable
{
    private const int Projects = 5, Turns = 8, Days = 30, Again = 5;
    private const double FirstBar = 60, AgainBar = 2;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cairn-sessions-");

    /// <summary>Measures and writes the table; false when a bar does not hold.</summary>
    public bool Run(TextWriter output)
    {
        var corpus = new Corpus(1);
        var folders = Enumerable.Range(0, Projects).Select(number => Path.Combine(_directory.FullName, Corpus.Project(number))).ToList();
        foreach (var folder in folders) Run("git", ["init", "-q", folder]);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"writing {sessions} sessions …"));
        var (bytes, now) = (0L, TimeProvider.System.GetUtcNow());
        for (var i = 0; i < sessions; i++)
        {
            var made = new MadeRollout(corpus, i, folders[i % Projects], now.AddHours(-2) - TimeSpan.FromDays(Days) * (1 - (double)i / sessions));
            var path = Path.Combine(_directory.FullName, ".codex", made.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, made.Begin().Concat(Enumerable.Range(0, Turns).SelectMany(_ => made.Turn())));
            File.SetLastWriteTimeUtc(path, now.UtcDateTime.AddHours(-1.5) - TimeSpan.FromDays(Days) * (1 - (double)i / sessions));
            bytes += new FileInfo(path).Length;
        }
        progress.WriteLine("importing …");
        var (first, result) = Run(binary, ["ingest", "--sessions", "codex", "--json"]);
        var again = new Samples();
        for (var i = 0; i < Again; i++) again.Add(Run(binary, ["ingest", "--sessions", "codex", "--json"]).Wall);

        using var read = JsonDocument.Parse(result);
        var (files, saved) = (read.RootElement.GetProperty("files").GetInt32(), read.RootElement.GetProperty("saved").GetInt32());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files} sessions, {bytes / 1e6:0} MB, {Projects} projects; {saved} entries were saved"));
        Table.Write(output, ["cairn ingest --sessions", "s", "bar"],
        [
            ["the first time", Figure(first), Figure(FirstBar)],
            ["with nothing new, p50", Figure(again.Percentile(0.5)), Figure(AgainBar)],
        ]);
        return files == sessions && first < FirstBar && again.Percentile(0.5) < AgainBar;
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private (double Wall, string Output) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = _directory.FullName };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MEMORY_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_DATA_HOME"] = _directory.FullName;
        start.Environment["CODEX_HOME"] = Path.Combine(_directory.FullName, ".codex");
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}.");
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, output);
    }

    private static string Figure(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);
}
