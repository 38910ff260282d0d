using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.Host.Tests.Harness;

/// <summary>Databases as earlier schemas left them, made from the migrations' own texts.</summary>
internal static class OlderSchema
{
    private static readonly string[] Files = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src", "Cairn.Engine", "Storage", "Migrations"), "*.sql").Order(StringComparer.Ordinal)];

    /// <summary>The newest schema.</summary>
    public static int Latest => Files.Length;

    /// <summary>The names of all migrations, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Files.Select(static file => Path.GetFileNameWithoutExtension(file)[5..])];

    /// <summary>Makes a database of a schema, 1 to <see cref="Latest"/>.</summary>
    public static void Make(string database, int version)
    {
        using var connection = DatabaseFile.Open(database);
        // A function of the program, which a migration calls for each entry; here there is none yet.
        connection.CreateFunction("cairn_search_text", static (object?[] _) => "");
        foreach (var file in Files[..version])
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var sql = File.ReadAllText(file).ReplaceLineEndings("\n");
            var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            DatabaseFile.Execute(connection, $"{sql}\nINSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ({int.Parse(name[..4], CultureInfo.InvariantCulture)}, '{name[5..]}', '{checksum}', 0);");
        }
        DatabaseFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {0x4341524E}; PRAGMA user_version = {version}; PRAGMA journal_mode = WAL;"));
    }

    /// <summary>Adds entries to it as their first schema knows them: 0000000000000001 and so on, "An older entry number 1" and so on.</summary>
    public static void AddEntries(string database, int count) => DatabaseFile.Execute(database, string.Create(CultureInfo.InvariantCulture, $"""
        INSERT OR IGNORE INTO projects (key, name, created_at) VALUES (1, 'project', 0);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
        SELECT printf('%016d', i), 1, i, i, i, 'user', 'note', CAST(printf('hash%d', i) AS BLOB), 'An older entry number ' || i, '', 'An older entry number ' || i FROM n;
        """));
}
