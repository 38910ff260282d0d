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
        new TokenRule
        {
            Id = "anthropic-api-key",
            Description = "Anthropic key or token: API, admin, OAuth, session",
            Prefixes = ["sk-ant-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 24,
            Validate = candidate => IsKey(candidate.Value),
            ExampleBody = keys => "api03-" + keys.Base64Url(93) + "AA",
            CounterExamples = _ => ["sk-ant-" + "api03-your-api-key-goes-here"],
        },
        new TokenRule { Id = "openrouter-api-key", Description = "OpenRouter API key", Prefixes = ["sk-or-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 40, Validate = candidate => IsKey(candidate.Value), ExampleBody = keys => "v1-" + keys.Hex(64) },
        new TokenRule
        {
            Id = "langfuse-secret-key",
            Description = "Langfuse secret key",
            Prefixes = ["sk-lf-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            Validate = TokenBody.IsUuid,
            ExampleBody = keys => keys.Uuid(),
            CounterExamples = keys => ["pk-lf-" + keys.Uuid()],
        },
        new TokenRule
        {
            Id = "helicone-api-key",
            Description = "Helicone API key",
            Prefixes = ["sk-helicone-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 26,
            Validate = TokenBody.IsRandom,
            ExampleBody = keys => string.Join('-', keys.LowerAlphanumeric(5) + "a1", keys.LowerAlphanumeric(5) + "b2", keys.LowerAlphanumeric(5) + "c3", keys.LowerAlphanumeric(5) + "d4"),
        },
        new TokenRule { Id = "groq-api-key", Description = "Groq API key", Prefixes = ["gsk_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule { Id = "xai-api-key", Description = "xAI API key", Prefixes = ["xai-"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule { Id = "replicate-token", Description = "Replicate API token", Prefixes = ["r8_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30, MaxLength = 48 },
        new TokenRule { Id = "hugging-face-token", Description = "Hugging Face token, of a user or an organisation", Prefixes = ["hf_", "api_org_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule { Id = "perplexity-api-key", Description = "Perplexity API key", Prefixes = ["pplx-"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule
        {
            Id = "fireworks-api-key",
            Description = "Fireworks API key",
            Prefixes = ["fw_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 20,
            MaxLength = 32,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 24),
            CounterExamples = _ => ["fw_applicationConfigurationV2", "fw_rulesOfTheFirewallNumber10"],
        },
        new TokenRule { Id = "together-api-key", Description = "Together API key", Prefixes = ["tgp_v1_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 40 },
        new TokenRule { Id = "cerebras-api-key", Description = "Cerebras API key", Prefixes = ["csk-"], Alphabet = TokenAlphabet.LowerAlphanumeric, MinLength = 40 },
        new TokenRule { Id = "nvidia-api-key", Description = "NVIDIA API key", Prefixes = ["nvapi-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 50 },
        new TokenRule
        {
            Id = "elevenlabs-api-key",
            Description = "ElevenLabs API key, and others of the same form",
            Prefixes = ["sk_"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 48,
            MaxLength = 64,
        },
        new TokenRule { Id = "cartesia-api-key", Description = "Cartesia API key", Prefixes = ["sk_car_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 20, Validate = TokenBody.IsRandom, ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 22) },
        new TokenRule
        {
            Id = "novita-api-key",
            Description = "Novita API key",
            Prefixes = ["sk_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 43,
            MaxLength = 43,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 43),
        },
        new TokenRule
        {
            Id = "voyage-api-key",
            Description = "Voyage AI API key",
            Prefixes = ["pa-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 43,
            MaxLength = 43,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Base64Url, 43),
            CounterExamples = _ => ["pa-the-longer-a-slug-is-the-better-it-reads-v2", "pa-header-navigation-container-large-screens-1"],
        },
        new TokenRule
        {
            Id = "nomic-api-key",
            Description = "Nomic API key",
            Prefixes = ["nk-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 43,
            MaxLength = 43,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Base64Url, 43),
        },
        new TokenRule { Id = "jina-api-key", Description = "Jina AI API key", Prefixes = ["jina_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule
        {
            Id = "cursor-api-key",
            Description = "Cursor API key, and others that start with key_ and are hexadecimal",
            Prefixes = ["crsr_", "key_"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 64,
            MaxLength = 128,
            // "cache_key_" and a hash is no key.
            Validate = candidate => SecretValue.IsOpaque(candidate.Value) && !IsNamedKey(candidate.Before),
            CounterExamples = keys => [$"cache_key_{keys.Hex(64)}"],
        },
        new TokenRule { Id = "context7-api-key", Description = "Context7 API key", Prefixes = ["ctx7sk-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 32 },
        new TokenRule { Id = "anyscale-api-key", Description = "Anyscale API key", Prefixes = ["esecret_", "aph0_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 24, Validate = TokenBody.IsRandom, ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 26) },
        new TokenRule { Id = "chutes-api-key", Description = "Chutes API key", Prefixes = ["cpk_"], Alphabet = TokenAlphabet.Dotted, MinLength = 60, Validate = TokenBody.IsRandom, ExampleBody = keys => $"{keys.Hex(32)}.{keys.Hex(32)}.{keys.Alphanumeric(32)}" },
        new PatternRule
        {
            Id = "hex-dot-api-key",
            Description = "Key in two parts of Zhipu (GLM, Z.ai) or Ollama beside the name",
            Keywords = ["zhipu", "bigmodel", "glm", "z.ai", "zai_", "ollama"],
            Pattern = PatternRule.TokenStart + @"(?<secret>[0-9a-f]{32}\.[A-Za-z0-9_-]{16,})",
            Validate = candidate => candidate.Value.Length <= 60 && SecretValue.IsOpaque(candidate.Value[33..]),
            Examples = keys => [new("ZHIPUAI_API_KEY=", $"{keys.Hex(32)}.{keys.Alphanumeric(16)}", "\n"), new("OLLAMA_API_KEY=", $"{keys.Hex(32)}.{keys.Alphanumeric(24)}", "")],
            CounterExamples = keys => [$"glm-4 in {keys.Hex(32)}.safetensors", $"ollama has {keys.Hex(64)}"],
        },
        // Last: it takes what starts with sk- and has no rule of its own.
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

    private static bool IsNamedKey(ReadOnlySpan<char> before) => before.EndsWith("_key_") || before.EndsWith("-key_");

    private static bool IsOdd(char left, char right) =>
        char.IsAsciiDigit(left) != char.IsAsciiDigit(right) || (char.IsAsciiLetterUpper(left) && char.IsAsciiLetterUpper(right));
}
