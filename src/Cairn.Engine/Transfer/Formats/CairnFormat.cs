using System.Globalization;
using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Projects;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// Cairn's own records as JSON objects: the lines of a JSON Lines file and, without the body, the front matter of a
/// Markdown file. Version 1. A reader passes over members that it does not know.
/// </summary>
internal static class CairnFormat
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Version = 1;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>The first line of an export.</summary>
    public static byte[] Header(DateTimeOffset exportedAt, string? project) => Write(json =>
    {
        WriteText(json, "format", "cairn");
        json.WriteNumber("version", Version);
        WriteText(json, "exported_at", Text(exportedAt));
        WriteText(json, "project", project);
    });

    public static byte[] Line(ProjectRecord project) => Write(json =>
    {
        WriteText(json, "kind", "project");
        WriteText(json, "name", project.Name);
        WriteText(json, "created_at", Text(project.CreatedAt));
        WriteList(json, "aliases", project.Aliases, alias =>
        {
            WriteText(json, "kind", alias.Kind);
            WriteText(json, "value", alias.Value);
            WriteText(json, "added_at", Text(alias.AddedAt));
        });
    });

    public static byte[] Line(SessionRecord session) => Write(json =>
    {
        WriteText(json, "kind", "session");
        WriteText(json, "project", session.Project);
        WriteText(json, "id", session.Id);
        WriteText(json, "client", session.Client);
        WriteText(json, "started_at", Text(session.StartedAt));
        WriteText(json, "last_seen_at", Text(session.LastSeenAt));
    });

    public static byte[] Line(PurgedRecord purged) => Write(json =>
    {
        WriteText(json, "kind", "purged");
        WriteText(json, "id", purged.Id);
        WriteText(json, "reason", purged.Reason);
        WriteText(json, "purged_at", Text(purged.PurgedAt));
    });

    public static byte[] Line(EntryRecord entry) => Write(json =>
    {
        WriteText(json, "kind", "entry");
        WriteFields(json, entry);
        WriteText(json, "body", entry.Body);
    });

    /// <summary>All of an entry but its body, with its place in the export.</summary>
    public static byte[] FrontMatter(EntryRecord entry, long number) => Write(json =>
    {
        json.WriteNumber("cairn", Version);
        json.WriteNumber("number", number);
        WriteFields(json, entry);
    });

    /// <summary>Whether an object is the header of an export. Refuses one of a newer version.</summary>
    public static bool IsHeader(JsonFields fields)
    {
        if (fields.Json("format") is not "\"cairn\"") return false;
        RequireVersion(fields.Number("version"));
        return true;
    }

    /// <summary>Refuses a version that this program does not know.</summary>
    public static void RequireVersion(long? version)
    {
        if (version is not >= 1) throw EngineException.Invalid("version", "is missing or no version of this format");
        if (version > Version)
            throw EngineException.Invalid("version", string.Create(CultureInfo.InvariantCulture, $"is {version}; this cairn reads up to {Version}: update cairn"));
    }

    /// <summary>One line other than the header.</summary>
    /// <exception cref="EngineException">A member is missing or of another kind.</exception>
    public static ImportItem Read(JsonFields fields, string where) => fields.RequireText("kind") switch
    {
        "entry" => new ImportItem.OfEntry(where, Entry(fields, fields.RequireText("body"))),
        "project" => new ImportItem.OfProject(where, Project(fields)),
        "session" => new ImportItem.OfSession(where, new SessionRecord(fields.RequireText("project"), fields.RequireText("id"), fields.Text("client"),
            fields.RequireTime("started_at"), fields.RequireTime("last_seen_at"))),
        "purged" => new ImportItem.OfPurged(where, new PurgedRecord(fields.RequireText("id"), fields.Text("reason"), fields.RequireTime("purged_at"))),
        _ => throw EngineException.Invalid("kind", "is none of entry, project, session, purged"),
    };

    /// <summary>An entry from its members and its body.</summary>
    public static EntryRecord Entry(JsonFields fields, string body) => new()
    {
        Id = fields.RequireText("id"),
        Project = fields.RequireText("project"),
        Title = fields.RequireText("title"),
        Body = body,
        EntryType = fields.RequireText("entry_type"),
        Tags = fields.Texts("tags"),
        SourceRef = fields.Text("source_ref"),
        Metadata = fields.Text("metadata_json") ?? fields.Json("metadata"),
        Origin = fields.RequireText("origin"),
        State = fields.RequireText("state"),
        StateReason = fields.Text("state_reason"),
        Pinned = fields.Flag("pinned"),
        SessionId = fields.Text("session_id"),
        GitBranch = fields.Text("git_branch"),
        GitCommit = fields.Text("git_commit"),
        CreatedAt = fields.RequireTime("created_at"),
        RecordedAt = fields.RequireTime("recorded_at"),
        ChangedAt = fields.RequireTime("changed_at"),
        Supersedes = [.. fields.Objects("supersedes").Select(static link => new SupersededLink(link.RequireText("id"), link.RequireTime("at")))],
        History = [.. fields.Objects("history").Select(static revision =>
            new EntryRevision(revision.RequireText("action"), revision.Text("reason"), revision.RequireText("origin"), revision.RequireTime("at")))],
    };

    private static ProjectRecord Project(JsonFields fields) => new(fields.RequireText("name"), fields.RequireTime("created_at"),
        [.. fields.Objects("aliases").Select(static alias => new ProjectAlias(
            alias.RequireText("kind") is "origin" or "root" or "name" ? alias.RequireText("kind") : throw EngineException.Invalid("aliases.kind", "is none of origin, root, name"),
            alias.RequireText("value"), alias.RequireTime("added_at")))]);

    private static void WriteFields(Utf8JsonWriter json, EntryRecord entry)
    {
        WriteText(json, "id", entry.Id);
        WriteText(json, "project", entry.Project);
        WriteText(json, "entry_type", entry.EntryType);
        WriteText(json, "title", entry.Title);
        if (entry.Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in entry.Tags) json.WriteRawValue(JsonText.Quote(tag), skipInputValidation: true);
            json.WriteEndArray();
        }
        WriteText(json, "source_ref", entry.SourceRef);
        WriteMetadata(json, entry.Metadata);
        WriteText(json, "origin", entry.Origin);
        WriteText(json, "state", entry.State);
        WriteText(json, "state_reason", entry.StateReason);
        if (entry.Pinned) json.WriteBoolean("pinned", true);
        WriteText(json, "session_id", entry.SessionId);
        WriteText(json, "git_branch", entry.GitBranch);
        WriteText(json, "git_commit", entry.GitCommit);
        WriteText(json, "created_at", Text(entry.CreatedAt));
        WriteText(json, "recorded_at", Text(entry.RecordedAt!.Value));
        WriteText(json, "changed_at", Text(entry.ChangedAt!.Value));
        WriteList(json, "supersedes", entry.Supersedes, link =>
        {
            WriteText(json, "id", link.Id);
            WriteText(json, "at", Text(link.At));
        });
        WriteList(json, "history", entry.History, revision =>
        {
            WriteText(json, "action", revision.Action);
            WriteText(json, "reason", revision.Reason);
            WriteText(json, "origin", revision.Origin);
            WriteText(json, "at", Text(revision.At));
        });
    }

    // Metadata is kept as the client wrote it, numbers and spaces too. What is written over several lines has to be a
    // text to stay as it is on one.
    private static void WriteMetadata(Utf8JsonWriter json, string? metadata)
    {
        if (metadata is null) return;
        if (metadata.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            WriteText(json, "metadata_json", metadata);
            return;
        }
        json.WritePropertyName("metadata");
        json.WriteRawValue(metadata, skipInputValidation: true);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null) return;
        json.WritePropertyName(name);
        json.WriteRawValue(JsonText.Quote(text), skipInputValidation: true);
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> members)
    {
        if (items.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
