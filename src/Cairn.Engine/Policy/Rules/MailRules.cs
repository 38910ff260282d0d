namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys of mail services.</summary>
internal static class MailRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule
        {
            Id = "sendgrid-api-key",
            Description = "SendGrid API key",
            Prefixes = ["SG."],
            Alphabet = TokenAlphabet.Dotted,
            MinLength = 60,
            ExampleBody = static keys => $"{keys.Base64Url(22)}.{keys.Base64Url(43)}",
        },
        new TokenRule
        {
            Id = "mailgun-api-key",
            Description = "Mailgun API key",
            Prefixes = ["key-"],
            Alphabet = TokenAlphabet.LowerAlphanumeric,
            MinLength = 32,
            MaxLength = 32,
            Validate = StandsAlone,
            ExampleBody = static keys => keys.Hex(28) + keys.Digits(3) + "f",
            CounterExamples = keys => [$"idempotency-key-{keys.Hex(32)}", "key-" + "value-store-with-a-long-name-in-it"],
        },
        new PatternRule
        {
            Id = "mailgun-signing-key",
            Description = "Mailgun private API or signing key",
            Keywords = ["mailgun"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[0-9a-f]{{32}}-[0-9a-f]{{8}}-[0-9a-f]{{8}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("MAILGUN_API_KEY=", $"{keys.Hex(32)}-{keys.Hex(8)}-{keys.Hex(8)}", "\n"),
                new("mailgun: '", $"{keys.Hex(32)}-{keys.Hex(8)}-{keys.Hex(8)}", "'"),
            ],
            CounterExamples = keys =>
            [
                "mailgun " + new string('0', 32) + "-00000000-00000000",
                $"mailgun in commit {keys.Hex(40)}",
            ],
        },
        new PatternRule
        {
            Id = "mailchimp-api-key",
            Description = "Mailchimp API key",
            Keywords = ["-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9"],
            Pattern = @$"{PatternRule.TokenStart}(?<secret>[0-9a-f]{{32}}-us[0-9]{{1,2}})",
            Validate = static candidate => SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new(keys.Hex(32) + "-us12"),
                new("apikey: \"", keys.Hex(32) + "-us6", "\""),
            ],
            CounterExamples = keys =>
            [
                new string('0', 32) + "-us1",
                $"{keys.Hex(31)}-us12",
            ],
        },
        new TokenRule
        {
            Id = "mandrill-api-key",
            Description = "Mandrill API key",
            Prefixes = ["md-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 22,
            MaxLength = 22,
            Validate = static candidate => SecretValue.CountClasses(candidate.Value) == 3 && SecretValue.CountDigits(candidate.Value) >= 2 && SecretValue.IsOpaque(candidate.Value),
            ExampleBody = static keys => keys.Alphanumeric(16) + "aB3" + keys.Digits(3),
            CounterExamples = _ => ["cmd-" + "line-arguments-2024-v2", "md-" + "button-raised-Primary1"],
        },
        new TokenRule
        {
            Id = "resend-api-key",
            Description = "Resend API key",
            Prefixes = ["re_"],
            Alphabet = TokenAlphabet.Word,
            MinLength = 28,
            MaxLength = 44,
            Validate = IsResendKey,
            ExampleBody = static keys => $"{keys.Alphanumeric(8)}_{keys.Alphanumeric(21)}A1b",
        },
        new TokenRule
        {
            Id = "brevo-key",
            Description = "Brevo (Sendinblue) API or SMTP key",
            Prefixes = ["xkeysib-", "xsmtpsib-"],
            Alphabet = TokenAlphabet.Base64Url,
            MinLength = 60,
            ExampleBody = static keys => $"{keys.Hex(64)}-{keys.Alphanumeric(16)}",
        },
        new TokenRule { Id = "mailersend-token", Description = "MailerSend API token", Prefixes = ["mlsn."], Alphabet = TokenAlphabet.Hex, MinLength = 60 },
        new TokenRule
        {
            Id = "klaviyo-api-key",
            Description = "Klaviyo private API key",
            Prefixes = ["pk_"],
            Alphabet = TokenAlphabet.Hex,
            MinLength = 34,
            MaxLength = 34,
        },
        new TokenRule { Id = "nylas-api-key", Description = "Nylas API key", Prefixes = ["nyk_v0_", "nyk_"], Alphabet = TokenAlphabet.Alphanumeric, MinLength = 40 },
    ];

    /// <summary>Not the end of a longer name ("idempotency-key-...").</summary>
    private static bool StandsAlone(SecretCandidate candidate)
    {
        var before = candidate.Before[..^"key-".Length];
        return (before.IsEmpty || before[^1] is not ('_' or '-')) && SecretValue.CountDigits(candidate.Value) >= 4 && SecretValue.IsOpaque(candidate.Value);
    }

    /// <summary>Two random parts; the names that start with re_ have more parts, or none with digits and capitals.</summary>
    private static bool IsResendKey(SecretCandidate candidate)
    {
        var separator = candidate.Value.IndexOf('_');
        return separator is >= 6 and <= 12
            && !candidate.Value[(separator + 1)..].Contains('_')
            && SecretValue.CountClasses(candidate.Value[(separator + 1)..]) == 3
            && SecretValue.IsOpaque(candidate.Value);
    }
}
