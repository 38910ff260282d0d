using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Maintenance;

/// <summary>The policy's lines of a health report. A look makes no file.</summary>
internal static class PolicyHealth
{
    public static IReadOnlyList<HealthCheck> Check(EngineOptions options, WritePolicy policy, CallContext context, int rules)
    {
        var checks = new List<HealthCheck> { Rules(options, rules) };
        checks.Add(Exceptions(policy));
        if (Key(policy) is { } key) checks.Add(key);
        if (policy.Place(context).Ignored is { } ignored) checks.Add(new HealthCheck { Name = "project file", Status = "warn", Detail = ignored, Fix = "take that out of it" });
        return checks;
    }

    private static HealthCheck Rules(EngineOptions options, int rules)
    {
        var mode = options.Policy.Mode is { } set ? $"mode {set.ToString().ToLowerInvariant()}" : "saves are refused, what is ingested or imported is redacted";
        var own = options.Policy.Projects.Count is > 0 and var count ? string.Create(CultureInfo.InvariantCulture, $", {count} with a mode of their own") : "";
        return new HealthCheck { Name = "policy", Status = "pass", Detail = string.Create(CultureInfo.InvariantCulture, $"{rules} rules, version {SecretRules.Version} ({SecretRules.Hash}); {mode}{own}") };
    }

    private static HealthCheck Exceptions(WritePolicy policy)
    {
        try
        {
            var items = policy.Allowances.List();
            return Private("exceptions", policy.Allowances.FilePath, items.Count == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{items.Count} in force or for one project"));
        }
        catch (EngineException error)
        {
            return new HealthCheck { Name = "exceptions", Status = "fail", Detail = error.Message, Fix = $"mend or move {policy.Allowances.FilePath}" };
        }
    }

    private static HealthCheck? Key(WritePolicy policy)
    {
        try
        {
            return policy.Fingerprints.Read() is null ? null : Private("policy key", policy.Fingerprints.KeyPath, "there");
        }
        catch (EngineException error)
        {
            return new HealthCheck { Name = "policy key", Status = "fail", Detail = error.Message, Fix = $"move {policy.Fingerprints.KeyPath} away" };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new HealthCheck { Name = "policy key", Status = "fail", Detail = $"{policy.Fingerprints.KeyPath} cannot be read, so that nothing gets a fingerprint", Fix = "mend its permissions" };
        }
    }

    private static HealthCheck Private(string name, string path, string detail)
    {
        const UnixFileMode writing = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        const UnixFileMode reading = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        return !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (writing | reading)) != 0
            ? new HealthCheck { Name = name, Status = "warn", Detail = $"other users may use {path}", Fix = $"chmod 600 \"{path}\"" }
            : new HealthCheck { Name = name, Status = "pass", Detail = detail };
    }
}
