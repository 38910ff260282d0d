using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture;

/// <summary>What a command line says of itself: its program, and whether it builds, tests or runs the project. Pure.</summary>
internal static partial class Commands
{
    // Programs whose lines are worth knowing. Those that look around (ls, grep, git, cat) fail and succeed without meaning.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "ant", "bazel", "buck2", "bun", "bundle", "cargo", "cmake", "composer", "conda", "ctest", "deno", "docker", "docker-compose", "dotnet", "flutter", "gcc", "go", "gradle", "gradlew", "helm", "java", "jest",
        "just", "kubectl", "make", "meson", "mix", "mvn", "mvnw", "nix", "node", "npm", "npx", "nx", "php", "pip", "pip3", "pnpm", "podman", "poetry", "pytest", "python", "python3", "rails", "rake", "ruby",
        "rustup", "sbt", "swift", "task", "terraform", "tox", "tsc", "turbo", "uv", "uvicorn", "uvx", "vite", "vitest", "xcodebuild", "yarn", "zig",
    };

    /// <summary>The words of a line, without variables, sudo and the shell around it.</summary>
    public static IReadOnlyList<string> Words(string command)
    {
        var line = Shell().Match(command) is { Success: true } shell ? shell.Groups["line"].Value : command;
        if (line.LastIndexOf("&& ", StringComparison.Ordinal) is > 0 and var last && line.StartsWith("cd ", StringComparison.Ordinal)) line = line[(last + 3)..];
        return [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SkipWhile(static word => word is "sudo" or "env" or "time" || Variable().IsMatch(word))];
    }

    /// <summary>The same line as one text, to compare by.</summary>
    public static string Normal(string command) => string.Join(' ', Words(command));

    /// <summary>The name of its program.</summary>
    public static string Program(string command) => Words(command) is [var first, ..] ? first[(first.LastIndexOfAny(['/', '\\']) + 1)..] : "";

    /// <summary>Whether it builds, tests or runs something.</summary>
    public static bool IsWork(string command)
    {
        var words = Words(command);
        var program = Program(command);
        return Known.Contains(program) || (words is [var first, ..] && (first.StartsWith("./", StringComparison.Ordinal) || first.StartsWith("eng/", StringComparison.Ordinal) || first.StartsWith("scripts/", StringComparison.Ordinal)));
    }

    /// <summary>Whether two lines do the same kind of work with other words: one program, one more word that is no option.</summary>
    public static bool AreVariants(string one, string other)
    {
        if (Program(one) != Program(other)) return false;
        var (first, second) = (Words(one), Words(other));
        var said = first.Skip(1).Where(static word => word[0] != '-').ToHashSet(StringComparer.Ordinal);
        return said.Count == 0 ? first.Count == 1 : second.Skip(1).Any(said.Contains);
    }

    [GeneratedRegex("""^(?:/usr)?(?:/bin/)?(?:ba|z)?sh -l?c ['"]?(?<line>.*?)['"]?$""", RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Variable();
}
