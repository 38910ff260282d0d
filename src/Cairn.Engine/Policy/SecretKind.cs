namespace Cairn.Engine.Policy;

/// <summary>A kind of secret that the scanner knows.</summary>
/// <param name="Id">The rule's stable name in kebab-case: what errors, redactions and allow-lists call it.</param>
/// <param name="Description">What the rule finds, in a few words for a person.</param>
/// <param name="Tier">What makes its findings credible.</param>
public sealed record SecretKind(string Id, string Description, SecretTier Tier);
