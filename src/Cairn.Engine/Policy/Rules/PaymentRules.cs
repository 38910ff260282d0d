namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of payment, commerce and shipping services.</summary>
internal static class PaymentRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "stripe-secret-key",
            Description = "Stripe secret or restricted key, live or test",
            Keywords = ["k_live_", "k_test_", "k_prod_"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[sr]k_(?:live|test|prod)_[A-Za-z0-9]{{16,}})",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[8..]),
            Examples = keys =>
            [
                new("sk_" + "live_" + keys.Alphanumeric(24)),
                new("sk_" + "live_" + "51" + keys.Alphanumeric(97)),
                new("sk_" + "test_" + keys.Alphanumeric(24)),
                new("rk_" + "live_" + keys.Alphanumeric(24)),
                new("rk_" + "test_" + keys.Alphanumeric(24)),
                new("curl -u ", "sk_" + "test_" + keys.Alphanumeric(24), ": https://api.stripe.com/v1/charges"),
            ],
            CounterExamples = keys =>
            [
                "pk_" + "live_" + keys.Alphanumeric(24),
                "pk_" + "test_" + keys.Alphanumeric(99),
                "sk_" + "live_" + new string('x', 24),
                "sk_" + "test_" + "yourstripesecretkey",
                "def task_" + "test_" + keys.Alphanumeric(24),
            ],
        },
        new PatternRule
        {
            Id = "stripe-webhook-secret",
            Description = "Signing secret of a Stripe (or Svix) webhook",
            Keywords = ["whsec_"],
            Pattern = @"whsec_[A-Za-z0-9+/]{24,}={0,2}",
            Validate = candidate => SecretValue.IsOpaque(candidate.Value[6..]),
            Examples = keys => [new("whsec_" + keys.Alphanumeric(32)), new("whsec_" + keys.Hex(64)), new("whsec_" + keys.Base64(43) + "=")],
            CounterExamples = _ => ["whsec_" + new string('x', 32), "whsec_" + "yourendpointssigningsecret", "whsec_..."],
        },
        new TokenRule
        {
            Id = "square-token",
            Description = "Square access token or application secret",
            Prefixes = ["sq0atp-", "sq0csp-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 22,
        },
        new TokenRule
        {
            Id = "square-access-token",
            Description = "Square access token",
            Prefixes = ["EAAA"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 56,
            MaxLength = 64,
            Validate = static candidate => SecretValue.CountClasses(candidate.Value) == 3 && SecretValue.IsOpaque(candidate.Value),
        },
        new PatternRule
        {
            Id = "braintree-access-token",
            Description = "PayPal Braintree access token",
            Keywords = ["access_token$"],
            Pattern = @"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
            Examples = keys =>
            [
                new("access_token" + "$production$" + keys.LowerAlphanumeric(16) + "$" + keys.Hex(32)),
                new("token: ", "access_token" + "$sandbox$" + keys.LowerAlphanumeric(16) + "$" + keys.Hex(32), "\n"),
            ],
            CounterExamples = keys =>
            [
                "access_token" + "$production$merchant$token",
                "access_token" + "$1",
            ],
        },
        new TokenRule
        {
            Id = "flutterwave-secret-key",
            Description = "Flutterwave secret key",
            Prefixes = ["FLWSECK_TEST-", "FLWSECK-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 12,
            ExampleBody = static keys => keys.Hex(31) + "7-X",
        },
        new TokenRule
        {
            Id = "live-or-test-key",
            Description = "Key of Mollie, Lob or GoCardless, live or test",
            Prefixes = ["live_", "test_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 30,
            MaxLength = 44,
            Validate = IsModeKey,
            ExampleBody = static keys => keys.Hex(35),
            CounterExamples = keys => ["test_saves_the_entry_when_the_project_is_known", $"pk_{"live"}_{keys.Alphanumeric(32)}", "live_stream_2024_01_02_03_04_05_part_1_final"],
        },
        new TokenRule
        {
            Id = "plaid-access-token",
            Description = "Plaid access token",
            Prefixes = ["access-sandbox-", "access-development-", "access-production-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 36,
            MaxLength = 36,
            ExampleBody = static keys => keys.Uuid(),
        },
        new TokenRule
        {
            Id = "checkout-secret-key",
            Description = "Checkout.com sandbox secret key",
            Prefixes = ["sk_sbox_"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 20,
        },
        new TokenRule
        {
            Id = "paddle-api-key",
            Description = "Paddle API key",
            Prefixes = ["pdl_live_apikey_", "pdl_sdbx_apikey_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 40,
        },
        new TokenRule
        {
            Id = "shopify-token",
            Description = "Shopify access token or shared secret",
            Prefixes = ["shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shprt_", "shpua_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 32,
        },
        new TokenRule
        {
            Id = "woocommerce-key",
            Description = "WooCommerce consumer key or secret",
            Prefixes = ["ck_", "cs_"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 40,
            MaxLength = 40,
        },
        new TokenRule
        {
            Id = "duffel-token",
            Description = "Duffel access token",
            Prefixes = ["duffel_live_", "duffel_test_"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 40,
        },
        new TokenRule
        {
            Id = "easypost-api-key",
            Description = "EasyPost API key",
            Prefixes = ["EZAK", "EZTK"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 54,
            MaxLength = 56,
        },
        new TokenRule
        {
            Id = "shippo-token",
            Description = "Shippo API token",
            Prefixes = ["shippo_live_", "shippo_test_"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 40,
        },
        new TokenRule
        {
            Id = "polar-token",
            Description = "Polar access token",
            Prefixes = ["polar_oat_", "polar_pat_"],
            Alphabet = TokenAlphabet.Alphanumeric,
            MinLength = 30,
        },
        new TokenRule { Id = "liveblocks-secret-key", Description = "Liveblocks secret key", Prefixes = ["sk_dev_"], Alphabet = TokenAlphabet.Base64Url, MinLength = 40 },
        new TokenRule
        {
            Id = "secret-token-uri",
            Description = "Secret token URI (RFC 8959)",
            Prefixes = ["secret-token:"],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 16,
            Validate = static candidate => candidate.Value.ContainsAnyInRange('0', '9') && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = static keys => "mercury_production_" + keys.Alphanumeric(20) + keys.Digits(1),
        },
        new TokenRule { Id = "svix-api-key", Description = "Svix API key", Prefixes = ["testsk_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 24 },
    ];

    /// <summary>A key behind live_ or test_ is one run of random characters; a test's or a file's name has words between separators.</summary>
    private static bool IsModeKey(SecretCandidate candidate)
    {
        var before = candidate.Before[..^"live_".Length];
        return (before.IsEmpty || before[^1] is not ('_' or '-'))
            && candidate.Value.Count('_') + candidate.Value.Count('-') <= 2
            && SecretValue.CountDigits(candidate.Value) >= 5
            && SecretValue.IsOpaque(candidate.Value);
    }
}
