namespace Cairn.Host.Cli;

/// <summary>What the program's exit code says. Stable: scripts rely on it.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Blocked = 3;
    public const int NotFound = 4;

    /// <summary>The exit code of a failure.</summary>
    public static int Of(Engine.ErrorCode code) => code switch
    {
        Engine.ErrorCode.InvalidArgument => Usage,
        Engine.ErrorCode.PolicyBlocked => Blocked,
        Engine.ErrorCode.EntryNotFound => NotFound,
        _ => Failed,
    };
}
