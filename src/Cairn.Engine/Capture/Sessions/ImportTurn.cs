using Cairn.Engine.Storage;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// One import of session files at a time: the system's lock on an empty file beside the database, which it frees when its
/// holder dies. It saves work, and guards nothing: two imports at once would capture nothing twice.
/// </summary>
internal static class ImportTurn
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020), LinuxWouldBlock = 11, MacWouldBlock = 35;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the turn, or gives null when somebody has it.</summary>
    /// <param name="database">The database's path.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineException">The file cannot be made.</exception>
    public static IDisposable? Take(string database, TimeSpan patience, CancellationToken cancellation)
    {
        for (var tries = patience / Pause; ; tries--)
        {
            try
            {
                DatabaseFile.CreateDirectory(Path.GetDirectoryName(database)!);
                return new FileStream(database + ".sessions.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException error) when (error.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
            {
                if (tries < 1 || cancellation.WaitHandle.WaitOne(Pause)) return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new EngineException(ErrorCode.StorageFailure, $"{database}.sessions.lock cannot be written: no session was read. Check the folder, its permissions and its disk.", inner: error);
            }
        }
    }
}
