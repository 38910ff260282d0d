using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Source hosts, CI, package registries and AI vendors: tokens whose form their makers publish.</summary>
internal static class DeveloperTokens
{
    public static IEnumerable<TextKind> All => [.. SourceHosts, .. Builds, .. Registries, .. Models];

    private static IEnumerable<TextKind> SourceHosts =>
    [
        Token("github-classic-pat", "GitHub token", "GITHUB_TOKEN", d => "ghp_" + d.Alphanumeric(36)),
        Token("github-fine-grained-pat", "GitHub PAT", "GH_TOKEN", d => $"github_pat_{d.Alphanumeric(22)}_{d.Alphanumeric(59)}"),
        Token("github-oauth-token", "gh login", "GH_TOKEN", d => "gho_" + d.Alphanumeric(36)),
        Token("github-app-token", "app installation token", "GH_APP_TOKEN", d => d.Of("ghs_", "ghu_") + d.Alphanumeric(36)),
        Token("github-refresh-token", "GitHub refresh token", "GH_REFRESH", d => "ghr_" + d.Alphanumeric(76)),
        Token("gitlab-pat", "GitLab token", "GITLAB_TOKEN", d => "glpat-" + d.UrlSafe(20)),
        Token("gitlab-routable-pat", "GitLab token", "GITLAB_TOKEN", d => $"glpat-{d.UrlSafe(d.Number(27, 60))}.01.{d.Lower(9)}"),
        Token("gitlab-deploy-token", "deploy token", "CI_DEPLOY_PASSWORD", d => "gldt-" + d.UrlSafe(20)),
        Token("gitlab-runner-token", "runner token", "RUNNER_TOKEN", d => d.Of("glrt-", "GR1348941") + d.UrlSafe(20)),
        Token("gitlab-trigger-token", "pipeline trigger", "TRIGGER", d => "glptt-" + d.Hex(40)),
        Token("gitlab-feed-or-agent-token", "GitLab agent", "AGENT_TOKEN", d => d.Of("glft-" + d.UrlSafe(20), "glagent-" + d.UrlSafe(50), "glsoat-" + d.UrlSafe(20))),
        Token("bitbucket-app-password", "Bitbucket app password", "BITBUCKET_APP_PASSWORD", d => "ATBB" + d.Alphanumeric(32)),
        Token("bitbucket-repository-token", "Bitbucket token", "BB_TOKEN", d => $"ATCTT3xFfGN0{d.UrlSafe(160)}={d.UpperHex(8)}"),
        Token("sourcegraph-token", "Sourcegraph token", "SRC_ACCESS_TOKEN", d => $"sgp_{d.Hex(16)}_{d.Hex(40)}"),
    ];

    private static IEnumerable<TextKind> Builds =>
    [
        Token("circleci-token", "CircleCI token", "CIRCLE_TOKEN", d => $"{d.Of("CCIPAT", "CCIPRJ")}_{d.Base58(22)}_{d.Hex(40)}"),
        Token("buildkite-token", "Buildkite token", "BUILDKITE_API_TOKEN", d => "bkua_" + d.Hex(40)),
        Token("sonar-token", "Sonar token", "SONAR_TOKEN", d => d.Of("sqp_", "squ_", "sqa_") + d.Hex(40)),
        Token("teamcity-token", "TeamCity token", "TEAMCITY_TOKEN", d => $"eyJ0eXAiOiAiVENWMiJ9.{d.UrlSafe(36)}.{d.UrlSafe(48)}"),
        Token("artifactory-key", "Artifactory key", "ARTIFACTORY_API_KEY", d => "AKCp" + d.Alphanumeric(69)),
        Token("artifactory-reference-token", "Artifactory token", "ARTIFACTORY_TOKEN", d => "cmVmdGtuOjAxOj" + d.Alphanumeric(50)),
        Token("snyk-token", "Snyk token", "SNYK_TOKEN", d => $"snyk_uat.{d.Hex(8)}.{d.UrlSafe(160)}"),
    ];

    private static IEnumerable<TextKind> Registries =>
    [
        Token("npm-token", "npm token", "NPM_TOKEN", d => "npm_" + d.Alphanumeric(36)),
        new("npmrc-auth-token", SecretGroup.Structured, d => $"//registry.{d.Host()}/:_authToken={Mark("npm_" + d.Alphanumeric(36))}\nsave-exact=true"),
        Token("pypi-token", "PyPI token", "TWINE_PASSWORD", d => "pypi-AgEIcHlwaS5vcmc" + d.UrlSafe(d.Number(130, 180))),
        Token("rubygems-key", "RubyGems key", "GEM_HOST_API_KEY", d => "rubygems_" + d.Hex(48)),
        Token("nuget-key", "NuGet key", "NUGET_API_KEY", d => "oy2" + d.Lower(43)),
        Token("crates-token", "crates.io token", "CARGO_REGISTRY_TOKEN", d => "cio" + d.Alphanumeric(32)),
        Token("clojars-token", "Clojars token", "CLOJARS_PASSWORD", d => "CLOJARS_" + d.Hex(60)),
        Token("docker-hub-token", "Docker Hub token", "DOCKERHUB_TOKEN", d => d.Chance(0.5) ? "dckr_pat_" + d.UrlSafe(27) : "dckr_oat_" + d.UrlSafe(32)),
    ];

