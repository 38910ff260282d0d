namespace Cairn.Engine.Policy;

/// <summary>A text that holds one secret, in three parts, so that the place of the secret is known.</summary>
internal sealed record SecretExample(string Before, string Secret, string After)
{
    /// <summary>A secret without surroundings.</summary>
    public SecretExample(string secret)
        : this("", secret, "")
    {
    }

    /// <summary>The three parts as one text.</summary>
    public string Text => Before + Secret + After;
}
