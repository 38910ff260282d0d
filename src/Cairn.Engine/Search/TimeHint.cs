using System.Globalization;

namespace Cairn.Engine.Search;

/// <summary>
/// The time that a query speaks of where it is clear: yesterday, last week, March 2026, 2026-03-14. A preference, no
/// filter: the same words can mean something else. Days and weeks are those of UTC; a week begins on Monday. Pure.
/// </summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after it.</param>
internal readonly record struct TimeHint(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly string[] Months = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Take(12).Select(static name => name.ToLowerInvariant())];

    /// <summary>The first time that the query names; null when it names none, or none that is clear.</summary>
    /// <param name="query">The query as it was typed.</param>
    /// <param name="now">The present.</param>
    public static TimeHint? Parse(string query, DateTimeOffset now)
    {
        var words = query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(static word => word.Trim('.', ',', ';', ':', '!', '?', '(', ')', '"', '\'').ToLowerInvariant()).ToList();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        for (var i = 0; i < words.Count; i++)
            if (At(words, i, today) is { } hint) return hint;
        return null;
    }

    /// <summary>Whether a moment lies in it.</summary>
    /// <param name="milliseconds">The moment, in Unix milliseconds.</param>
    public bool Holds(long milliseconds) => milliseconds >= From.ToUnixTimeMilliseconds() && milliseconds < To.ToUnixTimeMilliseconds();

    private static TimeHint? At(List<string> words, int i, DateTimeOffset today)
    {
        var next = i + 1 < words.Count ? words[i + 1] : "";
        switch (words[i], next)
        {
            case ("today", _): return Days(today, 1);
            case ("yesterday", _): return Days(today.AddDays(-1), 1);
            case ("last" or "previous", "week"): return Days(Monday(today).AddDays(-7), 7);
            case ("this", "week"): return Days(Monday(today), 7);
            case ("last" or "previous", "month"): return Month(today.AddMonths(-1).Year, today.AddMonths(-1).Month);
            case ("this", "month"): return Month(today.Year, today.Month);
            case ("last" or "previous", "year"): return Year(today.Year - 1);
            case ("this", "year"): return Year(today.Year);
        }
        if (DateOnly.TryParseExact(words[i], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsYear(day.Year)) return Days(new DateTimeOffset(day, default, TimeSpan.Zero), 1);
        if (DateOnly.TryParseExact(words[i], "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && IsYear(first.Year)) return Month(first.Year, first.Month);

        var month = Array.IndexOf(Months, words[i]) + 1;
        if (month == 0) return null;
        if (ReadYear(next) is { } year) return Month(year, month);
        if (ReadDay(next) is { } date && i + 2 < words.Count && ReadYear(words[i + 2]) is { } itsYear && date <= DateTime.DaysInMonth(itsYear, month)) return Days(new DateTimeOffset(itsYear, month, date, 0, 0, 0, TimeSpan.Zero), 1);
        // A month alone is the last one of that name; "may" and "march" are words as well, unless "in" or "since" stands before.
        if (words[i] is "may" or "march" && (i == 0 || words[i - 1] is not ("in" or "last" or "since" or "during" or "of"))) return null;
        return Month(month <= today.Month ? today.Year : today.Year - 1, month);
    }

    private static int? ReadYear(string word) => word.Length == 4 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && IsYear(year) ? year : null;

    private static bool IsYear(int number) => number is >= 1970 and < 2200;

    private static int? ReadDay(string word)
    {
        if (word.Length > 2 && word[^2..] is "st" or "nd" or "rd" or "th") word = word[..^2];
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= 1 and <= 31 ? day : null;
    }

    private static DateTimeOffset Monday(DateTimeOffset day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static TimeHint Days(DateTimeOffset from, int days) => new(from, from.AddDays(days));

    private static TimeHint Month(int year, int month)
    {
        var from = new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero);
        return new TimeHint(from, from.AddMonths(1));
    }

    private static TimeHint Year(int year) => new(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
