namespace Cairn.Engine.Policy;

/// <summary>Where a text holds a secret, and which rule says so. It never holds the secret, nor any part of the text.</summary>
/// <param name="RuleId">The <see cref="SecretKind.Id"/> of the rule that matched.</param>
/// <param name="Start">Offset of the secret's first UTF-16 code unit in the scanned text.</param>
/// <param name="Length">Length of the secret in UTF-16 code units, at least 1.</param>
public readonly record struct SecretFinding(string RuleId, int Start, int Length)
{
    /// <summary>Offset of the first code unit behind the secret.</summary>
    public int End => Start + Length;
}
