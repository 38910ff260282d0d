using Cairn.Engine.Capture;

namespace Cairn.Engine.Tests.Capture;

/// <summary>What a session that has ended leaves for the next one.</summary>
public sealed class SessionHandoffTests : IDisposable
{
    private const string Worked = "u: Move the reader to streams.\nc 1: npm test\ne: src/reader.js\nc 0: npm test\nf: The reader reads by streams now, and all of its tests pass. The writer still holds the whole file in memory.";

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void HandOff_OfASessionThatEdited_SaysWhereItStopped()
    {
        var result = End(Worked + "\nu: thanks\nf: You're welcome.");

        Assert.Equal((1, 0, 0), (result.Saved, result.Skipped, result.Duplicates));
        var entry = _cairn.Get(Assert.Single(result.SavedIds));
        Assert.Equal(("handoff", "transcript", "s1"), (entry.EntryType, entry.Origin, entry.SessionId));
        Assert.Equal("Session ended: The reader reads by streams now, and all of its tests pass", entry.Title);
        Assert.Contains("Asked last: Move the reader to streams.", entry.Body, StringComparison.Ordinal);
        Assert.Contains("The writer still holds the whole file in memory.", entry.Body, StringComparison.Ordinal);
        Assert.Contains("Files edited: src/reader.js", entry.Body, StringComparison.Ordinal);
        Assert.Equal("session-end", Assert.Single(_cairn.Engine.Capture.Audit(10).Events).Rule);
    }

    [Fact]
    public void HandOff_Again_ChangesNothing_AndAfterMoreTakesThePlaceOfTheFormer()
    {
        var first = Assert.Single(End(Worked).SavedIds);
        Assert.Equal((0, 1), End(Worked) is var again ? (again.Saved, again.Duplicates) : default);

        var second = Assert.Single(End(Worked + "\nu: And the writer?\ne: src/writer.js\nf: The writer goes by streams as well; the index is what is left to be done.").SavedIds);

        Assert.Equal(("superseded", second), (_cairn.Get(first).State, _cairn.Get(first).SupersededBy));
        Assert.Equal("active", _cairn.Get(second).State);
        Assert.Equal(1, End(Worked, "s2") is var other ? other.Duplicates + other.Saved : 0);
    }

    [Fact]
    public void HandOff_WithWhatItNotedBefore_TakesThePlaceOfTheListThatItHolds_AndNamesWhatIsOpen()
    {
        const string Turn = "u: Stop here.\ne: src/reader.js\nf: Done with the reader for today.\n  Open question: who renews the certificate of the gateway?\n  Remaining:\n  - the writer goes by streams\n  - the header";
        var noted = Capture.Capture(Events(Turn), _cairn.Context);
        var handoff = noted.SavedIds.Select(_cairn.Get).Single(static entry => entry.EntryType == "handoff");

        var ended = _cairn.Get(Assert.Single(End(Turn).SavedIds));

        Assert.Equal(ended.Id, _cairn.Get(handoff.Id).SupersededBy);
        Assert.Contains("Open questions:\n- ", ended.Body, StringComparison.Ordinal);
        Assert.Contains("renews the certificate", ended.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void HandOff_ByMode_IsNothingWhenOff_AndOfASessionThatEditedNothingOnlyWhenFull()
    {
        const string Looked = "u: What runs on the server?\nc 0: systemctl status\nf: The gateway and the importer run there, both for three weeks without an error.";
        Assert.Equal(0, End(Looked).Saved);
        Assert.Equal("low_confidence", _cairn.Engine.Capture.Audit(1).Events[0].Reason);
        Assert.Equal((CaptureMode.Full, 1), EndIn(CaptureMode.Full, Looked));
        Assert.Equal((CaptureMode.Off, 0), EndIn(CaptureMode.Off, Worked));
        Assert.Equal((CaptureMode.Assist, 1), EndIn(CaptureMode.Assist, Worked));
        Assert.Equal(0, End("u: hello\nf: Hello, what shall we do today with this repository?").Saved);
    }

    [Fact]
    public void HandOff_WithASecretInTheQuestion_HoldsNoByteOfIt()
    {
        var secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(static i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

        var entry = _cairn.Get(Assert.Single(End($"u: {new string('x', 90)} {secret}\ne: src/reader.js\nf: The reader reads by streams now, and all of its tests pass.").SavedIds));

        Assert.DoesNotContain(secret[..8], entry.Body, StringComparison.Ordinal);
        Assert.False(_cairn.Holds(secret[..20]));
    }

    private CaptureService Capture => _cairn.Engine.Capture;

    private CaptureResult End(string events, string session = "s1")
    {
        _cairn.Time.Advance(TimeSpan.FromSeconds(1));
        return Capture.HandOff(Events(events, session), _cairn.Context);
    }

    private (CaptureMode Mode, int Saved) EndIn(CaptureMode mode, string events)
    {
        using var engine = new CairnEngine(_cairn.Options with { Capture = new CaptureOptions { All = new CaptureScope { Mode = mode } } }, _cairn.Time);
        var result = engine.Capture.HandOff(Events(events, mode.ToString()), _cairn.In($"in-{mode}"));
        return (result.Mode, result.Saved);
    }

    private List<SessionEvent> Events(string window, string session = "s1") => [.. WindowText.Read(window, session).Select(item => item with { OccurredAt = _cairn.Time.GetUtcNow() })];
}
