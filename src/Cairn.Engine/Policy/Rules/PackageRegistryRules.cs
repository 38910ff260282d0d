namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of package and image registries.</summary>
internal static class PackageRegistryRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule
        {
            Id = "npm-token",
            Description = "npm access token",
            Prefixes = ["npm_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 36,
            CounterExamples = _ => ["npm_config_registry=https://npm.example.com/", "npm_package_dependencies_of_the_workspace"],
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
        // A macaroon in base64: behind "pypi-" stand its version and the name of the site.
        new TokenRule { Id = "pypi-token", Description = "PyPI or TestPyPI upload token", Prefixes = ["pypi-AgE"], Alphabet = TokenAlphabet.Base64Url, MinLength = 50 },
        new TokenRule { Id = "rubygems-api-key", Description = "RubyGems API key", Prefixes = ["rubygems_"], Alphabet = TokenAlphabet.Hex, MinLength = 48 },
        new TokenRule
        {
            Id = "crates-io-token",
            Description = "crates.io API token",
            Prefixes = ["cio"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 32,
            MaxLength = 32,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 32),
            CounterExamples = _ => ["cioThisIsALongNameInCamelCaseIndeed", "La decisione di ciostruirebbeunaparolamoltolunga"],
        },
        new TokenRule
        {
            Id = "nuget-api-key",
            Description = "NuGet API key",
            Prefixes = ["oy2"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 43,
            MaxLength = 43,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.LowerAlphanumeric, 43),
        },
        new TokenRule { Id = "clojars-token", Description = "Clojars deploy token", Prefixes = ["CLOJARS_"], Alphabet = TokenAlphabet.LowerAlphanumeric, MinLength = 60 },
        new TokenRule
        {
            Id = "docker-hub-token",
            Description = "Docker Hub access token, personal or of an organisation",
            Prefixes = ["dckr_pat_", "dckr_oat_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 24,
        },
        new TokenRule
        {
            Id = "docker-swarm-token",
            Description = "Docker Swarm join token or unlock key",
            Prefixes = ["SWMTKN-1-", "SWMKEY-1-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 40,
        },
        new TokenRule
        {
            Id = "jfrog-token",
            Description = "JFrog API key or reference token",
            // "reftkn" in base64.
            Prefixes = ["AKCp", "cmVmdGtu"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 55,
            MaxLength = 75,
        },
        new TokenRule
        {
            Id = "packagist-token",
            Description = "Private Packagist token",
            Prefixes = ["packagist_out_", "packagist_uut_", "packagist_ort_", "packagist_urt_", "packagist_ack_"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 40,
        },
        new TokenRule
        {
            Id = "open-vsx-token",
            Description = "Open VSX access token",
            Prefixes = ["ovsxat_", "ovsxp_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            Validate = TokenBody.IsUuid,
            ExampleBody = keys => keys.Uuid(),
        },
        new TokenRule { Id = "deno-deploy-token", Description = "Deno Deploy token", Prefixes = ["ddp_", "ddo_", "ddw_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule { Id = "jsr-token", Description = "JSR token", Prefixes = ["jsrp_", "jsrd_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule
        {
            Id = "kaggle-token",
            Description = "Kaggle API token",
            Prefixes = ["KGAT_"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 32,
        },
    ];
}
