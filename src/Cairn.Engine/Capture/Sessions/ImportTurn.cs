namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// One import of session files at a time: the system's lock on an empty file beside the database, which it frees when its
/// holder dies. It saves work, and guards nothing: two imports at once would capture nothing twice.
/// </summary>
internal static class ImportTurn
{
    /// <summary>Takes the turn, or gives null when somebody has it.</summary>
    public static IDisposable? Take(string database)
    {
        try
        {
            return new FileStream(database + ".sessions.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
