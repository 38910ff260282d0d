using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Chat, payment, mail, monitoring, databases and office: tokens whose form their makers publish.</summary>
internal static class ServiceTokens
{
    public static IEnumerable<TextKind> All => [.. Chat, .. Payment, .. Mail, .. Monitoring, .. Databases, .. Office];

    private static IEnumerable<TextKind> Chat =>
    [
        Token("slack-bot-token", "Slack bot token", "SLACK_BOT_TOKEN", d => $"xoxb-{d.Digits(12)}-{d.Digits(13)}-{d.Alphanumeric(24)}"),
        Token("slack-user-token", "Slack user token", "SLACK_USER_TOKEN", d => $"xoxp-{d.Digits(12)}-{d.Digits(12)}-{d.Digits(13)}-{d.Hex(32)}"),
        Token("slack-app-token", "Slack app token", "SLACK_APP_TOKEN", d => $"xapp-1-A{d.Upper(10)}-{d.Digits(13)}-{d.Hex(64)}"),
        Token("slack-refresh-token", "Slack config token", "SLACK_REFRESH", d => d.Of("xoxe.xoxp-1-", "xoxe-1-") + d.Alphanumeric(146)),
        Token("slack-session-token", "Slack browser token", "SLACK_MCP_XOXC_TOKEN", d => $"xoxc-{d.Digits(12)}-{d.Digits(12)}-{d.Digits(13)}-{d.Hex(64)}"),
        Token("slack-webhook", "alerts webhook", "SLACK_WEBHOOK_URL", d => $"https://hooks.slack.com/services/T{d.Upper(10)}/B{d.Upper(10)}/{d.Alphanumeric(24)}"),
        Token("discord-bot-token", "Discord bot", "DISCORD_TOKEN", d => $"{d.From("MNO", 1)}{d.Alphanumeric(25)}.{d.Alphanumeric(6)}.{d.UrlSafe(38)}"),
        Token("discord-webhook", "Discord webhook", "DISCORD_WEBHOOK", d => $"https://{d.Of("discord", "discordapp")}.com/api/webhooks/{d.Digits(19)}/{d.UrlSafe(68)}"),
        Token("telegram-bot-token", "Telegram bot", "TELEGRAM_BOT_TOKEN", d => $"{d.Number(1, 9)}{d.Digits(9)}:AA{d.UrlSafe(33)}"),
        Token("teams-webhook", "Teams webhook", "TEAMS_WEBHOOK", d => $"https://{d.Word()}.webhook.office.com/webhookb2/{d.Uuid()}@{d.Uuid()}/IncomingWebhook/{d.Hex(32)}/{d.Uuid()}"),
        Token("google-chat-webhook", "Chat webhook", "GCHAT_WEBHOOK", d => $"https://chat.googleapis.com/v1/spaces/{d.Alphanumeric(11)}/messages?key=AIza{d.UrlSafe(35)}&token={d.UrlSafe(43)}"),
        Token("matrix-access-token", "Matrix bot", "MATRIX_TOKEN", d => $"syt_{Draw.Base64Url(d.Word())}_{d.Alphanumeric(20)}_{d.Alphanumeric(6)}"),
    ];

    private static IEnumerable<TextKind> Payment =>
    [
        Token("stripe-live-key", "Stripe key", "STRIPE_SECRET_KEY", d => "sk_live_" + d.Alphanumeric(24, 99)),
        Token("stripe-test-key", "Stripe test key", "STRIPE_SECRET_KEY", d => "sk_test_" + d.Alphanumeric(24, 99)),
        Token("stripe-restricted-key", "Stripe restricted key", "STRIPE_KEY", d => d.Of("rk_live_", "rk_test_") + d.Alphanumeric(24, 99)),
        Token("stripe-webhook-secret", "Stripe webhook", "STRIPE_WEBHOOK_SECRET", d => "whsec_" + d.Alphanumeric(32, 38)),
        Token("square-token", "Square token", "SQUARE_ACCESS_TOKEN", d => d.Of("sq0atp-" + d.UrlSafe(22), "EAAA" + d.UrlSafe(60))),
        Token("square-secret", "Square secret", "SQUARE_APP_SECRET", d => "sq0csp-" + d.UrlSafe(43)),
        Token("braintree-token", "Braintree token", "BRAINTREE_TOKEN", d => $"access_token${d.Of("production", "sandbox")}${d.Lower(16)}${d.Hex(32)}"),
        Token("shopify-token", "Shopify token", "SHOPIFY_ACCESS_TOKEN", d => d.Of("shpat_", "shpca_", "shppa_") + d.Hex(32)),
        Token("shopify-secret", "Shopify app secret", "SHOPIFY_API_SECRET", d => "shpss_" + d.Hex(32)),
        Token("plaid-access-token", "Plaid item", "PLAID_ACCESS_TOKEN", d => $"access-{d.Of("production", "sandbox", "development")}-{d.Uuid()}"),
        Token("flutterwave-key", "Flutterwave key", "FLW_SECRET_KEY", d => $"FLWSECK{d.Of("_TEST", "")}-{d.Hex(32)}-X"),
        Token("easypost-key", "EasyPost key", "EASYPOST_API_KEY", d => d.Of("EZAK", "EZTK") + d.Alphanumeric(54)),
        Token("shippo-token", "Shippo token", "SHIPPO_TOKEN", d => $"shippo_{d.Of("live", "test")}_{d.Hex(40)}"),
        Token("duffel-token", "Duffel token", "DUFFEL_ACCESS_TOKEN", d => $"duffel_{d.Of("live", "test")}_{d.UrlSafe(43)}"),
    ];

