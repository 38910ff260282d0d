using System.Text.Json;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Entries;

/// <summary>
/// Fields without what stands between &lt;private&gt; and &lt;/private&gt;, which is dropped before anything else. A field that is
/// nothing but private counts as not given. Pure.
/// </summary>
internal static class PrivateFields
{
    /// <summary>The entry without private spans.</summary>
    /// <exception cref="EngineException">The text is nothing but private, or metadata holds what is no text.</exception>
    public static NewEntry Remove(NewEntry entry) => entry with
    {
        Text = RemoveFromText(entry.Text),
        Title = Remove(entry.Title),
        Type = Remove(entry.Type),
        SourceRef = Remove(entry.SourceRef),
        Tags = Remove(entry.Tags),
        Metadata = Remove(entry.Metadata),
    };

    /// <summary>The change without private spans.</summary>
    /// <exception cref="EngineException">The text is nothing but private, or metadata holds what is no text.</exception>
    public static EntryChange Remove(EntryChange change) => change with
    {
        Text = change.Text is { } text ? RemoveFromText(text) : null,
        Title = Remove(change.Title),
        Type = Remove(change.Type),
        SourceRef = Remove(change.SourceRef),
        Tags = change.Tags is { } tags ? Remove(tags) : null,
        Metadata = Remove(change.Metadata),
        Reason = Remove(change.Reason),
    };

    /// <summary>The call's context without private spans.</summary>
    public static CallContext Remove(CallContext context) => context with
    {
        Project = Remove(context.Project),
        SessionId = Remove(context.SessionId),
        Client = Remove(context.Client),
        Commit = Remove(context.Commit),
    };

    /// <summary>The text without private spans; null when nothing else is in it.</summary>
    public static string? Remove(string? text)
    {
        if (text is null) return null;
        var kept = PrivateSpans.Remove(text);
        return kept.Length < text.Length && string.IsNullOrWhiteSpace(kept) ? null : kept;
    }

    private static string RemoveFromText(string text) =>
        Remove(text) ?? throw EngineException.Invalid("text", "is nothing but private: what stands between <private> and </private> is never stored");

    private static List<string> Remove(IReadOnlyList<string> tags) => [.. tags.Select(Remove).OfType<string>()];

    private static JsonElement? Remove(JsonElement? metadata) =>
        metadata is { } value && EntryDraft.Strings(value, "metadata").Any(static part => Remove(part.Text) != part.Text)
            ? JsonTexts.Map(value, static text => Remove(text) ?? "")
            : metadata;
}
