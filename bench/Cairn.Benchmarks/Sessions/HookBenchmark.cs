using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cairn.Benchmarks.Sessions;

/// <summary>
/// The wall time of cairn hook at each event, from before its process is started until it has ended, beside the start of the
/// same program that does nothing; on a memory of many entries of one project, with a session's record of some megabytes.
/// </summary>
internal sealed class HookBenchmark(string binary, int entries, int calls, TextWriter progress) : IDisposable
{
    private const int RecordBytes = 5_000_000, Bar = 60, WarmUp = 3;
    private const string Project = "shop";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cairn-hooks-");
    private readonly Corpus _corpus = new(1);
    private int _left;

    private string Home => Path.Combine(_directory.FullName, ".codex");

    private string Folder => Path.Combine(_directory.FullName, Project);

    /// <summary>Measures and writes the table; false when an event is over the bar, or a process was left.</summary>
    public bool Run(TextWriter output)
    {
        Directory.CreateDirectory(Folder);
        Start("git", ["init", "-q", Folder], "");
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"importing {entries} entries …"));
        Fill();
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 1; i <= 200; i++) Write(new MadeRollout(_corpus, i, Folder, now.AddDays(-1).AddMinutes(i)), 50_000);
        var made = new MadeRollout(_corpus, 0, Folder, now.AddHours(-1));
        Write(made, RecordBytes);
        Cairn(["ingest", "--sessions", "codex"]);

        var record = Path.Combine(Home, made.Path);
        var rows = new (string Name, string Event, Func<int, JsonObject> Input, Action<int>? Before)[]
        {
            ("SessionStart, startup", "SessionStart", _ => new JsonObject { ["source"] = "startup" }, null),
            ("SessionStart, compact", "SessionStart", _ => new JsonObject { ["source"] = "compact" }, null),
            ("UserPromptSubmit, 8 words", "UserPromptSubmit", i => new JsonObject { ["prompt"] = Prompt(i, 8) }, null),
            ("UserPromptSubmit, 60 words", "UserPromptSubmit", i => new JsonObject { ["prompt"] = Prompt(i, 60) }, null),
            ("UserPromptSubmit, 16 frequent words", "UserPromptSubmit", _ => new JsonObject { ["prompt"] = string.Join(' ', _corpus.Frequent(16)) }, null),
            ("PostToolUse", "PostToolUse", _ => new JsonObject { ["tool_name"] = "Bash", ["tool_response"] = _corpus[7].Body }, null),
            ("Stop, nothing new", "Stop", _ => [], null),
            ("Stop, one turn new", "Stop", _ => [], _ => File.AppendAllLines(record, made.Turn())),
            ("SessionEnd, one turn new", "SessionEnd", _ => new JsonObject { ["reason"] = "other" }, _ => File.AppendAllLines(record, made.Turn())),
            ("notify", "notify", _ => [], null),
        }.Select(row =>
        {
            progress.WriteLine($"{row.Name} …");
            var (cairn, floor) = (new Samples(), new Samples());
            for (var i = -WarmUp; i < calls; i++)
            {
                row.Before?.Invoke(i);
                var input = row.Input(i + WarmUp);
                foreach (var (name, value) in new[] { ("session_id", made.Id), ("transcript_path", record), ("cwd", Folder), ("hook_event_name", row.Event), ("model", "made") }) input[name] = value;
                var (bare, taken) = (Cairn(["version"]), Cairn(["hook", "codex", row.Event], input.ToJsonString()));
                if (i < 0) continue;
                floor.Add(bare);
                cairn.Add(taken);
            }
            return (row.Name, Cairn: cairn, Floor: floor);
        }).ToList();

        var tooSlow = rows.Count(static row => row.Cairn.Percentile(0.5) > Bar);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cairn hook codex, {entries} entries of one project, 200 sessions on record, a session's file of {RecordBytes / 1e6:0} MB; {calls} processes a row, each beside one of `cairn version`; bar {Bar} ms at p50"));
        Table.Write(output, ["event", "p50 ms", "p95 ms", "start alone p50", "over the bar"],
            rows.Select(static row => (string[])[row.Name, Figure(row.Cairn, 0.5), Figure(row.Cairn, 0.95), Figure(row.Floor, 0.5), row.Cairn.Percentile(0.5) > Bar ? "yes" : ""]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"processes that went on after their hook had ended: {_left}"));
        return tooSlow == 0 && _left == 0;
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private void Fill()
    {
        var file = Path.Combine(_directory.FullName, "entries.jsonl");
        var now = TimeProvider.System.GetUtcNow();
        string Day(int ago) => now.AddDays(-ago).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        using (var lines = new StreamWriter(file))
        {
            lines.WriteLine(new JsonObject { ["format"] = "cairn", ["version"] = 1, ["exported_at"] = Day(0) }.ToJsonString());
            lines.WriteLine(new JsonObject
            {
                ["kind"] = "project", ["name"] = Project, ["created_at"] = Day(400),
                ["aliases"] = new JsonArray(new JsonObject { ["kind"] = "root", ["value"] = Folder, ["added_at"] = Day(400) }),
            }.ToJsonString());
            for (var i = 0; i < entries; i++)
            {
                var (note, day) = (_corpus[i], Day(1 + i % 365));
                lines.WriteLine(new JsonObject
                {
                    ["kind"] = "entry", ["id"] = string.Create(CultureInfo.InvariantCulture, $"0000000000{i:d6}"), ["project"] = Project,
                    ["entry_type"] = (i % 10) switch { 0 => "decision", 1 => "constraint", 2 => "question", _ => "note" },
                    ["title"] = note.Title, ["origin"] = "agent", ["state"] = "active", ["created_at"] = day, ["recorded_at"] = day, ["changed_at"] = day, ["body"] = note.Body,
                }.ToJsonString());
            }
        }
        Cairn(["import", "jsonl", file]);
        File.Delete(file);
    }

    private void Write(MadeRollout made, int bytes)
    {
        var path = Path.Combine(Home, made.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new StreamWriter(path);
        foreach (var line in made.Begin()) file.WriteLine(line);
        while (file.BaseStream.Length < bytes)
        {
            foreach (var line in made.Turn()) file.WriteLine(line);
            file.Flush();
        }
    }

    // Words as they come in the notes: the frequent ones most often.
    private string Prompt(int number, int words) => string.Join(' ', string.Join(' ', Enumerable.Range(0, 3).Select(part => _corpus[number * 31 + part].Body)).Split(' ').Take(words)) + "?";

    private double Cairn(IEnumerable<string> arguments, string input = "") => Start(binary, arguments, input);

    private double Start(string program, IEnumerable<string> arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Folder };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MEMORY_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_DATA_HOME"] = _directory.FullName;
        start.Environment["CODEX_HOME"] = Home;
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        var taken = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        // Whoever is left holds the pipes open, and their ends do not come.
        var ends = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!ends.Wait(TimeSpan.FromSeconds(2))) _left++;
        else if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {ends.Result[1]}");
        return taken;
    }

    private static string Figure(Samples samples, double share) => samples.Percentile(share).ToString("0.0", CultureInfo.InvariantCulture);
}
