namespace Cairn.Engine.Policy;

/// <summary>What a rule's pattern matched, with the text around it: enough to judge whether it is a secret.</summary>
internal readonly struct SecretCandidate(string text, int start, int length)
{
    /// <summary>The supposed secret.</summary>
    public ReadOnlySpan<char> Value => text.AsSpan(start, length);

    /// <summary>The whole text in front of the value.</summary>
    public ReadOnlySpan<char> Before => text.AsSpan(0, start);

    /// <summary>The whole text behind the value.</summary>
    public ReadOnlySpan<char> After => text.AsSpan(start + length);
}
