namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// Leaves a handoff for a session that has ended, from the end of the client's own record of it. Import has what was decided
/// on the way; this is where it stopped.
/// </summary>
public sealed class SessionHandoffService
{
    // What a session does last is at its end, and whoever ends it waits for this hook: two megabytes took a fifth of a second.
    private const int MaxTail = 256 * 1024;

    private readonly CaptureService _capture;

    internal SessionHandoffService(CaptureService capture) => _capture = capture;

    /// <summary>Leaves the handoff, in place of the one that the same session left before. See <see cref="CaptureService.HandOff"/>.</summary>
    /// <param name="client">codex or claude.</param>
    /// <param name="path">The session's file.</param>
    /// <param name="project">The project; null for the one of the session's folder.</param>
    /// <returns>What became of it; null when the file tells of no session or cannot be read, or its folder is gone.</returns>
    /// <exception cref="EngineException">The storage failed.</exception>
    public CaptureResult? Leave(string client, string path, string? project)
    {
        try
        {
            if (!File.Exists(path)) return null;
            var events = SessionEvents.Tail(client, path, MaxTail);
            // A folder that is gone may have had settings of its own.
            return events is [.., { WorkingDirectory: { } folder } last] && Path.IsPathFullyQualified(folder) && Directory.Exists(folder)
                ? _capture.HandOff(events, new CallContext { WorkingDirectory = folder, Project = project, Repository = last.Repository, Client = last.Client, Commit = last.Commit })
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException)
        {
            return null;
        }
    }

    /// <summary>The same for a session of Codex whose file is not told, but looked for by the session's id.</summary>
    public CaptureResult? LeaveOf(string sessionId, string codexHome, string? project) =>
        SessionFile.In(CodexRollout.Client, Path.Combine(codexHome, "sessions")).LastOrDefault(file => file.Stem == sessionId) is { } file ? Leave(CodexRollout.Client, file.Path, project) : null;
}
