namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of places that host source code.</summary>
internal static class SourceHostRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "github-token",
            Description = "GitHub token: personal, OAuth, user, installation or refresh",
            Keywords = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
            // 36 characters, but tokens in tests are often shorter, and installation tokens now are an app id and a JWT.
            // The checksum is not asked for: a mistyped token is still somebody's token.
            Pattern = PatternRule.TokenStart + @"(?<secret>gh[pousr]_[A-Za-z0-9](?:[A-Za-z0-9]{19,}|[A-Za-z0-9_.-]{34,}[A-Za-z0-9_-]))",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[4..]),
            Examples = keys =>
            [
                new("ghp_" + keys.Alphanumeric(36)),
                new("gho_" + keys.Alphanumeric(36)),
                new("ghu_" + keys.Alphanumeric(36)),
                new("ghs_" + keys.Alphanumeric(36)),
                new("ghr_" + keys.Alphanumeric(76)),
                new("ghs_" + keys.Digits(6) + "_" + keys.Jwt("""{"typ":"JWT","alg":"RS256"}""", 342)),
                new("git clone https://", "ghp_" + keys.Alphanumeric(36), "@github.com/acme/web"),
                new("https://x-access-token:", "ghs_" + keys.Alphanumeric(36), "@github.com/acme/web"),
            ],
            CounterExamples = keys =>
            [
                "ghp_" + new string('x', 36),
                "ghp_" + "yourpersonalaccesstokengoesinhere",
                "ghp_" + keys.Alphanumeric(10),
                "graph_" + keys.Alphanumeric(36),
            ],
        },
        new TokenRule
        {
            Id = "github-fine-grained-token",
            Description = "GitHub fine-grained personal access token",
            Prefixes = ["github_pat_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 20,
            ExampleBody = keys => keys.Alphanumeric(22) + "_" + keys.Alphanumeric(59),
            CounterExamples = _ => ["github_pat_" + "and_another_word_for_a_variable", "github_pat_11AAAA"],
        },
        new PatternRule
        {
            Id = "gitlab-token",
            Description = "GitLab token: personal, deploy, runner, job, trigger, feed, mail, agent, workspace, OAuth, SCIM or feature flags",
            Keywords = ["glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-", "glwt-", "gr1348941"],
            // Routable tokens end in a version and a checksum: ".01.0a1b2c3d4". Registration tokens of old start with a number.
            Pattern = PatternRule.TokenStart + @"(?<secret>(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-|GR1348941)[A-Za-z0-9_-]{20,}(?:\.[a-z0-9]{2}\.[a-z0-9]{6,12})?)",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[(candidate.Value.StartsWith("GR") ? 9 : candidate.Value.IndexOf('-') + 1)..]),
            Examples = keys =>
            [
                new("glpat-" + keys.Base64Url(20)),
                new("glpat-" + keys.Base64Url(36) + ".01." + keys.LowerAlphanumeric(9)),
                new("gldt-" + keys.Base64Url(20)),
                new("glrt-" + "t1_" + keys.Base64Url(20)),
                new("glcbt-" + "64_" + keys.Base64Url(20)),
                new("glptt-" + keys.Hex(40)),
                new("glagent-" + keys.Base64Url(50)),
                new("gloas-" + keys.Hex(64)),
                new("glwt-" + keys.Base64Url(20)),
                new("GR1348941" + keys.Base64Url(20)),
                new("https://oauth2:", "glpat-" + keys.Base64Url(20), "@gitlab.com/acme/web.git"),
            ],
            CounterExamples = keys =>
            [
                "glpat-" + new string('x', 20),
                "glpat-" + "your-personal-access-token",
                "glpat-" + keys.Alphanumeric(8),
            ],
        },
        new TokenRule
        {
            Id = "bitbucket-token",
            Description = "Bitbucket app password, access token or HTTP token",
            Prefixes = ["ATBB", "ATCTT3", "BBDC-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 28,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 32),
        },
        new TokenRule
        {
            Id = "gitea-token",
            Description = "Gitea or Forgejo OAuth secret or code",
            Prefixes = ["gto_", "gta_"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 50,
            MaxLength = 60,
        },
        new TokenRule
        {
            Id = "sourcegraph-token",
            Description = "Sourcegraph access token",
            Prefixes = ["sgp_", "sgd_", "slk_", "sgs_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 40,
            MaxLength = 64,
            // An instance may stand in front: "local_" or 16 digits.
            Validate = candidate =>
                SecretValue.IsOpaque(candidate.Value)
                && TokenBody.IsHex(candidate.Value.StartsWith("local_") ? candidate.Value[6..] : candidate.Value, "_"),
            ExampleBody = keys => keys.Hex(16) + "_" + keys.Hex(40),
            CounterExamples = _ => ["sgp_" + "the_name_of_a_variable_that_is_very_long_1"],
        },
        new TokenRule
        {
            Id = "amp-token",
            Description = "Amp access token",
            Prefixes = ["sgamp_user_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 30,
        },
        new TokenRule { Id = "gitpod-token", Description = "Gitpod access token", Prefixes = ["gitpod_pat_"], Alphabet = TokenAlphabet.Dotted, MinLength = 24, ExampleBody = keys => keys.Alphanumeric(43) },
        new TokenRule { Id = "codesandbox-token", Description = "CodeSandbox API token", Prefixes = ["csb_v1_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 32 },
        new TokenRule
        {
            Id = "phabricator-token",
            Description = "Phabricator Conduit token",
            Prefixes = ["api-", "cli-"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 28,
            MaxLength = 28,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.LowerAlphanumeric, 28),
            CounterExamples = keys => [$"the api-{keys.Hex(8)}-{keys.Hex(4)} instance", "api-documentationgenerationtools", "cli-2.40.1-linux-amd64.tar.gz"],
        },
    ];
}
