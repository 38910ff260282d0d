namespace Cairn.Host.Setup;

/// <summary>What a setup did to a client's configuration, or would do.</summary>
public enum SetupChange
{
    /// <summary>The file already says what was asked for; nothing is written.</summary>
    Unchanged,

    /// <summary>Our entry was not there before.</summary>
    Added,

    /// <summary>Our entry was there with another command or other arguments.</summary>
    Updated,

    /// <summary>Our entry and its sub-tables are gone.</summary>
    Removed,
}

/// <summary>The outcome of one setup.</summary>
/// <param name="Path">Absolute path of the configuration file, as the client names it (a symbolic link is not resolved).</param>
/// <param name="Change">What happened, or in a dry run would happen.</param>
/// <param name="Diff">
/// The lines of our entry that come (+) and go (-), joined by \n; empty when nothing changes. It never holds the
/// user's other lines, and in place of any value other than command and args it shows "…": it may be a secret.
/// </param>
public sealed record SetupResult(string Path, SetupChange Change, string Diff);

/// <summary>A computed edit of a configuration's text.</summary>
/// <param name="Text">The whole new text; null when the file should not exist.</param>
/// <param name="Change">What the edit amounts to.</param>
/// <param name="Diff">Lines for <see cref="SetupResult.Diff"/>, without the file's name.</param>
internal sealed record ConfigEdit(string? Text, SetupChange Change, IReadOnlyList<string> Diff);
