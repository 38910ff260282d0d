using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Entries;

/// <summary>The record of what was refused: where and what kind, never the text; and no refusal fails for want of it.</summary>
public sealed class PolicyAuditTests : IDisposable
{
    private static readonly string Secret = PolicyFixture.Secret();

    private readonly PolicyFixture _policy = new();

    public void Dispose() => _policy.Dispose();

    [Fact]
    public void Save_Refused_IsALineOfTheAudit()
    {
        var blocked = Assert.IsType<SaveOutcome.Blocked>(_policy.Cairn.Entries.Save(
            new NewEntry { Text = $"one\ntwo {Secret}", Title = Secret }, _policy.Cairn.Context with { Origin = EntryOrigin.Agent }));

        Assert.True(blocked.Audited);
        var print = blocked.Violations[0].Fingerprint;
        Assert.Equal(
            [("blocked", "github-token", "title", 1, 1), ("blocked", "github-token", "text", 2, 5)],
            _policy.Events().Select(line => (line.Event, line.Rule, line.Field, line.Line!.Value, line.Column!.Value)));
        Assert.All(_policy.Events(), line => Assert.Equal((Secret.Length, print, "agent", "cairn", null, _policy.Cairn.Time.GetUtcNow().ToUnixTimeMilliseconds()),
            (line.Length, line.Fingerprint, line.Origin, line.Project, line.EntryId, line.OccurredAt.ToUnixTimeMilliseconds())));
        Assert.Empty(_policy.Cairn.Rows("SELECT name FROM projects"));
        Assert.False(_policy.Cairn.Holds(Secret));
    }

    [Fact]
    public void Save_SecretInManyPlacesOfOneText_HasTheLineAndColumnOfEach()
    {
        var (a, b) = (PolicyFixture.Secret(2), PolicyFixture.Secret(3));

        var blocked = _policy.Refused($"{a} {b}\n\n  {a}\nend");

        Assert.Equal([(1, 1), (1, a.Length + 2), (3, 3)], blocked.Violations.Select(violation => (violation.Line, violation.Column)));
        Assert.Equal(2, blocked.Violations.Select(violation => violation.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Events_FiltersByTimeProjectAndNumber()
    {
        _policy.Refused($"see {Secret}", _policy.Cairn.In("one"));
        _policy.Cairn.Time.Advance(TimeSpan.FromHours(1));
        var later = _policy.Cairn.Time.GetUtcNow();
        _policy.Refused($"see {Secret}", _policy.Cairn.In("two"));
        _policy.Refused($"see {Secret}", _policy.Cairn.In("one"));

        Assert.Equal(["one", "two"], _policy.Policy.Events(10, later, null).Events.Select(line => line.Project));
        Assert.Equal(2, _policy.Policy.Events(10, null, "one").Events.Count);
        Assert.Equal("one", Assert.Single(_policy.Policy.Events(1, null, null).Events).Project);
        Assert.Throws<EngineException>(() => _policy.Policy.Events(0, null, null));
    }

    [Fact]
    public void Events_MoreThanAreKept_DropsTheOldest()
    {
        using var database = new Database(_policy.Cairn.Options, _policy.Cairn.Time);
        database.Write(scope =>
        {
            PolicyEventStore.Add(scope.Connection, Enumerable.Range(1, PolicyEventStore.MaxRows + 5).Select(i => new PolicyEvent { Event = PolicyEvent.Blocked, Rule = $"r{i}", OccurredAt = scope.Now }));
            return true;
        });

        var kept = _policy.Events();

        Assert.Equal((PolicyEventStore.MaxRows, $"r{PolicyEventStore.MaxRows + 5}", "r6"), (kept.Count, kept[0].Rule, kept[^1].Rule));
    }

    [Fact]
    public void Save_DatabaseCannotBeWritten_IsRefusedAllTheSame()
    {
        _policy.Cairn.Save("So that it is there");
        _policy.Cairn.Sql("CREATE TRIGGER stop BEFORE INSERT ON policy_events BEGIN SELECT RAISE(ABORT, 'no'); END");

        Assert.False(_policy.Refused($"see {Secret}").Audited);
        Assert.False(_policy.Policy.Allow("0123456789abcdef", "sample", null).Audited);
        Assert.False(_policy.Policy.Remove("0123456789abcdef", null).Audited);
    }

    [Fact]
    public void Save_ReadOnlyDatabase_IsRefusedAllTheSame()
    {
        _policy.Cairn.Save("So that it is there");
        _policy.Cairn.Engine.Dispose();
        using (var file = new FileStream(_policy.Cairn.DatabasePath, FileMode.Open))
        {
            // A format version for writing that SQLite does not know makes a file read-only, for every user and on every system.
            file.Position = 18;
            file.WriteByte(3);
        }
        _policy.Cairn.Reopen();

        Assert.False(_policy.Refused($"see {Secret}").Audited);
    }

    [Fact]
    public void Save_NoDatabaseCanBeMade_IsRefusedAllTheSame()
    {
        Directory.CreateDirectory(_policy.Cairn.DatabasePath);

        Assert.False(_policy.Refused($"see {Secret}").Audited);
    }
}
