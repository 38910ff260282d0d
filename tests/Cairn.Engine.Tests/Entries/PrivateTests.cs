using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Tests.Ingestion;
using Cairn.Engine.Tests.Transfer;

namespace Cairn.Engine.Tests.Entries;

/// <summary>What a caller marks as private reaches no table, whatever the field and the way.</summary>
public sealed class PrivateTests : IDisposable
{
    private const string Hidden = "Kingfisher";
    private const string Span = $"<private>{Hidden}</private>";

    private static readonly string Secret = "gh" + "p_" + "x7Qm2Lr9Tz4Bv6Nc1Kd8Wf3Hs5Jg0PyAeUi";

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Save_PrivateSpansInEveryField_StoresNoneOfThem()
    {
        var id = Saved(_cairn.Entries.Save(
            new NewEntry
            {
                Text = $"We keep it {Span}in the vault",
                Title = $"The vault {Span}",
                Type = $"note{Span}",
                SourceRef = $"docs/{Span}vault.md",
                Tags = ["vault", Span, $"a{Span}"],
                Metadata = JsonElement.Parse($$"""{"by":"me {{Span}}","{{Span}}":1,"deep":[{"k{{Span}}":"{{Span}}"}],"n":2}"""),
            },
            _cairn.Context with { SessionId = $"s1{Span}" }));

        var entry = _cairn.Entries.Get([id]).Items.Single();

        Assert.Equal(("We keep it in the vault", "The vault", "note", "docs/vault.md"), (entry.Body, entry.Title, entry.EntryType, entry.SourceRef));
        Assert.Equal(["vault", "a"], entry.Tags!);
        Assert.Equal("""{"by":"me ","deep":[{"k":""}],"n":2}""", entry.Metadata!.Value.GetRawText());
        Assert.Equal("s1", entry.SessionId);
    }

    [Fact]
    public void Save_TitleOfNothingButPrivate_TakesTheFirstLine() =>
        Assert.Equal("The line", _cairn.Entries.Get([Saved(_cairn.Entries.Save(new NewEntry { Text = "The line", Title = Span }, _cairn.Context))]).Items.Single().Title);

    [Theory]
    [InlineData(Span)]
    [InlineData($"  {Span}\n<private>and this")]
    public void Save_TextOfNothingButPrivate_IsRefusedWithTheReason(string text)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Entries.Save(new NewEntry { Text = text }, _cairn.Context));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("nothing but private", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_SecretInAPrivateSpan_IsSavedWithoutIt()
    {
        var id = Saved(_cairn.Entries.Save(new NewEntry { Text = $"The token <private>{Secret}</private> is new" }, _cairn.Context));

        Assert.Equal("The token  is new", _cairn.Entries.Get([id]).Items.Single().Body);
    }

    [Fact]
    public void Save_SecretBehindAPrivateSpan_IsBlockedAtItsPlaceInWhatWasSent()
    {
        var blocked = Assert.IsType<SaveOutcome.Blocked>(_cairn.Entries.Save(new NewEntry { Text = $"one {Span}\ntwo {Span} {Secret}" }, _cairn.Context));

        Assert.Equal(new PolicyViolation("github-token", "text", 2, "two ".Length + Span.Length + 2, Secret.Length, null), Assert.Single(blocked.Violations) with { Fingerprint = null });
    }

    [Fact]
    public void Save_SecretCutByAPrivateSpan_IsBlocked()
    {
        var blocked = Assert.IsType<SaveOutcome.Blocked>(_cairn.Entries.Save(new NewEntry { Text = $"{Secret[..9]}{Span}{Secret[9..]}" }, _cairn.Context));

        Assert.Equal(new PolicyViolation("github-token", "text", 1, 1, Secret.Length + Span.Length, null), Assert.Single(blocked.Violations) with { Fingerprint = null });
    }

    [Fact]
    public void Update_PrivateSpans_AreNotStored()
    {
        var id = Saved(_cairn.Entries.Save(new NewEntry { Text = "first" }, _cairn.Context));

        var revised = Saved(_cairn.Entries.Update(
            new EntryChange { Id = id, Action = EntryAction.Revise, Text = $"second {Span}", Tags = [Span, "kept"], Reason = $"new {Span}" }, _cairn.Context));

        var entry = _cairn.Entries.Get([revised]).Items.Single();
        Assert.Equal("second", entry.Body);
        Assert.Equal(["kept"], entry.Tags!);
        Assert.Throws<EngineException>(() => _cairn.Entries.Update(new EntryChange { Id = revised, Action = EntryAction.Revise, Text = Span }, _cairn.Context));
    }

    [Fact]
    public void Ingest_DocumentWithPrivateSpans_StoresNoneOfThem()
    {
        using var folder = new DocumentFolder();
        folder.Write("docs/a.md", $"# One {Span}\n\nKept.\n\n{Span}\n\n# Two\n\nAlso kept. <private>\n\n# {Hidden}\n\nto the end");

        folder.Ingest("docs/a.md");

        Assert.Equal(["docs/a.md#one active One", "docs/a.md#two active Two"], folder.Entries());
        Assert.Empty(folder.Fixture.Rows($"SELECT body FROM entries WHERE body || title || search_text LIKE '%{Hidden}%'"));
    }

    [Fact]
    public void Import_EntriesWithPrivateSpans_StoresNoneOfThem()
    {
        using var transfer = new TransferFixture();
        var path = transfer.File("note.md", $"A note {Span}", "", "Its text.");

        Assert.Equal((1, 0, 0), TransferFixture.Counts(transfer.Import(path)));
        Assert.Equal((0, 0, 1), TransferFixture.Counts(transfer.Import(transfer.File("hidden.md", Span))));

        Assert.Equal(["A note \n\nIts text."], transfer.Into.Rows("SELECT body FROM entries"));
    }

    private static string Saved(SaveOutcome outcome) => Assert.IsType<SaveOutcome.Stored>(outcome).Receipt.Id;
}
