namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of services that build, test, inspect and ship code.</summary>
internal static class CiRules
{
    private const int HarnessAccount = 22;
    private const int HarnessId = 24;
    private const int HarnessSecret = 20;

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule
        {
            Id = "circleci-token",
            Description = "CircleCI token, personal or of a project",
            Prefixes = ["CCIPAT_", "CCIPRJ_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 40,
            ExampleBody = keys => keys.Alphanumeric(22) + "_" + keys.Hex(40),
        },
        new TokenRule
        {
            Id = "buildkite-token",
            Description = "Buildkite token: user, agent, job, cluster, portal or package registry",
            Prefixes = ["bkua_", "bkaa_", "bkaj_", "bkar_", "bkct_", "bkat_", "bkps_", "bkpt_", "bkrt_", "bkpat_"],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 24,
            ExampleBody = keys => keys.Hex(40),
        },
        new PatternRule
        {
            Id = "jenkins-api-token",
            Description = "Jenkins API token beside the name Jenkins",
            Keywords = ["jenkins"],
            Pattern = $"{PatternRule.TokenStart}(?<secret>11[0-9a-f]{{32,}})",
            Validate = candidate => candidate.Value.Length == 34 && SecretValue.IsOpaque(candidate.Value),
            Examples = keys => [new("Jenkins user ci, token ", "11" + keys.Hex(32), ""), new("JENKINS_API_TOKEN=", "11" + keys.Hex(32), "\n")],
            CounterExamples = keys => [$"Jenkins built 11{keys.Hex(38)}", $"jenkins-{new string('1', 34)}"],
        },
        new TokenRule
        {
            Id = "harness-token",
            Description = "Harness API key, personal or of a service account",
            Prefixes = ["pat.", "sat."],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = HarnessAccount + HarnessId + HarnessSecret + 2,
            MaxLength = HarnessAccount + HarnessId + HarnessSecret + 2,
            Validate = candidate => SecretValue.IsOpaque(candidate.Value) && TokenBody.HasParts(candidate.Value, '.', HarnessAccount, HarnessId, HarnessSecret),
            ExampleBody = keys => $"{keys.Base64Url(HarnessAccount)}.{keys.Hex(HarnessId)}.{keys.Alphanumeric(HarnessSecret)}",
            CounterExamples = _ => ["pat.configuration.of.the.second.pattern.matcher-and-some-more-words.v2.txt"],
        },
        new TokenRule { Id = "sonar-token", Description = "SonarQube or SonarCloud token", Prefixes = ["sqp_", "squ_", "sqa_", "sqb_"], Alphabet = TokenAlphabet.Hex, MinLength = 40, MaxLength = 40 },
        new TokenRule
        {
            Id = "snyk-token",
            Description = "Snyk access token",
            Prefixes = ["snyk_uat.", "snyk_sat."],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 30,
            ExampleBody = keys => $"{keys.Hex(8)}.{keys.Alphanumeric(64)}.{keys.Alphanumeric(43)}",
        },
        new TokenRule
        {
            Id = "octopus-deploy-api-key",
            Description = "Octopus Deploy API key",
            Prefixes = ["API-"],
            Alphabet = TokenAlphabet.UpperAlphanumeric,
            MinLength = 25,
            MaxLength = 34,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.UpperAlphanumeric, 26),
            CounterExamples = _ => ["API-REFERENCEGUIDEFORDEVELOPERS1", "API-GATEWAY-AUTHENTICATION-2024"],
        },
        new TokenRule
        {
            Id = "appveyor-token",
            Description = "AppVeyor API token",
            Prefixes = ["v2."],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 20,
            MaxLength = 20,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.LowerAlphanumeric, 20),
            CounterExamples = _ => ["v2.authenticationservice", "since v2.0.0-alpha20241101"],
        },
        new PatternRule
        {
            Id = "jetbrains-token",
            Description = "JetBrains permanent token: Hub, YouTrack, Space, Marketplace",
            Keywords = ["perm:", "perm-"],
            Pattern = PatternRule.TokenStart + @"(?<secret>perm[:-][A-Za-z0-9=_-]{4,}\.[A-Za-z0-9=_-]{4,}\.[A-Za-z0-9=_-]{20,})",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[5..]) && SecretValue.CountClasses(candidate.Value[(candidate.Value.LastIndexOf('.') + 1)..]) >= 2,
            Examples = keys =>
            [
                new("perm:" + $"{keys.LowerAlphanumeric(12)}=.{keys.LowerAlphanumeric(10)}==.{keys.Alphanumeric(30)}"),
                new("Bearer ", "perm-" + $"{keys.LowerAlphanumeric(12)}.{keys.LowerAlphanumeric(10)}.{keys.Alphanumeric(42)}", "\n"),
            ],
            CounterExamples = _ => ["perm:read.write.administrationofthewholesystem", "perm-settings.example.documentation-of-the-setting1"],
        },
        // The header {"typ": "TCV2"} in base64.
        new TokenRule { Id = "teamcity-token", Description = "TeamCity access token", Prefixes = ["eyJ0eXAiOiAiVENWMiJ9."], Alphabet = TokenAlphabet.Dotted, MinLength = 40 },
        new TokenRule { Id = "depot-token", Description = "Depot token", Prefixes = ["depot_org_", "depot_user_", "depot_project_"], Alphabet = TokenAlphabet.Hex, MinLength = 40 },
        new TokenRule { Id = "namespace-token", Description = "Namespace token", Prefixes = ["nsct_", "nsrt_"], Alphabet = TokenAlphabet.Word, MinLength = 30 },
        new TokenRule { Id = "deepsource-token", Description = "DeepSource personal access token", Prefixes = ["dsp_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 36, MaxLength = 48 },
        new TokenRule
        {
            Id = "chromatic-token",
            Description = "Chromatic project token",
            Prefixes = ["chpt_"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 12,
            MaxLength = 40,
            Validate = candidate => TokenBody.EndsToken(candidate) && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = keys => keys.Hex(14) + "e7",
        },
        new TokenRule { Id = "socket-token", Description = "Socket API token", Prefixes = ["sktsec_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 30 },
        new TokenRule { Id = "spectral-token", Description = "Spectral key", Prefixes = ["spu-", "spk-"], Alphabet = TokenAlphabet.Hex, MinLength = 32, MaxLength = 32 },
    ];
}
