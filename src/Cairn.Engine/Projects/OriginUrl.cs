namespace Cairn.Engine.Projects;
internal static class OriginUrl { public static string? Normalise(string url, string? r) => url + r; public static string SuggestedName(string s) => s; }
