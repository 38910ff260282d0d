namespace Cairn.Engine.Policy.Rules;

/// <summary>Tokens of platforms that host applications and sites, and of the networks in front of them.</summary>
internal static class PlatformRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule { Id = "cloudflare-token", Description = "Cloudflare API token or global key", Prefixes = ["cfut_", "cfat_", "cfk_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 40, MaxLength = 64 },
        new TokenRule
        {
            Id = "cloudflare-origin-ca-key",
            Description = "Cloudflare origin CA key",
            Prefixes = ["v1.0-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 171,
            Validate = candidate => SecretValue.IsOpaque(candidate.Value) && TokenBody.IsHex(candidate.Value, "-"),
            ExampleBody = keys => $"{keys.Hex(24)}-{keys.Hex(146)}",
        },
        // {"a":" in base64: the account's id stands first.
        new TokenRule { Id = "cloudflare-tunnel-token", Description = "Cloudflare tunnel token", Prefixes = ["eyJhIjoi"], Alphabet = TokenAlphabet.Base64, MinLength = 120 },
        new TokenRule
        {
            Id = "cloudflare-turnstile-secret",
            Description = "Cloudflare Turnstile secret key",
            Prefixes = ["0x4AAAA"],
            Alphabet = TokenAlphabet.Base64Url,
            // The public key of a site starts alike and has 17.
            MinLength = 26,
            MaxLength = 32,
            CounterExamples = keys => ["0x4AAAA" + keys.Alphanumeric(17)],
        },
        new TokenRule { Id = "fly-token", Description = "Fly.io token", Prefixes = ["fo1_", "fm1r_", "fm1a_", "fm2_"], Alphabet = TokenAlphabet.Base64, MinLength = 40, ExampleBody = keys => keys.Alphanumeric(100) },
        new TokenRule { Id = "heroku-api-key", Description = "Heroku API key", Prefixes = ["HRKU-"], Alphabet = TokenAlphabet.Base64Url, MinLength = 36 },
        new TokenRule { Id = "netlify-token", Description = "Netlify token", Prefixes = ["nfp_", "nfo_", "nfu_", "nfc_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 36 },
        new TokenRule
        {
            Id = "vercel-token",
            Description = "Vercel token: personal, of an integration, an app, a refresh, or AI gateway key",
            Prefixes = ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 24,
        },
        new TokenRule { Id = "vercel-blob-token", Description = "Vercel Blob token", Prefixes = ["vercel_blob_rw_"], Alphabet = TokenAlphabet.Word, MinLength = 30 },
        new TokenRule
        {
            Id = "render-api-key",
            Description = "Render API key",
            Prefixes = ["rnd_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 28,
            MaxLength = 40,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Alphanumeric, 32),
        },
        new TokenRule { Id = "dnsimple-token", Description = "DNSimple API token", Prefixes = ["dnsimple_a_", "dnsimple_u_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule { Id = "porkbun-secret-key", Description = "Porkbun secret API key", Prefixes = ["sk1_"], Alphabet = TokenAlphabet.Hex, MinLength = 64, MaxLength = 64 },
        new TokenRule { Id = "val-town-token", Description = "Val Town API token", Prefixes = ["vtwn_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 24 },
        new TokenRule { Id = "qovery-token", Description = "Qovery API token", Prefixes = ["qov_"], Alphabet = TokenAlphabet.Word, MinLength = 40, Validate = TokenBody.IsRandom },
        new TokenRule { Id = "apify-token", Description = "Apify API token", Prefixes = ["apify_api_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 30 },
        new TokenRule
        {
            Id = "browserbase-api-key",
            Description = "Browserbase API key",
            Prefixes = ["bb_live_", "bb_test_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 24,
            Validate = TokenBody.IsRandom,
            ExampleBody = TokenBody.Random(TokenAlphabet.Base64Url, 27),
        },
    ];
}
