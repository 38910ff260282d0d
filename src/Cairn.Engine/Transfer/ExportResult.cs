namespace Cairn.Engine.Transfer;

/// <summary>What an export wrote.</summary>
/// <param name="Format">jsonl or markdown.</param>
/// <param name="Path">The file or folder; null when it was a stream.</param>
/// <param name="Projects">How many projects.</param>
/// <param name="Entries">How many entries, of all states.</param>
/// <param name="Redacted">How many secrets were cut out: older rules let them in. Null for none.</param>
public sealed record ExportResult(string Format, string? Path, long Projects, long Entries, int? Redacted = null);