    private static IEnumerable<TextKind> Models =>
    [
        Token("anthropic-key", "Anthropic key", "ANTHROPIC_API_KEY", d => $"sk-ant-api03-{d.UrlSafe(93)}AA"),
        Token("anthropic-admin-key", "Anthropic admin key", "ANTHROPIC_ADMIN_KEY", d => $"sk-ant-admin01-{d.UrlSafe(93)}AA"),
        Token("anthropic-oauth-token", "Claude Code token", "CLAUDE_CODE_OAUTH_TOKEN", d => $"sk-ant-oat01-{d.UrlSafe(93)}AA"),
        Token("openai-key", "OpenAI key", "OPENAI_API_KEY", d => $"sk-{d.Alphanumeric(20)}T3BlbkFJ{d.Alphanumeric(20)}"),
        Token("openai-project-key", "OpenAI key", "OPENAI_API_KEY", d => d.Chance(0.5)
            ? $"sk-proj-{d.UrlSafe(74)}T3BlbkFJ{d.UrlSafe(74)}" : $"sk-proj-{d.UrlSafe(20)}T3BlbkFJ{d.UrlSafe(20)}"),
        Token("openai-service-key", "OpenAI service account", "OPENAI_API_KEY", d => $"{d.Of("sk-svcacct-", "sk-admin-")}{d.UrlSafe(58)}T3BlbkFJ{d.UrlSafe(58)}"),
        Token("openrouter-key", "OpenRouter key", "OPENROUTER_API_KEY", d => "sk-or-v1-" + d.Hex(64)),
        Token("deepseek-key", "DeepSeek key", "DEEPSEEK_API_KEY", d => "sk-" + d.Hex(32)),
        Token("groq-key", "Groq key", "GROQ_API_KEY", d => "gsk_" + d.Alphanumeric(52)),
        Token("xai-key", "xAI key", "XAI_API_KEY", d => "xai-" + d.Alphanumeric(80)),
        Token("replicate-token", "Replicate token", "REPLICATE_API_TOKEN", d => "r8_" + d.Alphanumeric(37)),
        Token("huggingface-token", "Hugging Face token", "HF_TOKEN", d => "hf_" + d.From("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34)),
        Token("huggingface-organization-token", "HF organisation token", "HF_ORG_TOKEN", d => "api_org_" + d.From("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34)),
        Token("perplexity-key", "Perplexity key", "PERPLEXITY_API_KEY", d => "pplx-" + d.Alphanumeric(48)),
        Token("nvidia-key", "NVIDIA key", "NVIDIA_API_KEY", d => "nvapi-" + d.UrlSafe(64)),
        Token("tavily-key", "Tavily key", "TAVILY_API_KEY", d => d.Of("tvly-", "tvly-dev-") + d.Alphanumeric(32)),
        Token("firecrawl-key", "Firecrawl key", "FIRECRAWL_API_KEY", d => "fc-" + d.Hex(32)),
        Token("pinecone-key", "Pinecone key", "PINECONE_API_KEY", d => $"pcsk_{d.Alphanumeric(5)}_{d.Alphanumeric(63)}"),
        Token("langsmith-key", "LangSmith key", "LANGSMITH_API_KEY", d => $"lsv2_{d.Of("pt", "sk")}_{d.Hex(32)}_{d.Hex(10)}"),
        Token("langfuse-key", "Langfuse secret", "LANGFUSE_SECRET_KEY", d => "sk-lf-" + d.Uuid()),
        Token("jina-key", "Jina key", "JINA_API_KEY", d => $"jina_{d.Hex(32)}{d.UrlSafe(28)}"),
        Token("llama-cloud-key", "LlamaCloud key", "LLAMA_CLOUD_API_KEY", d => "llx-" + d.Alphanumeric(48)),
        Token("apify-token", "Apify token", "APIFY_TOKEN", d => "apify_api_" + d.Alphanumeric(36)),
        Token("e2b-key", "E2B key", "E2B_API_KEY", d => "e2b_" + d.Hex(40)),
    ];
}
