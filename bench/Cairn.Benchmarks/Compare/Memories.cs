namespace Cairn.Benchmarks.Compare;

/// <summary>What is compared, and as what it is started: as it ships, with nothing tuned, in a folder of its own.</summary>
internal static class Memories
{
    /// <summary>All of them, Cairn first.</summary>
    public static IReadOnlyList<Memory> All { get; } =
    [
        new CairnSpoken { Name = CompareReport.Base, Settings = static _ => [], Remark = "as it ships: by words and by meaning, with a model on this machine" },
        new CairnSpoken { Name = "Cairn, words alone", Settings = static _ => [("MEMORY_EMBEDDINGS", "off")] },
        new GraphSpoken
        {
            Name = "server-memory",
            Package = new NpmPackage("@modelcontextprotocol/server-memory", "2026.8.31", "dist/index.js"),
            Settings = static folder => [("MEMORY_FILE_PATH", Path.Combine(folder, "memory.jsonl"))],
            Remark = "the query must stand in an entry as it is; no limit, so an answer holds whole entries",
        },
        new GraphSpoken
        {
            Name = "mcp-memory-libsql",
            HasLimit = true,
            Package = new NpmPackage("mcp-memory-libsql", "0.0.17", "dist/index.js"),
            Settings = static folder => [("LIBSQL_URL", $"file:{Path.Combine(folder, "memory.db")}")],
            Remark = "the query must stand in an entry as it is",
        },
        new DevkitSpoken
        {
            Name = "@ai-devkit/memory",
            Package = new NpmPackage("@ai-devkit/memory", "0.20.1", "dist/index.js"),
            Settings = static _ => [],
            Remark = "its optional search by meaning is off, as by default",
        },
        new MemorixSpoken
        {
            Name = "memorix",
            Package = new NpmPackage("memorix", "1.0.7", "dist/cli/index.js", "serve"),
            Settings = static _ => [("MEMORIX_AUTO_UPDATE", "off")],
            Remark = "it needs a git repository, and is given an empty one; every entry has a topic key of its own, since without one it takes most for duplicates of others",
        },
    ];
}
