using System.Globalization;

namespace Cairn.Engine;

/// <summary>Dates and times as people and programs write them.</summary>
public static class DateText
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm"];

    /// <summary>The day of a time, UTC, as 2026-05-31.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Reads an ISO 8601 date (its midnight, UTC) or date and time (UTC unless an offset is given).</summary>
    /// <exception cref="EngineException">The text is neither.</exception>
    public static DateTimeOffset Parse(string field, string text)
    {
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text.Trim(), Formats, CultureInfo.InvariantCulture, style, out var date)) return date;
        if (text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(text.Trim(), CultureInfo.InvariantCulture, style, out var time)) return time;
        throw EngineException.Invalid(field, "is not an ISO 8601 date or time, such as 2026-05-31 or 2026-05-31T09:30:00Z");
    }

    /// <summary>The same, or how long ago: a number of days (30d) or hours (2h), up to ten years.</summary>
    /// <exception cref="EngineException">The text is neither.</exception>
    public static DateTimeOffset Since(string field, string text, DateTimeOffset now)
    {
        var number = int.TryParse(text[..^Math.Min(1, text.Length)], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 3660 ? count : (int?)null;
        return (number, text) switch
        {
            ({ } days, [.., 'd']) => now.AddDays(-days),
            ({ } hours, [.., 'h']) => now.AddHours(-hours),
            _ => Parse(field, text),
        };
    }
}
