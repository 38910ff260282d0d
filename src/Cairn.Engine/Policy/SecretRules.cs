using Cairn.Engine.Policy.Rules;

namespace Cairn.Engine.Policy;

/// <summary>
/// All kinds of secrets that Cairn knows. Order matters where two rules find the same text: the first gives the name,
/// so the general ones stand last.
/// </summary>
internal static class SecretRules
{
    /// <summary>The rules in order of precedence.</summary>
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        .. PrivateKeyRules.All,
        .. CloudRules.All,
        .. SourceHostRules.All,
        .. AiVendorRules.All,
        .. ChatAndPaymentRules.All,
        .. TokenRules.All,
    ];
}
