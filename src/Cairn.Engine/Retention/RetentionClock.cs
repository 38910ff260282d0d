using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>
/// Whether the clock may be trusted with letting entries go. The database's own times tell: when nothing was recorded for
/// more than 30 days, either nobody worked or the clock has jumped. What was recorded within a day is no witness, as it
/// has its time from the same clock; nor is what is older than the database, since it was brought in.
/// </summary>
internal static class RetentionClock
{
    private static readonly TimeSpan Jump = TimeSpan.FromDays(30);
    private static readonly TimeSpan NoWitness = TimeSpan.FromDays(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    /// <summary>What speaks against the clock at this moment; null when nothing does.</summary>
    public static string? Doubt(DatabaseConnection connection, DateTimeOffset now)
    {
        if (Newest(connection, long.MaxValue) is { } newest && newest - now > Tolerance)
            return $"the clock says {Shown(now)}, and something was recorded at {Shown(newest)}, which is later";
        return Gap(connection, now);
    }

    /// <summary>What speaks against the clock as it was at a moment that is past; null when nothing does.</summary>
    public static string? Gap(DatabaseConnection connection, DateTimeOffset at) =>
        Newest(connection, (at - NoWitness).ToUnixTimeMilliseconds()) is { } before && at - before > Jump
            ? string.Create(CultureInfo.InvariantCulture, $"nothing was recorded between {Shown(before)} and {Shown(at)}, {(at - before).TotalDays:0} days: the clock may have jumped")
            : null;

    private static DateTimeOffset? Newest(DatabaseConnection connection, long before)
    {
        var made = RetentionStore.Made(connection);
        long?[] witnesses = [made < before ? made : null, EntryRetentionStore.LastChange(connection, made, before), RetentionStore.LastRow(connection, made, before)];
        return witnesses.Max()?.ToTime();
    }

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
