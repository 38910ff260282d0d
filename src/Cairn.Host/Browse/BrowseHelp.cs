namespace Cairn.Host.Browse;

/// <summary>The keys, in words.</summary>
internal static class BrowseHelp
{
    /// <summary>One line each.</summary>
    public static IReadOnlyList<string> Lines { get; } =
    [
        "j, Down           next line",
        "k, Up             line before",
        "Space, PgDn       next page",
        "b, PgUp           page before",
        "g, Home           first line",
        "G, End            last line",
        "Enter             open the entry",
        "/                 search: words, a \"phrase\", a path",
        "f                 filter by project, type or state",
        "t                 timeline around the entry",
        ">  <              the entry that replaced this one, the one that it replaced",
        "r                 read anew",
        "q, Esc            back, and out",
        "Ctrl+C            out",
        "?                 these keys",
        "",
        "Nothing is changed here: cairn save, update and purge do that.",
    ];
}
