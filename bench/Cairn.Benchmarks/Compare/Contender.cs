using System.Diagnostics;
using System.Text.Json;
using Cairn.Benchmarks.Evaluation;

namespace Cairn.Benchmarks.Compare;

/// <summary>
/// A memory with a folder, a server and its figures. What fails fails for it alone: the reason is kept, and it is not asked
/// any more.
/// </summary>
internal sealed class Contender(Memory memory, string binary, string packages, string folder) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, Document> _documents = []; // by what a search names them by
    private McpProcess? _server;

    public Memory Memory { get; } = memory;

    /// <summary>Why it takes no further part; null while it does.</summary>
    public string? Failure { get; private set; }

    public Samples Starts { get; } = new();
    public Samples IdleMemory { get; } = new();
    public Samples Saves { get; } = new();
    public Samples Searches { get; } = new();
    public List<RankingMetrics> Quality { get; } = [];
    public int Tools { get; private set; }
    public string ToolList { get; private set; } = "";
    public int NotSaved { get; private set; }

    /// <summary>What it said to the first entry that it did not take.</summary>
    public string? FirstRefusal { get; private set; }
    public int Saved { get; private set; }
    public double? MemoryAfter { get; private set; }
    public double? BytesAnEntry { get; private set; }

    /// <summary>Makes its folder, and installs what it is of.</summary>
    public void Prepare() => Guard(() =>
    {
        Directory.CreateDirectory(folder);
        if (Memory.Package?.Install(packages) is { } problem) throw new InvalidOperationException($"not installed: {problem}");
        // Some look for a repository to know their project by.
        using var git = Process.Start(new ProcessStartInfo("git", ["init", "--quiet", folder]))!;
        git.WaitForExit();
    });

    /// <summary>Starts its server, and keeps what it lists.</summary>
    public void Open() => Guard(() =>
    {
        _server = Spawn();
        var tools = _server.Initialize().GetProperty("tools");
        (Tools, ToolList) = (tools.GetArrayLength(), tools.GetRawText());
    });

    /// <summary>Saves an entry; what it does not take is counted.</summary>
    public void Save(Document document) => Guard(() =>
    {
        var (result, milliseconds) = _server!.CallWhole(Memory.SaveTool, json => Memory.WriteSave(json, document));
        Saves.Add(milliseconds);
        if (Memory.Saved(result, document) is not { } key)
        {
            NotSaved++;
            FirstRefusal ??= OneLine(Memory.TextOf(result), 120);
            return;
        }
        _documents[key] = document;
        Saved++;
    });

    /// <summary>Makes of what it saved all that it makes of it in the background, before anything is asked.</summary>
    public void Finish() => Guard(() =>
    {
        if (Memory is not CairnSpoken || Memory.Settings(folder).Count > 0) return;
        using var rebuild = Process.Start(new ProcessStartInfo(binary, ["embeddings", "rebuild", "--db", Database]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        rebuild.WaitForExit();
        for (var i = 0; i < 150; i++)
        {
            var (result, _) = _server!.CallWhole(Memory.SearchTool, json => Memory.WriteSearch(json, "which database do we use"));
            if (!result.GetProperty("structuredContent").TryGetProperty("semantic", out _)) return;
            Task.Delay(Settle).Wait(); // the model is loaded off the request's path
        }
        throw new InvalidOperationException("does not find all entries by meaning, long after they were saved");
    });

    /// <summary>Asks a question; what is not measured only warms it up.</summary>
    public void Ask(Question question, bool measured) => Guard(() =>
    {
        var (result, milliseconds) = _server!.CallWhole(Memory.SearchTool, json => Memory.WriteSearch(json, question.Text));
        if (!measured) return;
        Searches.Add(milliseconds);
        string[] found = [.. Memory.Found(result).Where(_documents.ContainsKey).Select(key => _documents[key].Answer)];
        Quality.Add(RankingMetrics.Of(found, question.Answers));
    });

    /// <summary>Ends its server, after a look at what it takes.</summary>
    public void Close() => Guard(() =>
    {
        MemoryAfter = _server!.MemoryMebibytes;
        _server.Dispose();
        _server = null;
        BytesAnEntry = Saved == 0 || NotSaved > Saved ? null : (double)Files().Sum(static file => file.Length) / Saved;
    });

    /// <summary>Starts its server over what it saved, until it has listed its tools, and ends it.</summary>
    public void StartAndStop(bool measured) => Guard(() =>
    {
        using var server = Spawn();
        server.Initialize();
        var milliseconds = server.SinceSpawn;
        if (!measured) return;
        Starts.Add(milliseconds);
        Task.Delay(Settle).Wait(); // whatever it does by itself after the handshake belongs to an idle server
        IdleMemory.Add(server.MemoryMebibytes);
    });

    /// <summary>Leaves the rest out.</summary>
    public void Stop(string reason)
    {
        Failure ??= reason;
        Dispose();
    }

    public void Dispose()
    {
        _server?.Dispose();
        _server = null;
    }

    private string Database => Path.Combine(folder, "memory.db");

    // What it keeps: not the repository it was given, nor what it notes of its own doings.
    private IEnumerable<FileInfo> Files() => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file.FullName).Split(Path.DirectorySeparatorChar).Any(static part => part is ".git" or "logs"));

    private McpProcess Spawn()
    {
        var (program, arguments) = Memory.Package is { } package
            ? ("node", new[] { package.PathIn(packages) }.Concat(package.Arguments))
            : (binary, ["mcp", "--db", Database]);
        return new McpProcess(program, arguments, folder, folder, [("HOME", folder), ("USERPROFILE", folder), .. Memory.Settings(folder)]) { Patience = Patience };
    }

    private void Guard(Action work)
    {
        if (Failure is not null) return;
        try
        {
            work();
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or JsonException or KeyNotFoundException or System.ComponentModel.Win32Exception)
        {
            Stop(OneLine(error.Message, 200));
        }
    }

    private static string OneLine(string text, int most)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : $"{line[..most]}…";
    }
}
