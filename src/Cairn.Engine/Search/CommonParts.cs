using System.Collections.Frozen;

namespace Cairn.Engine.Search;

/// <summary>Parts of paths and names that stand in most of them: file extensions, and the folders that every repository has.</summary>
internal static class CommonParts
{
    private static readonly FrozenSet<string> Parts = """
        app bin build c cc cfg cjs client com config core cpp cs css csproj dev dist docs en etc exe exs file github go gradle h home hpp html http
        https index java jpg js json jsonl jsx kt lib lock log main md mdx mjs mod net node org opt package packages php pkg png
        proj ps1 pub py rb rs scss sh sln sql src svg swift test tests tmp toml ts tsx txt usr utils v1 v2 var vue www xml yaml yml
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a part is one of them.</summary>
    public static bool Contains(string part) => Parts.Contains(part);
}
