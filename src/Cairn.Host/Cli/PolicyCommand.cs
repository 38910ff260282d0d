namespace Cairn.Host.Cli;

/// <summary>cairn policy: what the write policy finds, refused, and lets pass, and what is stored that it would refuse now.</summary>
internal static class PolicyCommand
{
    public static CairnCommand Create() => new("policy", "The policy that keeps secrets out: check a text, see rules and refusals, make exceptions, rescan.")
    {
        PolicyCheckCommand.Create(), PolicyRulesCommand.Create(), PolicyTestCommand.Create(), PolicyBlockedCommand.Create(), PolicyAllowCommand.Create(),
        PolicyRescanCommand.Create(),
    };
}
