namespace Cairn.Host.Cli;

/// <summary>cairn policy: what the write policy finds, refused, and lets pass.</summary>
internal static class PolicyCommand
{
    public static CairnCommand Create() => new("policy", "The policy that keeps secrets out: check a text, see rules and refusals, make exceptions.")
    {
        PolicyCheckCommand.Create(), PolicyRulesCommand.Create(), PolicyTestCommand.Create(), PolicyBlockedCommand.Create(), PolicyAllowCommand.Create(),
    };
}
