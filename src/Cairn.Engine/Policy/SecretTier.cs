namespace Cairn.Engine.Policy;

/// <summary>What makes a finding credible.</summary>
public enum SecretTier
{
    /// <summary>The secret's own form: a vendor's prefix, an armour, the place of a password in an address.</summary>
    Structured,

    /// <summary>What stands beside it: a telling name, flag or header in front of a value that looks real.</summary>
    Contextual,

    /// <summary>A sentence that says so: "the password is ...".</summary>
    Prose,
}
