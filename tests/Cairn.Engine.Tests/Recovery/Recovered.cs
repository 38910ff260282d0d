using Cairn.Engine.Maintenance;
using Cairn.Engine.Recovery;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Recovery;

/// <summary>What must hold of every recovery.</summary>
internal static class Recovered
{
    /// <summary>
    /// Each entry on undamaged pages is there as it was; no entry is there that never was; and where the pages of the
    /// index are whole, each that is not as it was is named.
    /// </summary>
    public static void Assert(DamagedCopy copy, RecoveryResult result, string because)
    {
        var found = SavedDatabase.ReadEntries(result.Database.Path);
        var pages = SavedDatabase.Instance.Pages.Of;
        var indexIsWhole = !pages["index"].Concat(pages["schema"]).Any(copy.Damaged.Contains);
        // A project's or a link's row may be lost as well; then these differ.
        var othersAreWhole = !pages["other"].Concat(pages["index"]).Any(copy.Damaged.Contains);
        foreach (var (id, line) in SavedDatabase.Instance.Saved)
        {
            var there = found.GetValueOrDefault(id);
            if (copy.IsUntouched(id))
                Xunit.Assert.True(othersAreWhole && !result.ReinstatedIds.Contains(id) ? there == line : there is not null, $"{because}, {copy}: {id} was on no damaged page, and is {there ?? "gone"}");
            else if (indexIsWhole && there != line)
                Xunit.Assert.True(result.LostIds.Contains(id) || result.DamagedIds.Contains(id), $"{because}, {copy}: {id} is neither as it was nor named");
        }
        Xunit.Assert.Empty(found.Keys.Except(SavedDatabase.Instance.Saved.Keys));
        Xunit.Assert.True(result.Checks.All(static check => check.Status == "pass" || check.Name == "audit"), $"{because}, {copy}: {string.Join("; ", result.Checks.Where(static check => check.Status != "pass").Select(static check => $"{check.Name}: {check.Detail}"))}");
        using var connection = DatabaseConnection.Open(result.Database.Path, 1024);
        connection.ExecuteScript("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
        Xunit.Assert.Equal((BackupReason.Recovered, BackupStatus.Ok), (result.Database.Manifest!.Reason, result.Database.Status));
    }
}
