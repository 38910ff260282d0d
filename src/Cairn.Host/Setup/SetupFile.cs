using System.Text;
using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// One text file of a client, edited so that what is not ours stays byte for byte. None of that is ever shown: it may
/// hold secrets.
/// </summary>
/// <param name="path">Absolute path; the file and its directory need not exist.</param>
internal sealed class SetupFile(string path)
{
    private const int Attempts = 2;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Absolute path, as the client names it.</summary>
    public string Path { get; } = path;

    /// <summary>Runs before each replacement of the file, so that a test can write in between.</summary>
    internal Action? BeforeReplace { get; init; }

    /// <summary>The present text, a byte order mark as its first character; null when there is no file.</summary>
    /// <exception cref="EngineException">It is not UTF-8.</exception>
    public string? Text() => Decode(new ConfigFile(Path).Read());

    /// <summary>Computes an edit of the present text and writes it, unless this is a dry run or nothing changes.</summary>
    /// <exception cref="EngineException">The file cannot be edited safely; the message says why, and nothing was changed.</exception>
    /// <exception cref="IOException">The file system failed; the old file is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be read or written.</exception>
    public SetupResult Edit(Func<string?, ConfigEdit> compute, bool dryRun)
    {
        // The client writes this file too: what it wrote meanwhile is read again and edited, once.
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var file = new ConfigFile(Path) { BeforeReplace = BeforeReplace };
            var before = file.Read();
            var edit = compute(Decode(before));
            var result = new SetupResult(Path, edit.Change, Diff(before is null, edit));
            if (edit.Change == SetupChange.Unchanged || dryRun) return result;
            RequireWritable(file);
            if (file.TryReplace(before, edit.Text is null ? null : Utf8.GetBytes(edit.Text))) return result;
        }
        throw EngineException.Invalid(Name, "another program keeps changing it; nothing was changed: run this again when the client is at rest");
    }

    /// <summary>Refuses a file that may not be written.</summary>
    /// <exception cref="EngineException">It is read-only.</exception>
    public void RequireWritable() => RequireWritable(new ConfigFile(Path));

    private void RequireWritable(ConfigFile file)
    {
        if (file.IsReadOnly) throw EngineException.Invalid(Name, $"{Path} is read-only; nothing was changed: make it writable, then run this again");
    }

    private string? Decode(byte[]? content)
    {
        try
        {
            // A byte order mark comes through as a character, and so goes back as it came.
            return content is null ? null : Utf8.GetString(content);
        }
        catch (DecoderFallbackException invalid)
        {
            throw EngineException.Invalid(
                Name, $"the byte at offset {invalid.Index} is not UTF-8, which it must be; nothing was changed: save the file as UTF-8, then run this again", ("offset", invalid.Index));
        }
    }

    private string Diff(bool isNew, ConfigEdit edit) => edit.Change == SetupChange.Unchanged
        ? ""
        : string.Join('\n', [$"--- {(isNew ? "(no file)" : Path)}", $"+++ {(edit.Text is null ? "(no file)" : Path)}", .. edit.Diff]);
}