    private static IEnumerable<TextKind> Mail =>
    [
        Token("sendgrid-key", "SendGrid key", "SENDGRID_API_KEY", d => $"SG.{d.UrlSafe(22)}.{d.UrlSafe(43)}"),
        Token("mailgun-key", "Mailgun key", "MAILGUN_API_KEY", d => "key-" + d.Hex(32)),
        Token("mailchimp-key", "Mailchimp key", "MAILCHIMP_API_KEY", d => $"{d.Hex(32)}-us{d.Number(1, 21)}"),
        Token("brevo-key", "Brevo key", "BREVO_API_KEY", d => $"{d.Of("xkeysib", "xsmtpsib")}-{d.Hex(64)}-{d.Alphanumeric(16)}"),
        Token("resend-key", "Resend key", "RESEND_API_KEY", d => $"re_{d.Alphanumeric(8)}_{d.Alphanumeric(24)}"),
        Token("twilio-api-key", "Twilio key", "TWILIO_API_KEY", d => "SK" + d.Hex(32)),
    ];

    private static IEnumerable<TextKind> Monitoring =>
    [
        Token("newrelic-user-key", "New Relic key", "NEW_RELIC_API_KEY", d => "NRAK-" + d.Upper(27)),
        Token("newrelic-insert-key", "New Relic insert key", "NEW_RELIC_INSERT_KEY", d => "NRII-" + d.UrlSafe(32)),
        Token("newrelic-license-key", "New Relic licence", "NEW_RELIC_LICENSE_KEY", d => d.Hex(32) + "FFFFNRAL"),
        Token("grafana-service-token", "Grafana token", "GRAFANA_TOKEN", d => $"glsa_{d.Alphanumeric(32)}_{d.Hex(8)}"),
        Token("grafana-cloud-token", "Grafana Cloud token", "GRAFANA_CLOUD_API_KEY", d => "glc_" + Draw.Base64Url($$"""{"o":"{{d.Digits(6)}}","n":"{{d.Word()}}","k":"{{d.Alphanumeric(24)}}","m":{"r":"eu"} }""")),
        Token("sentry-organization-token", "Sentry token", "SENTRY_AUTH_TOKEN", d => $"sntrys_{Draw.Base64Url($$"""{"iat":17{{d.Digits(8)}}.5,"url":"https://sentry.io","region_url":"https://de.sentry.io","org":"{{d.Word()}}"}""")}_{d.UrlSafe(43)}"),
        Token("sentry-user-token", "Sentry token", "SENTRY_AUTH_TOKEN", d => "sntryu_" + d.Hex(64)),
        Token("dynatrace-token", "Dynatrace token", "DT_API_TOKEN", d => $"dt0{d.Of("c01", "s16")}.{d.Base32(24)}.{d.Base32(64)}"),
        Token("posthog-personal-key", "PostHog personal key", "POSTHOG_PERSONAL_API_KEY", d => "phx_" + d.Alphanumeric(43, 47)),
        Token("axiom-token", "Axiom token", "AXIOM_TOKEN", d => d.Of("xaat-", "xapt-") + d.Uuid()),
        Token("launchdarkly-key", "LaunchDarkly key", "LAUNCHDARKLY_SDK_KEY", d => d.Of("sdk-", "api-") + d.Uuid()),
    ];

    private static IEnumerable<TextKind> Databases =>
    [
        Token("databricks-token", "Databricks token", "DATABRICKS_TOKEN", d => "dapi" + d.Hex(32) + d.Of("", "-2", "-3")),
        Token("planetscale-token", "PlanetScale token", "PLANETSCALE_SERVICE_TOKEN", d => "pscale_tkn_" + d.UrlSafe(43)),
        Token("planetscale-password", "PlanetScale branch password", "PSCALE", d => "pscale_pw_" + d.UrlSafe(43)),
        Token("neon-key", "Neon key", "NEON_API_KEY", d => "napi_" + d.Lower(64)),
        Token("atlas-service-secret", "Atlas service account", "MONGODB_ATLAS_CLIENT_SECRET", d => "mdb_sa_sk_" + d.UrlSafe(40)),
        Token("supabase-access-token", "Supabase token", "SUPABASE_ACCESS_TOKEN", d => "sbp_" + d.Hex(40)),
        Token("supabase-secret-key", "Supabase secret key", "SUPABASE_SECRET_KEY", d => $"sb_secret_{d.UrlSafe(22)}_{d.UrlSafe(8)}"),
        Token("supabase-service-role", "service role key", "SUPABASE_SERVICE_ROLE_KEY", d =>
            d.JsonWebToken($$"""{"iss":"supabase","ref":"{{d.Lower(20)}}","role":"service_role","iat":16{{d.Digits(8)}},"exp":20{{d.Digits(8)}}}""")),
        Token("aiven-password", "Aiven password", "AIVEN_PASSWORD", d => "AVNS_" + d.UrlSafe(19)),
        Token("contentful-token", "Contentful token", "CONTENTFUL_MANAGEMENT_TOKEN", d => "CFPAT-" + d.UrlSafe(43)),
    ];

    private static IEnumerable<TextKind> Office =>
    [
        Token("linear-key", "Linear key", "LINEAR_API_KEY", d => d.Of("lin_api_", "lin_oauth_") + d.Alphanumeric(40)),
        Token("notion-token", "Notion token", "NOTION_TOKEN", d => d.Chance(0.5) ? "secret_" + d.Alphanumeric(43) : "ntn_" + d.Digits(11) + d.Alphanumeric(35)),
        Token("airtable-token", "Airtable token", "AIRTABLE_TOKEN", d => $"pat{d.Alphanumeric(14)}.{d.Hex(64)}"),
        Token("asana-token", "Asana token", "ASANA_ACCESS_TOKEN", d => $"{d.Of("1", "2")}/{d.Digits(16)}{d.Of("", "/" + d.Digits(16))}:{d.Hex(32)}"),
        Token("atlassian-token", "Jira token", "JIRA_API_TOKEN", d => $"ATATT3xFfGF0{d.UrlSafe(171)}={d.UpperHex(8)}"),
        Token("trello-token", "Trello token", "TRELLO_TOKEN", d => "ATTA" + d.Hex(72)),
        Token("figma-token", "Figma token", "FIGMA_TOKEN", d => d.Of("figd_", "figdr_") + d.UrlSafe(40)),
        Token("postman-key", "Postman key", "POSTMAN_API_KEY", d => $"PMAK-{d.Hex(24)}-{d.Hex(34)}"),
        Token("typeform-token", "Typeform token", "TYPEFORM_TOKEN", d => $"tfp_{d.UrlSafe(44)}_{d.Alphanumeric(14)}"),
        Token("hubspot-token", "HubSpot token", "HUBSPOT_TOKEN", d => $"pat-{d.Of("na1", "eu1")}-{d.Uuid()}"),
        Token("dropbox-token", "Dropbox token", "DROPBOX_ACCESS_TOKEN", d => $"sl.{d.Of("", "u.")}{d.UrlSafe(136)}"),
        Token("mapbox-secret-token", "Mapbox token", "MAPBOX_SECRET_TOKEN", d => $"sk.{Draw.Base64Url($$"""{"u":"{{d.Word()}}","a":"cl{{d.Lower(23)}}"}""")}.{d.UrlSafe(22)}"),
        Token("facebook-token", "Facebook page token", "FB_PAGE_TOKEN", d => d.Of("EAACEdEose0cBA", "EAAG", "EAAM") + d.Alphanumeric(150)),
        Token("twitter-bearer-token", "X bearer", "TWITTER_BEARER", d => $"AAAAAAAAAAAAAAAAAAAAA{d.Alphanumeric(20)}%3D{d.Alphanumeric(60)}"),
        Token("json-web-token", "session", "SESSION", d => d.JsonWebToken()),
    ];
}
