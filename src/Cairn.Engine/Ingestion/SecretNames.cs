namespace Cairn.Engine.Ingestion;

/// <summary>
/// Files that by their names hold secrets, or belong to git: they are not opened. Case is passed over, and so are the dots
/// and spaces at a name's end, which Windows drops. Pure.
/// </summary>
internal static class SecretNames
{
    private static readonly HashSet<string> Folders = new(StringComparer.OrdinalIgnoreCase) { ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker" };

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ".env", ".envrc", ".netrc", "_netrc", ".npmrc", ".yarnrc", ".pypirc", ".pgpass", ".my.cnf", ".htpasswd", ".git-credentials",
        ".dockercfg", ".boto", ".s3cfg", "credentials", "shadow",
    };

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".env", ".pem", ".key", ".pfx", ".p12", ".p8", ".pkcs12", ".jks", ".jceks", ".keystore", ".kdb", ".kdbx", ".ppk", ".gpg", ".pgp", ".asc", ".der",
        ".ovpn", ".tfstate", ".tfvars", ".keytab",
    };

    /// <summary>Why a file is not opened, by its path below the root (with slashes) alone; null when nothing speaks against it.</summary>
    public static string? Refusal(string path)
    {
        var parts = path.Split('/').Select(static part => part.TrimEnd('.', ' ')).ToArray();
        if (parts.Any(static part => part.Equals(".git", StringComparison.OrdinalIgnoreCase))) return "belongs to git";
        return parts.AsSpan()[..^1].ToArray().Any(Folders.Contains) || IsSecret(parts[^1]) ? "its name is one that secrets are kept under" : null;
    }

    // A document about keys (id_mapping.md) is none; what it says goes through the policy.
    private static bool IsSecret(string name) =>
        Names.Contains(name)
        || Extensions.Contains(Path.GetExtension(name))
        || name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("id_", StringComparison.OrdinalIgnoreCase) && !DocumentNames.IsMarkdown(name));
}
