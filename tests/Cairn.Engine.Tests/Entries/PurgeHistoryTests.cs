using System.Text;
using System.Text.Json;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

/// <summary>
/// Whatever was done to the file before: after a purge no byte of the folder is part of what was purged. Words are looked
/// for without their first and last letters, since the index keeps stems, and leaves out what a word shares with the one before.
/// </summary>
public sealed class PurgeHistoryTests : IDisposable
{
    private const int Words = 3;

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Purge_AfterAnyHistory_LeavesNoWordInAnyByte(int seed)
    {
        var random = new Random(seed);
        var needles = Enumerable.Range(0, Words * 6).Select(_ => $"qz{Letters(random, 12)}ing").ToList();
        var (ours, others) = (new List<string>(), new List<string>());
        for (var step = 0; step < 70; step++) Step(random, needles, ours, others);
        _cairn.Engine.Backups.Create(Path.Combine(_cairn.Folder, "elsewhere"));
        Assert.Contains(needles, Holds);
        Directory.Delete(Path.Combine(_cairn.Folder, "elsewhere"), recursive: true);

        foreach (var part in ours.Chunk(1 + random.Next(20))) _cairn.Purge(part);

        Assert.DoesNotContain(needles, Holds);
        Assert.Equal(others.Order(), _cairn.Rows("SELECT id FROM entries").Order());
        _cairn.Sql("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
    }

    private void Step(Random random, List<string> needles, List<string> ours, List<string> others)
    {
        var words = Enumerable.Range(0, Words).Select(_ => needles[random.Next(needles.Count)]).ToList();
        switch (random.Next(10))
        {
            case <= 3:
                ours.Add(_cairn.Save(Needle(random, words), _cairn.Context with { SessionId = random.Next(2) == 0 ? words[0] : null }));
                break;
            case <= 6:
                others.Add(_cairn.Save(new NewEntry { Text = $"other {Letters(random, 20)} {Letters(random, random.Next(6000))}", Tags = [Letters(random, 5)] }));
                break;
            case 7 when ours.Count > 0:
                var id = ours[random.Next(ours.Count)];
                if (_cairn.Get(id).State == "active") ours.Add(_cairn.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Text = Needle(random, words).Text, Reason = words[1] }).Id);
                break;
            case 8 when ours.Count > 0:
                _cairn.Update(new EntryChange { Id = ours[random.Next(ours.Count)], Action = random.Next(2) == 0 ? EntryAction.Forget : EntryAction.Pin, Reason = words[2] });
                break;
            case 9 when others.Count > 0:
                var other = others[random.Next(others.Count)];
                others.Remove(other);
                _cairn.Purge(other);
                break;
        }
    }

    private static NewEntry Needle(Random random, List<string> words) => new()
    {
        Text = $"{words[0]} {Letters(random, 12)} {new string('x', random.Next(4) * random.Next(9000))} {words[1]}.\n{words[2]}s",
        Title = $"{words[1]} {Letters(random, 12)}",
        SourceRef = $"docs/{words[2]}.md",
        Tags = [words[0], words[2]],
        Metadata = JsonElement.Parse($$"""{"{{words[1]}}":["{{words[0]}}"]}"""),
    };

    private bool Holds(string word)
    {
        _cairn.Engine.Dispose();
        var part = word[4..^3];
        byte[][] forms = [Encoding.UTF8.GetBytes(part), Encoding.Unicode.GetBytes(part), Encoding.BigEndianUnicode.GetBytes(part)];
        var holds = Directory.EnumerateFiles(_cairn.Folder, "*", SearchOption.AllDirectories)
            .Select(File.ReadAllBytes).Any(bytes => forms.Any(form => bytes.AsSpan().IndexOf(form) >= 0));
        _cairn.Reopen();
        return holds;
    }

    private static string Letters(Random random, int count) => random.GetString("abcdefghijklmnopqrstuvwxyz", count);
}
