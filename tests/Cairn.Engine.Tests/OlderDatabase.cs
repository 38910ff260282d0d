using System.Globalization;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests;

/// <summary>A database as the first migration alone leaves it.</summary>
internal static class OlderDatabase
{
    public static void Make(EngineFixture cairn, bool withEntry = true)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cairn.DatabasePath)!);
        var first = Migrator.All[0];
        cairn.Sql(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA journal_mode = WAL;
            {first.Sql}
            INSERT INTO schema_migrations VALUES (1, '{first.Name}', '{first.Checksum}', 0);
            PRAGMA application_id = {0x4341524E};
            PRAGMA user_version = 1;
            """));
        if (!withEntry) return;
        cairn.Sql("""
            INSERT INTO projects VALUES (1, 'cairn', 0);
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            VALUES ('0000000000000001', 1, 0, 0, 0, 'user', 'note', x'00', 'An older entry', '', 'An older entry');
            """);
    }
}
