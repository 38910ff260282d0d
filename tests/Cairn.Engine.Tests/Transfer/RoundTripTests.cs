using Cairn.Engine.Entries;
using Cairn.Engine.Transfer;
using CsCheck;

namespace Cairn.Engine.Tests.Transfer;

/// <summary>What is exported and imported is the same, byte for byte.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly EntryAction[] Actions = [EntryAction.Forget, EntryAction.Pin, EntryAction.Unpin];

    private readonly TransferFixture _transfer = new();

    public static TheoryData<string> Formats => [.. TransferFixture.OwnFormats];

    public void Dispose() => _transfer.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Import_OwnExportIntoEmptyDatabase_GivesTheSameExport(string format)
    {
        _transfer.Fill();

        var result = _transfer.Import(_transfer.Export(format));

        Assert.Equal((format, 0, 0, 0), (result.Format, result.SkippedCount, result.NoteCount, result.Redactions));
        Assert.Equal(TransferFixture.Lines(_transfer.From), TransferFixture.Lines(_transfer.Into));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Import_OwnExportIntoEmptyDatabase_GivesTheSameRows(string format)
    {
        _transfer.Fill();

        _transfer.Import(_transfer.Export(format));

        foreach (var table in (string[])["projects", "project_aliases", "sessions", "entry_links", "entry_revisions", "purged_entries"])
            Assert.Equal(WithoutKeys(_transfer.From, table), WithoutKeys(_transfer.Into, table));
        // The texts of the index follow from the entry, and so does the hash but for the rows that Fill made up.
        const string entries = """
            SELECT e.id, p.name, state, occurred_at, recorded_at, changed_at, s.id, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id,
                   tags, metadata, title, iif(origin = 'document', '', search_text), body, iif(origin = 'document', '', hex(content_hash))
            FROM entries e JOIN projects p ON p.key = e.project_key LEFT JOIN sessions s ON s.key = e.session_key ORDER BY e.key
            """;
        Assert.Equal(_transfer.From.Rows(entries), _transfer.Into.Rows(entries));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Import_Twice_ChangesNothing(string format)
    {
        _transfer.Fill();
        var path = _transfer.Export(format);
        var first = _transfer.Import(path);
        var before = TransferFixture.Lines(_transfer.Into);

        var second = _transfer.Import(path);

        Assert.Equal((0, first.Imported, 0), TransferFixture.Counts(second));
        Assert.Equal(before, TransferFixture.Lines(_transfer.Into));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Import_IntoTheDatabaseItCameFrom_ChangesNothing(string format)
    {
        _transfer.Fill();
        var before = TransferFixture.Lines(_transfer.From);

        var result = _transfer.From.Engine.Import.Import(new ImportRequest { Path = _transfer.Export(format) }, _transfer.From.Context);

        Assert.Equal((0, result.Read, 0), TransferFixture.Counts(result));
        Assert.Equal(0, result.NoteCount);
        Assert.Equal(before, TransferFixture.Lines(_transfer.From));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Import_WhatWasImportedInPart_BringsInTheRest(string format)
    {
        _transfer.Fill();
        var path = _transfer.Export(format);
        _transfer.Import(path);
        // As if it had ended before the links of the later ones and some entries were written.
        _transfer.Into.Sql("DELETE FROM entry_links; DELETE FROM entries WHERE key = (SELECT max(key) FROM entries)");

        Assert.Equal(1, _transfer.Import(path).Imported);

        Assert.Equal(TransferFixture.Lines(_transfer.From), TransferFixture.Lines(_transfer.Into));
    }

    [Fact]
    public void Import_OwnExport_IsFound()
    {
        _transfer.Fill();

        _transfer.Import(_transfer.Export(ImportFormats.JsonLines));

        Assert.Equal(_transfer.From.Find("bidi"), _transfer.Into.Find("bidi"));
        Assert.Single(_transfer.Into.Find("bidi"));
        Assert.Single(_transfer.Into.Find("\u6f22\u5b57"));
    }

    [Fact]
    public void Import_MoreThanABatch_KeepsOrderAndLinksAcrossBatches()
    {
        var ids = new List<string>();
        for (var i = 0; i < 450; i++) ids.Add(_transfer.From.Save($"Entry {i}"));
        for (var i = 0; i < 100; i++) _transfer.From.Update(new EntryChange { Id = ids[449 - i], Action = EntryAction.Supersede, SupersededBy = ids[i] });

        foreach (var format in TransferFixture.OwnFormats)
        {
            using var target = new EngineFixture();
            target.Engine.Import.Import(new ImportRequest { Path = _transfer.Export(format) }, target.Context);
            Assert.Equal(TransferFixture.Lines(_transfer.From), TransferFixture.Lines(target));
        }
    }

    [Fact]
    public void Import_AnyTextAndChanges_GivesTheSameExport()
    {
        var text = Gen.Char.Where(c => c != '\0' && !char.IsSurrogate(c)).Array[0, 30].Select(chars => new string(chars))
            .SelectMany(plain => OneOf("", "\ud83d\ude00", "\r\n---\n", "\"\\", "\u2028", "# ").Select(special => $"x{special}{plain}{special}"));
        var line = text.Select(value => string.Concat(value.Where(c => !char.IsControl(c))));
        var number = OneOf("0", "-0", "1e999", "0.1000", "123456789012345678901234567890", "5E-324");
        var metadata = Gen.Select(line, number, Gen.Int[0, 20]).Select((key, value, depth) =>
            $"{{ {System.Text.Json.JsonSerializer.Serialize(key)} :{new string('[', depth)}{value}{new string(']', depth)}}}");
        var entry = Gen.Select(text, line, line.Array[0, 3], metadata.Null(), Gen.Int[0, 6]);

        entry.Array[1, 6].Sample(entries =>
        {
            using var transfer = new TransferFixture();
            var ids = new List<string>();
            foreach (var (body, title, tags, json, change) in entries)
            {
                var receipt = transfer.From.Store(new NewEntry { Text = body, Title = title, Tags = tags, Metadata = json is null ? null : TransferFixture.Json(json) });
                if (receipt.Status == "saved") ids.Add(receipt.Id);
                transfer.From.Time.Advance(TimeSpan.FromMilliseconds(change));
                if (change < 5) transfer.From.Update(ids[^1], Actions[change % 3]);
                else if (ids.Count > 1 && receipt.Status == "saved" && transfer.From.Get(ids[^2]).State != "archived") transfer.From.Update(new EntryChange { Id = ids[^1], Action = EntryAction.Supersede, SupersededBy = ids[^2] });
            }
            foreach (var format in TransferFixture.OwnFormats)
            {
                using var target = new EngineFixture();
                var result = target.Engine.Import.Import(new ImportRequest { Path = transfer.Export(format) }, target.Context);
                Assert.Equal(0, result.SkippedCount);
                Assert.Equal(TransferFixture.Lines(transfer.From), TransferFixture.Lines(target));
            }
        }, iter: 60, threads: 1);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static List<string> WithoutKeys(EngineFixture cairn, string table) => cairn.Rows(table switch
    {
        "projects" => "SELECT name, created_at FROM projects ORDER BY key",
        "project_aliases" => "SELECT kind, value, p.name, added_at FROM project_aliases a JOIN projects p ON p.key = a.project_key ORDER BY kind, value",
        "sessions" => "SELECT p.name, s.id, client, started_at, last_seen_at FROM sessions s JOIN projects p ON p.key = s.project_key ORDER BY s.key",
        "entry_links" => "SELECT f.id, t.id, l.created_at FROM entry_links l JOIN entries f ON f.key = l.from_key JOIN entries t ON t.key = l.to_key ORDER BY f.id, t.id",
        "entry_revisions" => "SELECT e.id, action, reason, r.origin, revised_at FROM entry_revisions r JOIN entries e ON e.key = r.entry_key ORDER BY e.id, r.key",
        _ => "SELECT id, reason, purged_at FROM purged_entries ORDER BY id",
    });
}
