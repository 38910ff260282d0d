using System.Globalization;
using System.Text;

namespace Cairn.Engine.Git;

/// <summary>A commit as it is told. All of it is the repository's text, and nothing to trust.</summary>
/// <param name="Id">Its id, in hexadecimal.</param>
/// <param name="Parents">Its parents' ids.</param>
/// <param name="CommittedAt">When it was made.</param>
/// <param name="Subject">The message's first paragraph, in one line.</param>
/// <param name="Body">The rest of the message.</param>
/// <param name="Files">The files that it changed, with slashes; none of a merge.</param>
/// <param name="HasMoreFiles">Whether these are too many to tell, so that none is.</param>
internal sealed record GitCommit(string Id, IReadOnlyList<string> Parents, DateTimeOffset CommittedAt, string Subject, string Body, IReadOnlyList<string> Files, bool HasMoreFiles = false);

/// <summary>
/// What git tells of commits: which there are, their messages and the names of their files, never contents. What a
/// hostile configuration could start for that (signature checks, diff drivers, notes) is switched off for every call.
/// </summary>
internal sealed class GitHistory(GitProcess git, GitProcess lister)
{
    private const int ChunkSize = 100;

    private static readonly string[] Options =
    [
        "-z", "--no-walk=unsorted", "--no-show-signature", "--no-color", "--no-notes", "--no-decorate", "--no-mailmap", "--encoding=UTF-8",
        "--root", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all",
    ];

    /// <summary>The id of a commit that a revision names, or null when it names none.</summary>
    public string? Resolve(string directory, string revision) =>
        !revision.Contains('\0', StringComparison.Ordinal)
        && git.Run(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}") is (true, var text)
        && text.TrimEnd('\n') is { Length: 40 or 64 } id && id.All(char.IsAsciiHexDigitLower) ? id : null;

    /// <summary>The ids of the newest commits up to one, oldest first, without those that another one has; null when git gave no answer.</summary>
    public IReadOnlyList<string>? Ids(string directory, string tip, string? without, DateTimeOffset? since, int? most)
    {
        List<string> arguments = ["rev-list", "--topo-order", "--reverse"];
        if (most is { } limit) arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--max-count={limit}"));
        if (since is { } time) arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--max-age={time.ToUnixTimeSeconds()}"));
        arguments.Add(tip);
        if (without is not null) arguments.Add("^" + without);
        arguments.Add("--");
        return lister.Run(directory, [.. arguments]) is (true, var text) ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
    }

    /// <summary>How many commits there are up to one, without those that another one has; null when git gave no answer.</summary>
    public int? Count(string directory, string tip, string? without)
    {
        string[] arguments = ["rev-list", "--count", tip, .. without is null ? Array.Empty<string>() : ["^" + without], "--"];
        return lister.Run(directory, arguments) is (true, var text) && int.TryParse(text.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    /// <summary>Commits by their ids, in that order, some at a time; one whose files are too many to tell comes without them.</summary>
    public IEnumerable<IReadOnlyList<GitCommit>> Read(string directory, IReadOnlyList<string> ids)
    {
        foreach (var chunk in ids.Chunk(ChunkSize))
            yield return Log(directory, chunk, "--name-only") ?? [.. chunk.SelectMany(id => Log(directory, [id], "--name-only") ?? Log(directory, [id], "--no-patch")?.ConvertAll(static commit => commit with { HasMoreFiles = true }) ?? [])];
    }

    private List<GitCommit>? Log(string directory, string[] ids, string files)
    {
        // Git puts every field and every name before a NUL, which neither can hold; the mark tells names from the next commit.
        var mark = Guid.NewGuid().ToString("N");
        string[] arguments = ["log", .. Options, files, $"--format=tformat:{mark}%x00%H%x00%P%x00%ct%x00%s%x00%b%x00", .. ids, "--"];
        if (lister.Read(directory, arguments) is not { } bytes) return null;
        var fields = Encoding.UTF8.GetString(bytes).Split('\0');
        var commits = new List<GitCommit>();
        for (var i = 0; i < fields.Length;)
        {
            if (fields[i].TrimStart('\n') != mark || i + 5 >= fields.Length)
            {
                i++;
                continue;
            }
            var (id, parents, time, subject, body) = (fields[i + 1], fields[i + 2], fields[i + 3], fields[i + 4], fields[i + 5]);
            var names = new List<string>();
            for (i += 6; i < fields.Length && fields[i].TrimStart('\n') != mark; i++)
                if (fields[i].TrimStart('\n') is { Length: > 0 } name) names.Add(name);
            var seconds = long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 0, 253402300799) : 0;
            commits.Add(new GitCommit(id, parents.Split(' ', StringSplitOptions.RemoveEmptyEntries), DateTimeOffset.FromUnixTimeSeconds(seconds), subject, body, names));
        }
        return commits;
    }
}
