using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Recovery;

/// <summary>An entry's row on its way into the new database: as it was, or, where it is damaged, what can be kept of it.</summary>
internal static class RecoveredEntry
{
    /// <summary>The tag of an entry that is not as it was saved.</summary>
    public const string Tag = "damaged";

    private static readonly string[] Texts = ["entry_type", "title", "body"];
    private static readonly string[] Times = ["occurred_at", "recorded_at", "changed_at"];

    /// <summary>Whether type, title and body are, to the byte, what was saved, its times are times, and the rest can be read.</summary>
    public static bool IsWhole(SalvagedRow row) =>
        row.Damage == RowDamage.None
        && row.Values.GetValueOrDefault("content_hash") is byte[] hash && hash.AsSpan().SequenceEqual(Draft(row, Tags(row)).ContentHash)
        && Times.All(name => IsTime(row.Number(name)))
        && IsJson(row.Text("tags"), JsonValueKind.Array) && IsJson(row.Text("metadata"), JsonValueKind.Object);

    /// <summary>What can be kept of a damaged entry, marked by a tag.</summary>
    public static Dictionary<string, object?> Mended(SalvagedRow row)
    {
        var draft = Draft(row, [.. Tags(row).Append(Tag).Distinct()]);
        var values = new Dictionary<string, object?>(row.Values)
        {
            ["source_ref"] = draft.SourceRef,
            ["title"] = draft.Title,
            ["body"] = draft.Body,
            ["entry_type"] = draft.EntryType,
            ["tags"] = draft.TagsJson,
            ["metadata"] = IsJson(row.Text("metadata"), JsonValueKind.Object) ? row.Text("metadata") : null,
            ["content_hash"] = draft.ContentHash,
        };
        // One of the others is near; where none is a time, it is said by the first second of all.
        var known = Times.Select(row.Number).FirstOrDefault(IsTime) ?? 0;
        foreach (var name in Times) values[name] = row.Number(name) is { } time && IsTime(time) ? time : known;
        values["search_text"] = SearchText(row, draft, (long)values["occurred_at"]!);
        return values;
    }

    /// <summary>What is searched of a whole entry beside title and body, as it is made today: the database may be an older one.</summary>
    public static string SearchText(SalvagedRow row) => SearchText(row, Draft(row, Tags(row)), row.Number("occurred_at") is { } time && IsTime(time) ? time : 0);

    private static string SearchText(SalvagedRow row, EntryDraft draft, long occurredAt) =>
        (draft with { Metadata = IsJson(row.Text("metadata"), JsonValueKind.Object) ? row.Text("metadata") : null }).SearchText(occurredAt.ToTime());

    private static EntryDraft Draft(SalvagedRow row, IReadOnlyList<string> tags)
    {
        var texts = Array.ConvertAll(Texts, name => Clean(row, row.Text(name) ?? ""));
        var title = texts[1].Length > 0 || row.Damage == RowDamage.None ? texts[1] : "Recovered without its title";
        return new EntryDraft(title, texts[2], texts[0].Length > 0 ? texts[0] : EntryType.Default, row.Text("source_ref") is { } source ? Clean(row, source) : null, tags, null);
    }

    // Where bytes were overwritten there may be anything; at the end of what is cut it is nobody's.
    private static string Clean(SalvagedRow row, string text) => row.Damage == RowDamage.None && !text.Contains('\0') ? text : text.TrimEnd('\0', '\uFFFD').Replace('\0', '\uFFFD');

    private static IReadOnlyList<string> Tags(SalvagedRow row)
    {
        if (row.Text("tags") is not { } json || !IsJson(json, JsonValueKind.Array)) return [];
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Where(static tag => tag.ValueKind == JsonValueKind.String).Select(static tag => tag.GetString()!)];
    }

    private static bool IsTime(long? milliseconds) => milliseconds >= SqliteExtensions.Times.Least && milliseconds <= SqliteExtensions.Times.Greatest;

    private static bool IsJson(string? text, JsonValueKind kind)
    {
        if (text is null) return true;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
