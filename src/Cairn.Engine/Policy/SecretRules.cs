using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Policy.Rules;

namespace Cairn.Engine.Policy;

/// <summary>
/// All kinds of secrets that Cairn knows. Order matters where two rules find the same text: the first gives the name,
/// so the general ones stand last.
/// </summary>
internal static class SecretRules
{
    /// <summary>The rule set's version, for people: year, month, and a number that counts up. A test asks for a new one when the hash changes.</summary>
    public const string Version = "2026.11.4";

    /// <summary>The first 12 hex digits of SHA-256 over the version and every rule's id and definition.</summary>
    public static string Hash => LazyInitializer.EnsureInitialized(ref hash, ComputeHash);

    private static string? hash;

    /// <summary>The rules in order of precedence.</summary>
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        .. PrivateKeyRules.All,
        .. AwsRules.All,
        .. AzureRules.All,
        .. GoogleCloudRules.All,
        .. CloudRules.All,
        .. PlatformRules.All,
        .. SourceHostRules.All,
        .. PackageRegistryRules.All,
        .. CiRules.All,
        .. InfrastructureRules.All,
        .. AiToolRules.All,
        .. AiVendorRules.All,
        .. ChatRules.All,
        .. PaymentRules.All,
        .. MailRules.All,
        .. MonitoringRules.All,
        .. DatabaseRules.All,
        .. ProductivityRules.All,
        .. SocialRules.All,
        .. TokenRules.All,
        new PrefixedKeyRule { Id = "prefixed-key", Description = "Key whose prefix says what it is, of a vendor without a rule of its own" },
        .. AddressRules.All,
        .. ConnectionStringRules.All,
        .. CommandLineRules.All,
        .. CredentialFileRules.All,
        .. CallRules.All,
        .. HeaderRules.All,
        .. SeedPhraseRules.All,
        .. AssignmentRules.All,
        .. ProseRules.All,
    ];

    private static string ComputeHash()
    {
        var definitions = string.Join('\n', All.Select(static rule => $"{rule.Id} {rule.Definition}").Prepend(Version));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definitions)))[..12];
    }
}
