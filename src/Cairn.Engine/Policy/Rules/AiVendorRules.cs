namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of model providers.</summary>
internal static class AiVendorRules
{
    /// <summary>A part without separators of at least this length, letters and digits mixed, is no word.</summary>
    private const int OpaquePart = 16;

    /// <summary>The same for letters in both cases without a digit.</summary>
    private const int OpaqueLetters = 40;

    /// <summary>So many places where no word has them make a key of shorter parts, too.</summary>
    private const int OddPlaces = 3;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "anthropic-api-key",
            Description = "Anthropic key or token: API, admin, OAuth, session",
            Keywords = ["sk-ant-"],
            Pattern = @"sk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{20,}",
            Validate = candidate => IsKey(candidate.Value[7..]),
            Examples = keys =>
            [
                new("sk-ant-" + "api03-" + keys.Base64Url(93) + "AA"),
                new("sk-ant-" + "admin01-" + keys.Base64Url(93) + "AA"),
                new("sk-ant-" + "oat01-" + keys.Base64Url(93) + "AA"),
                new("sk-ant-" + "ort01-" + keys.Base64Url(93) + "AA"),
                new("sk-ant-" + "sid01-" + keys.Base64Url(93) + "AA"),
                new("ANTHROPIC_API_KEY=", "sk-ant-" + "api03-" + keys.Base64Url(93) + "AA", "\n"),
                new("\"log\": \"key\\n", "sk-ant-" + "api03-" + keys.Base64Url(93) + "AA", "\\n\""),
            ],
            CounterExamples = _ =>
            [
                "sk-ant-" + "api03-" + new string('x', 93),
                "sk-ant-" + "api03-your-api-key-goes-here",
                "sk-ant-" + "api03-...",
            ],
        },
        new PatternRule
        {
            Id = "openai-api-key",
            Description = "Key that starts with sk-, as those of OpenAI and of the many that speak its protocol",
            Keywords = ["sk-"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>sk-[A-Za-z0-9][A-Za-z0-9_.-]{{14,}}[A-Za-z0-9_-])",
            Validate = candidate => IsKey(candidate.Value[3..]),
            Examples = keys =>
            [
                new("sk-" + keys.Alphanumeric(48)),
                new("sk-" + keys.Alphanumeric(20) + "T3Blbk" + "FJ" + keys.Alphanumeric(20)),
                new("sk-" + "proj-" + keys.Base64Url(156)),
                new("sk-" + "proj-" + keys.Alphanumeric(48)),
                new("sk-" + "svcacct-" + keys.Base64Url(156)),
                new("sk-" + "admin-" + keys.Base64Url(156)),
                new("sk-" + "None-" + keys.Alphanumeric(48)),
                new("sk-" + "billing-bot-" + keys.Alphanumeric(48)),
                new("sk-" + "or-v1-" + keys.Hex(64)),
                new("sk-" + keys.Hex(32)),
                new("sk-" + string.Join('.', keys.Alphanumeric(24), keys.Alphanumeric(24))),
                new("OPENAI_API_KEY=", "sk-" + keys.Alphanumeric(48), "\n"),
                new("{\\\"key\\\": \\\"", "sk-" + "proj-" + keys.Base64Url(156), "\\\"}"),
                new("\"text\": \"export\\n", "sk-" + keys.Alphanumeric(48), "\\n\""),
                new("?key%3D", "sk-" + keys.Alphanumeric(48), "%26"),
            ],
            CounterExamples = keys =>
            [
                "sk-learn-pipelines-v2",
                "sk-learn-pipelines-v2.0.1-and-more-2024-11-01",
                "sk-estimator-doc-link.fitted .sk-toggleable__content",
                "sk-MyVeryLongComponentNameInCamelCase",
                "sk-proj-your-api-key-goes-here",
                "sk-" + new string('x', 48),
                "sk-" + "proj-" + new string('X', 48),
                "sk-proj-...",
                $"disk-{keys.Hex(32)}",
                $"task-{keys.Uuid()}",
                "Run risk-assessment-2024q4-v3b and desk-booking-1a2b3c4d5e6f7a8b.",
            ],
        },
    ];

    /// <summary>
    /// Tells keys from slugs ("learn-pipelines-v2") and names in camel case: a key has a long part in which letters and
    /// digits mix, or changes between them again and again, or has capitals side by side.
    /// </summary>
    private static bool IsKey(ReadOnlySpan<char> body)
    {
        if (!SecretValue.IsOpaque(body)) return false;
        var odd = 0;
        foreach (var range in body.SplitAny('-', '_', '.'))
        {
            var part = body[range];
            var opaque = part.ContainsAnyInRange('0', '9') ? OpaquePart : OpaqueLetters;
            if (part.Length >= opaque && SecretValue.CountClasses(part) >= 2) return true;
            for (var i = 1; i < part.Length; i++)
                if (IsOdd(part[i - 1], part[i])) odd++;
        }
        return odd >= OddPlaces;
    }

    private static bool IsOdd(char left, char right) =>
        char.IsAsciiDigit(left) != char.IsAsciiDigit(right) || (char.IsAsciiLetterUpper(left) && char.IsAsciiLetterUpper(right));
}
