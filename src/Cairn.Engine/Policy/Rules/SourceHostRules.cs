namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of places that host source code and packages.</summary>
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
            Pattern = @"gh[pousr]_[A-Za-z0-9](?:[A-Za-z0-9]{19,}|[A-Za-z0-9_.-]{34,}[A-Za-z0-9_-])",
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
        new PatternRule
        {
            Id = "github-fine-grained-token",
            Description = "GitHub fine-grained personal access token",
            Keywords = ["github_pat_"],
            Pattern = @"github_pat_[A-Za-z0-9_]{20,}",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[11..]),
            Examples = keys =>
            [
                new("github_pat_" + keys.Alphanumeric(22) + "_" + keys.Alphanumeric(59)),
                new("GITHUB_TOKEN=", "github_pat_" + keys.Alphanumeric(22) + "_" + keys.Alphanumeric(59), "\n"),
            ],
            CounterExamples = _ => ["github_pat_" + new string('X', 82), "github_pat_" + "and_another_word_for_a_variable", "github_pat_11AAAA"],
        },
        new PatternRule
        {
            Id = "gitlab-token",
            Description = "GitLab token: personal, deploy, runner, job, trigger, feed, mail, agent, OAuth, SCIM or feature flags",
            Keywords = ["glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-"],
            // Routable tokens end in a version and a checksum: ".01.0a1b2c3d4".
            Pattern = @"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_-]{20,}(?:\.[a-z0-9]{2}\.[a-z0-9]{6,12})?",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[(candidate.Value.IndexOf('-') + 1)..]),
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
                new("https://oauth2:", "glpat-" + keys.Base64Url(20), "@gitlab.com/acme/web.git"),
            ],
            CounterExamples = keys =>
            [
                "glpat-" + new string('x', 20),
                "glpat-" + "your-personal-access-token",
                "glpat-" + keys.Alphanumeric(8),
            ],
        },
        new PatternRule
        {
            Id = "npm-token",
            Description = "npm access token",
            Keywords = ["npm_"],
            Pattern = @"npm_[A-Za-z0-9]{36,}",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[4..]),
            Examples = keys =>
            [
                new("npm_" + keys.Alphanumeric(36)),
                new("//npm.example.com/:_authToken=", "npm_" + keys.Alphanumeric(36), "\n"),
            ],
            CounterExamples = _ => ["npm_config_registry=https://npm.example.com/", "npm_" + new string('x', 36), "npm_package_dependencies_of_the_workspace"],
        },
        new PatternRule
        {
            Id = "npmrc-credential",
            Description = "Credential in an .npmrc line",
            Keywords = ["_authtoken", ":_auth", ":_password"],
            Pattern = @"(?:_authToken|:_auth|:_password)\s*=\s*[""']?(?<secret>[A-Za-z0-9_.:/+~-]{7,}[A-Za-z0-9_/+~-]={0,2})",
            Validate = candidate => SecretValue.CountClasses(candidate.Value) >= 2 && !SecretValue.IsStandIn(candidate.Value),
            Examples = keys =>
            [
                new("//npm.acme.internal/:_authToken=", keys.Uuid(), "\n"),
                new("//npm.acme.internal/:_auth = \"", keys.Base64(32), "\"\n"),
                new("//npm.acme.internal/:_password=", keys.Base64(23) + "=", "\n"),
            ],
            CounterExamples = _ =>
            [
                "//npm.example.com/:_authToken=${NPM_TOKEN}",
                "//npm.example.com/:_authToken=$NPM_TOKEN",
                "//npm.example.com/:_authToken=<token>",
                "//npm.example.com/:_authToken=YOUR_NPM_TOKEN_1",
                "//npm.example.com/:_authToken=MYTOKEN1",
                "//npm.example.com/:_authToken=process.env.NPM_TOKEN",
                "npm_config__authToken=xxxxxxxxxxxxxxxx",
            ],
        },
    ];
}
