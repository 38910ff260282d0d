using Cairn.Engine.Git;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Cairn.Engine.Capture;

/// <summary>What is captured of one project: the user's settings, turned down by the project's own file where that says less.</summary>
internal sealed class CapturePlace
{
    private const int MaxWords = 200;

    private static readonly char[] CommandBreaks = [' ', '\t', '\n', '\r', '"', '\'', '`', '=', '<', '>', '|', ';', '&', '(', ')', ','];

    private readonly Matcher? _allow, _deny;

    private CapturePlace(CaptureMode mode, string? root, IReadOnlyList<string> allow, IReadOnlyList<string> deny)
    {
        Mode = mode;
        Root = root;
        _allow = Globs(allow);
        _deny = Globs(deny);
    }

    /// <summary>The mode that holds.</summary>
    public CaptureMode Mode { get; }

    /// <summary>The project's root folder; null where the call is in none.</summary>
    public string? Root { get; }

    /// <summary>Works out what holds for a call.</summary>
    /// <param name="options">What the user has set.</param>
    /// <param name="connection">Knows the projects by all their names; null where there is no database yet.</param>
    /// <param name="identity">The project.</param>
    /// <param name="root">The root of its folder, whose file may turn capture down.</param>
    /// <param name="asked">The mode that the call asks for in place of the user's setting.</param>
    /// <param name="warn">Told of what the project's file says and is not followed.</param>
    public static CapturePlace Of(CaptureOptions options, DatabaseConnection connection, ProjectIdentity identity, string? root, CaptureMode? asked, Action<string> warn)
    {
        var file = root is null ? ProjectFile.Empty : ProjectFile.Of(root);
        if (file.Ignored is { } ignored) warn($"{Path.Combine(root!, ProjectFile.Name)} is not followed in full: {ignored}.");
        var own = options.Projects.Where(project => ProjectResolver.IsNamed(connection, identity, project.Key)).Select(static project => project.Value).ToList();
        var set = asked ?? own.Where(static scope => scope.Mode is not null).Select(static scope => scope.Mode).Min() ?? options.All.Mode ?? CaptureOptions.DefaultMode;
        if (asked is null && options.Most < set) set = options.Most.Value;
        return new CapturePlace(
            file.Capture is { } most && most < set ? most : set, root,
            [.. options.All.Allow, .. own.SelectMany(static scope => scope.Allow)],
            [.. options.All.Deny, .. own.SelectMany(static scope => scope.Deny), .. file.CaptureDeny]);
    }

    /// <summary>
    /// Why a turn is left out for the files that it edits, as a word of <see cref="CaptureReason"/>; null when it is not. A command
    /// that names a denied path may have edited it.
    /// </summary>
    /// <param name="window">The turn, or a part of it.</param>
    /// <param name="before">What happened before in the same turn; before a summary, in the session.</param>
    public string? Refusal(SessionWindow window, IReadOnlyList<SessionEvent> before)
    {
        if (_allow is null && _deny is null) return null;
        var all = before.Concat(window.Events).ToList();
        if (_deny is not null && all.Exists(Denies)) return CaptureReason.PathDenied;
        if (_allow is null) return null;
        var paths = all.Where(static item => item.Kind == SessionEventKind.FileEdit).SelectMany(Relative).ToList();
        return paths.Count > 0 && !paths.Exists(path => _allow.Match(path).HasMatches) ? CaptureReason.PathNotAllowed : null;
    }

    /// <summary>Whether a commit is left out for the files that it changes.</summary>
    /// <param name="files">Their paths below the root, with slashes; null when they are too many to tell.</param>
    public bool Refuses(IReadOnlyList<string>? files)
    {
        if (files is null) return _allow is not null || _deny is not null;
        if (_deny is not null && files.Any(file => _deny.Match(file).HasMatches)) return true;
        return _allow is not null && files.Count > 0 && !files.Any(file => _allow.Match(file).HasMatches);
    }

    /// <summary>Whether any path is denied.</summary>
    public bool HasDenied => _deny is not null;

    /// <summary>Whether an event edits, or may edit, what is denied.</summary>
    public bool Denies(SessionEvent item) => _deny is not null && item.Kind switch
    {
        SessionEventKind.FileEdit => Relative(item).Any(path => _deny.Match(path).HasMatches),
        SessionEventKind.Command when item.Command is { } command => command.Split(CommandBreaks, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords)
            .Select(word => Relative(word, item.WorkingDirectory)).Any(path => _deny.Match(path).HasMatches || _deny.Match(path.TrimEnd('/') + "/-").HasMatches),
        _ => false,
    };

    /// <summary>An edit's paths below the project's root, with slashes; what lies elsewhere as it is.</summary>
    public IEnumerable<string> Relative(SessionEvent edit) => edit.Paths.Select(path => Relative(path, edit.WorkingDirectory));

    // A client may name its folder by a link; the root has none.
    private string Relative(string path, string? folder)
    {
        if (Root is null || path.Contains('\0')) return path.Replace('\\', '/');
        var full = Path.GetFullPath(path, Path.GetFullPath(folder is null || folder.Contains('\0') ? Root : folder, Root));
        var below = Path.GetRelativePath(Root, full);
        if (IsOutside(below) && GitPlace.RealPath(full) is { } real) below = Path.GetRelativePath(Root, real);
        return (IsOutside(below) ? path : below).Replace('\\', '/');
    }

    private static bool IsOutside(string path) => path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path);

    // As in .gitignore: "clients" means what is in that folder, and a name without a slash is meant wherever it stands.
    private static Matcher? Globs(IReadOnlyList<string> globs)
    {
        if (globs.Count == 0) return null;
        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        foreach (var glob in globs.Select(static glob => glob.Trim().Replace('\\', '/')))
        {
            var name = glob.TrimStart('/').TrimEnd('/');
            var place = glob.TrimEnd('/').Contains('/') ? name : $"**/{name}";
            matcher.AddInclude(place);
            if (!name.EndsWith("**", StringComparison.Ordinal)) matcher.AddInclude($"{place}/**");
        }
        return matcher;
    }
}
