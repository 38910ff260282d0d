using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// The real program with a database of its own. Entries go in by save_memory over the wire, or, where they have times of
/// their own, which that tool does not take, by cairn import.
/// </summary>
internal sealed class CairnMemory(string binary) : IDisposable
{
    private const int UsageError = 2;
    private const int MostPatience = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cairn-eval-");
    private readonly Dictionary<string, Document> _documents = []; // by id

    /// <summary>Entries that the program's policy did not take, or took for one that was there.</summary>
    public int NotSaved { get; private set; }

    /// <summary>A path for another file, which goes when this goes.</summary>
    public string Beside(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>A server over the database, its settings from the mode.</summary>
    public McpProcess Serve(RankingMode mode)
    {
        var server = new McpProcess(binary, ["mcp", "--db", DatabasePath], _directory.FullName, [.. mode.Settings]);
        server.Initialize();
        return server;
    }

    /// <summary>Saves entries, in their order.</summary>
    public void Add(McpProcess server, IReadOnlyList<Document> documents)
    {
        if (documents.Any(static document => document.At is not null)) Import(documents);
        else Save(server, documents);
    }

    /// <summary>The documents found, best first, and the milliseconds over the wire.</summary>
    public (IReadOnlyList<Document> Found, double Milliseconds) Search(McpProcess server, Question question, int limit)
    {
        var (result, milliseconds) = Ask(server, question, limit);
        return ([.. result.GetProperty("items").EnumerateArray().Select(item => _documents[item.GetProperty("id").GetString()!])], milliseconds);
    }

    /// <summary>Why the program cannot find by meaning; null when it can.</summary>
    public string? WithoutEmbeddings()
    {
        var (exitCode, output) = Run(["embeddings", "status", "--db", DatabasePath, "--json"]);
        if (exitCode == UsageError) return "this program has no embeddings";
        if (exitCode != 0) return output;
        var status = JsonElement.Parse(output);
        if (status.GetProperty("state").GetString() == "on") return null;
        return status.TryGetProperty("problem", out var problem) ? problem.GetString() : status.GetProperty("state").GetString();
    }

    /// <summary>A server that finds by meaning every entry there is: they are embedded, and its model is loaded.</summary>
    public McpProcess ServeEmbedded(Question question)
    {
        var (exitCode, output) = Run(["embeddings", "rebuild", "--db", DatabasePath]);
        if (exitCode != 0) throw new InvalidOperationException($"cairn embeddings rebuild ended with {exitCode}: {output}");
        var server = Serve(RankingMode.Hybrid);
        for (var i = 0; i < MostPatience; i++)
        {
            var (result, _) = Ask(server, question, 1);
            if (!result.TryGetProperty("semantic", out _)) return server; // it is only there while something is not covered
            Task.Delay(Patience).Wait(); // the model is loaded off the request's path
        }
        server.Dispose();
        throw new InvalidOperationException("A search does not cover all entries by meaning, long after they were embedded.");
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private string DatabasePath => Beside("memory.db");

    private static (JsonElement Result, double Milliseconds) Ask(McpProcess server, Question question, int limit) => server.Call("search", json =>
    {
        json.WriteString("query", question.Text);
        json.WriteString("project", question.Project);
        json.WriteNumber("limit", limit);
    });

    private void Save(McpProcess server, IReadOnlyList<Document> documents)
    {
        foreach (var document in documents)
        {
            var (result, _) = server.Call("save_memory", json =>
            {
                json.WriteString("text", document.Text);
                json.WriteString("title", document.Title);
                json.WriteString("project", document.Project);
                json.WriteString("type", document.Type);
                json.WriteString("source_ref", document.SourceRef);
                json.WriteString("session_id", document.Session);
                json.WriteStartObject("metadata");
                foreach (var (name, value) in document.Metadata) json.WriteString(name, value);
                json.WriteEndObject();
            });
            if (result.GetProperty("status").GetString() != "saved") NotSaved++;
            if (result.TryGetProperty("id", out var id)) _documents[id.GetString()!] = document;
        }
    }

    private void Import(IReadOnlyList<Document> documents)
    {
        var replaced = documents.Where(static document => document.Supersedes is not null).ToDictionary(static document => document.Supersedes!);
        var ids = documents.ToDictionary(static document => document.Name, Id);
        var path = Beside("entries.jsonl");
        using (var file = File.Create(path))
        {
            file.Write("{\"format\":\"cairn\",\"version\":1}\n"u8);
            foreach (var document in documents)
            {
                using (var json = new Utf8JsonWriter(file))
                {
                    var at = document.At!.Value;
                    json.WriteStartObject();
                    json.WriteString("kind", "entry");
                    json.WriteString("id", ids[document.Name]);
                    json.WriteString("project", document.Project);
                    json.WriteString("entry_type", document.Type);
                    json.WriteString("title", document.Title);
                    if (document.SourceRef is not null) json.WriteString("source_ref", document.SourceRef);
                    json.WriteString("origin", "agent");
                    json.WriteString("state", replaced.ContainsKey(document.Name) ? "superseded" : "active");
                    json.WriteString("session_id", document.Session);
                    json.WriteString("created_at", at);
                    json.WriteString("recorded_at", at);
                    json.WriteString("changed_at", replaced.TryGetValue(document.Name, out var by) ? by.At!.Value : at);
                    if (document.Supersedes is { } former)
                    {
                        json.WriteStartArray("supersedes");
                        json.WriteStartObject();
                        json.WriteString("id", ids[former]);
                        json.WriteString("at", at);
                        json.WriteEndObject();
                        json.WriteEndArray();
                    }
                    json.WriteString("body", document.Text);
                    json.WriteEndObject();
                }
                file.Write("\n"u8);
                _documents[ids[document.Name]] = document;
            }
        }
        var (exitCode, output) = Run(["import", path, "--db", DatabasePath, "--json"]);
        if (exitCode != 0) throw new InvalidOperationException($"cairn import ended with {exitCode}: {output}");
        NotSaved += documents.Count - JsonElement.Parse(output).GetProperty("imported").GetInt32();
    }

    /// <summary>An id as Cairn makes them, of the document's time and name: 16 characters of Crockford's base32.</summary>
    private static string Id(Document document)
    {
        const string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var bits = ((UInt128)document.At!.Value.ToUnixTimeMilliseconds() << 32) | BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(document.Name)));
        return string.Create(16, bits, static (id, rest) =>
        {
            for (var i = id.Length - 1; i >= 0; i--, rest >>= 5) id[i] = alphabet[(int)(rest & 31)];
        });
    }

    private (int ExitCode, string Output) Run(string[] arguments)
    {
        var start = new ProcessStartInfo(binary, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_DATA_HOME"] = _directory.FullName;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : string.Create(CultureInfo.InvariantCulture, $"{output}{errors.GetAwaiter().GetResult()}"));
    }
}
