namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of what stands around models: search, crawling, vectors, tracing, sandboxes, rented accelerators, agent platforms.</summary>
internal static class AiToolRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule
        {
            Id = "langsmith-api-key",
            Description = "LangSmith API key",
            Prefixes = ["lsv2_pt_", "lsv2_sk_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 32,
            ExampleBody = keys => $"{keys.Hex(32)}_{keys.Hex(10)}",
        },
        new TokenRule { Id = "langsmith-legacy-api-key", Description = "LangSmith API key of the first form", Prefixes = ["ls__"], Alphabet = TokenAlphabet.Hex, MinLength = 32, MaxLength = 32 },
        new TokenRule
        {
            Id = "pinecone-api-key",
            Description = "Pinecone API key",
            Prefixes = ["pcsk_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 40,
            ExampleBody = keys => $"{keys.Alphanumeric(6)}_{keys.Alphanumeric(63)}",
        },
        new TokenRule { Id = "wandb-api-key", Description = "Weights and Biases API key", Prefixes = ["wandb_v1_"], Alphabet = TokenAlphabet.Word, MinLength = 40 },
        new TokenRule { Id = "neptune-api-token", Description = "Neptune API token", Prefixes = ["eyJhcGlfYWRkcmVzcyI6"], Alphabet = TokenAlphabet.Base64, MinLength = 60 },
        new TokenRule { Id = "dvc-studio-token", Description = "DVC Studio access token", Prefixes = ["isat_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 40 },
        new TokenRule { Id = "braintrust-token", Description = "Braintrust service token", Prefixes = ["bt-st-"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule
        {
            Id = "tavily-api-key",
            Description = "Tavily API key",
            Prefixes = ["tvly-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 24,
            Validate = TokenBody.IsRandom,
            ExampleBody = keys => "dev-" + TokenBody.Random(TokenAlphabet.Alphanumeric, 32)(keys),
            CounterExamples = _ => ["tvly-your-api-key-goes-in-here"],
        },
        new TokenRule { Id = "firecrawl-api-key", Description = "Firecrawl API key", Prefixes = ["fc-"], Alphabet = TokenAlphabet.Hex, MinLength = 32, MaxLength = 32, Validate = TokenBody.IsRandom, ExampleBody = TokenBody.Random(TokenAlphabet.Hex, 32) },
        new TokenRule
        {
            Id = "brave-search-api-key",
            Description = "Brave Search API key",
            Prefixes = ["BSA"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 28,
            MaxLength = 28,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Base64Url, 28),
            CounterExamples = _ => ["BSAThisIsANameInCamelCaseIndeed", "BSA-2024-report-of-the-scouts-v1"],
        },
        new TokenRule { Id = "e2b-api-key", Description = "E2B API key or access token", Prefixes = ["e2b_", "sk_e2b_"], Alphabet = TokenAlphabet.Hex, MinLength = 40 },
        new TokenRule
        {
            Id = "modal-token",
            Description = "Modal token, id or secret",
            Prefixes = ["ak-", "as-"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 22,
            MaxLength = 22,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 22),
            CounterExamples = _ => ["as-implementationdetailof", "save it as-AVeryLongNameInCamelC", "such as-synchronizationcontexts"],
        },
        new TokenRule { Id = "runpod-api-key", Description = "RunPod API key", Prefixes = ["rpa_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new PatternRule
        {
            Id = "lambda-cloud-api-key",
            Description = "Lambda Cloud API key",
            Keywords = ["secret_"],
            Pattern = PatternRule.TokenStart + @"(?<secret>secret_[A-Za-z0-9-]+_[0-9a-f]{32}\.[A-Za-z0-9]{32})",
            Examples = keys => [new("secret_" + $"laptop_{keys.Hex(32)}.{keys.Alphanumeric(32)}"), new("LAMBDA_API_KEY=", "secret_" + $"my-key_{keys.Hex(32)}.{keys.Alphanumeric(32)}", "\n")],
            CounterExamples = keys => [$"secret_name_{keys.Hex(32)}", "secret_of_the_application.yaml"],
        },
        new TokenRule { Id = "llamacloud-api-key", Description = "LlamaCloud API key", Prefixes = ["llx-"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
        new TokenRule { Id = "vectara-api-key", Description = "Vectara API key", Prefixes = ["zut_", "zqt_", "zwt_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 30, Validate = TokenBody.IsRandom },
        new TokenRule { Id = "turbopuffer-api-key", Description = "turbopuffer API key", Prefixes = ["tpuf_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule
        {
            Id = "chroma-api-key",
            Description = "Chroma Cloud API key",
            Prefixes = ["ck-"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 44,
            MaxLength = 44,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 44),
        },
        new TokenRule { Id = "mem0-api-key", Description = "Mem0 API key", Prefixes = ["m0-"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40, MaxLength = 40, Validate = TokenBody.IsRandom },
        new TokenRule
        {
            Id = "supermemory-api-key",
            Description = "Supermemory API key",
            Prefixes = ["sm_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 50,
            Validate = candidate => TokenBody.IsRandom(candidate) && candidate.Value.IndexOf('_') == 22,
            ExampleBody = keys => $"{keys.Alphanumeric(22)}_{keys.Alphanumeric(43)}",
        },
        new TokenRule
        {
            Id = "dify-api-key",
            Description = "Dify key of an application or a data set",
            Prefixes = ["app-", "dataset-"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 24,
            MaxLength = 24,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 24),
            CounterExamples = keys => [$"app-{keys.Hex(10)}-x7k2p", "app-navigationcontainerinner", "dataset-ImageNetValidationSplit2k"],
        },
        new TokenRule
        {
            Id = "roboflow-api-key",
            Description = "Roboflow API key",
            Prefixes = ["rf_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 20,
            MaxLength = 32,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 24),
        },
        new TokenRule
        {
            Id = "luma-api-key",
            Description = "Luma API key",
            Prefixes = ["luma-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            Validate = TokenBody.IsRandom,
            ExampleBody = keys => $"{keys.Uuid()}-{keys.Uuid()}",
        },
        new TokenRule { Id = "voiceflow-api-key", Description = "Voiceflow API key", Prefixes = ["VF.DM.", "VF.WS."], Alphabet = TokenAlphabet.Dotted, MinLength = 36, ExampleBody = keys => $"{keys.Hex(24)}.{keys.Alphanumeric(16)}" },
        new TokenRule { Id = "botpress-token", Description = "Botpress token", Prefixes = ["bp_pat_", "bp_bak_", "bp_iak_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule { Id = "openpipe-api-key", Description = "OpenPipe API key", Prefixes = ["opk_"], Alphabet = TokenAlphabet.Hex, MinLength = 36 },
        new TokenRule { Id = "humanloop-api-key", Description = "Humanloop API key", Prefixes = ["hl_sk_"], Alphabet = TokenAlphabet.Hex, MinLength = 40 },
        new TokenRule { Id = "devin-api-key", Description = "Devin API key", Prefixes = ["apk_user_"], Alphabet = TokenAlphabet.Base64, MinLength = 40 },
    ];
}
