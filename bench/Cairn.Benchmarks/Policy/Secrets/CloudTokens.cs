using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Clouds, hosting and the tools that describe them: tokens whose form their makers publish.</summary>
internal static class CloudTokens
{
    public static IEnumerable<TextKind> All =>
    [
        Token("aws-access-key-id", "AWS key", "AWS_ACCESS_KEY_ID", d => "AKIA" + d.Base32(16)),
        Token("aws-temporary-key-id", "AWS STS key", "AWS_ACCESS_KEY_ID", d => "ASIA" + d.Base32(16)),
        Token("aws-session-token", "AWS session token", "AWS_SESSION_TOKEN", d => "IQoJb3JpZ2luX2Vj" + d.Base64Text(d.Number(200, 400)) + "=="),
        Token("aws-bedrock-key", "Bedrock key", "AWS_BEARER_TOKEN_BEDROCK", d => "ABSK" + Base64("BedrockAPIKey-" + d.Lower(4) + "-at-" + d.Digits(12) + ":" + d.Base64(33))),
        Token("aws-mws-token", "MWS auth token", "MWS_AUTH_TOKEN", d => "amzn.mws." + d.Uuid()),
        Token("gcp-api-key", "Google API key", "GOOGLE_API_KEY", d => "AIza" + d.UrlSafe(35)),
        Token("gcp-oauth-access-token", "gcloud access token", "GCP_TOKEN", d => "ya29." + d.Of("a0", "c.b0") + d.UrlSafe(d.Number(120, 200))),
        Token("gcp-oauth-refresh-token", "Google refresh token", "GOOGLE_REFRESH_TOKEN", d => "1//0" + d.UrlSafe(d.Number(60, 100))),
        Token("gcp-oauth-client-secret", "OAuth client secret", "GOOGLE_CLIENT_SECRET", d => "GOCSPX-" + d.UrlSafe(28)),
        Token("azure-client-secret", "Entra app secret", "AZURE_CLIENT_SECRET", d => d.Alphanumeric(3) + d.Digits(1) + "Q~" + d.UrlSafe(34)),
        Token("azure-devops-pat", "Azure DevOps PAT", "AZURE_DEVOPS_EXT_PAT", d => d.Alphanumeric(76) + "AZDO" + d.Alphanumeric(4)),
        Token("azure-container-registry-key", "ACR password", "ACR_PASSWORD", d => d.Alphanumeric(42) + "+ACR" + d.Alphanumeric(6)),
        Token("azure-search-key", "Azure AI Search key", "AZURE_SEARCH_KEY", d => d.Alphanumeric(42) + "AzSe" + d.From("ABCD", 1) + d.Alphanumeric(5)),
        Token("azure-function-key", "function key", "FUNCTION_KEY", d => d.UrlSafe(44) + "AzFu" + d.Alphanumeric(5) + d.From("AQgw", 1) + "=="),
        Token("digitalocean-token", "DigitalOcean token", "DIGITALOCEAN_TOKEN", d => d.Of("dop_v1_", "doo_v1_", "dor_v1_") + d.Hex(64)),
        Token("cloudflare-scannable-token", "Cloudflare token", "CLOUDFLARE_API_TOKEN", d => d.Of("cfut_", "cfat_", "cfk_") + d.Alphanumeric(40) + d.Hex(8)),
        Token("cloudflare-origin-ca-key", "origin CA key", "CF_ORIGIN_KEY", d => $"v1.0-{d.Hex(24)}-{d.Hex(146)}"),
        Token("fly-token", "Fly token", "FLY_API_TOKEN", d => "fm2_" + d.Base64Text(d.Number(120, 250)) + "=="),
        Token("fly-personal-token", "Fly token", "FLY_ACCESS_TOKEN", d => "fo1_" + d.UrlSafe(43)),
        Token("heroku-token", "Heroku token", "HEROKU_TOKEN", d => "HRKU-AA" + d.UrlSafe(58)),
        Token("netlify-token", "Netlify token", "NETLIFY_AUTH_TOKEN", d => "nfp_" + d.Alphanumeric(36)),
        Token("render-key", "Render key", "RENDER_API_KEY", d => "rnd_" + d.Alphanumeric(32)),
        Token("vercel-blob-token", "Vercel Blob token", "BLOB_READ_WRITE_TOKEN", d => $"vercel_blob_rw_{d.Alphanumeric(16)}_{d.Alphanumeric(30)}"),
        Token("alibaba-key-id", "Aliyun key", "ALICLOUD_ACCESS_KEY", d => "LTAI5t" + d.Alphanumeric(18)),
        Token("tencent-key-id", "Tencent secret id", "TENCENTCLOUD_SECRET_ID", d => "AKID" + d.Alphanumeric(32)),
        Token("yandex-api-key", "Yandex key", "YC_API_KEY", d => "AQVN" + d.UrlSafe(36)),
        Token("yandex-iam-token", "Yandex IAM token", "YC_TOKEN", d => $"t1.{d.UrlSafe(d.Number(100, 180))}.{d.UrlSafe(86)}"),
        Token("terraform-cloud-token", "Terraform Cloud token", "TF_TOKEN_app_terraform_io", d => $"{d.Alphanumeric(14)}.atlasv1.{d.UrlSafe(67)}"),
        Token("pulumi-token", "Pulumi token", "PULUMI_ACCESS_TOKEN", d => "pul-" + d.Hex(40)),
        Token("vault-service-token", "Vault token", "VAULT_TOKEN", d => "hvs." + d.UrlSafe(d.Number(90, 110))),
        Token("vault-batch-token", "Vault batch token", "VAULT_TOKEN", d => "hvb." + d.UrlSafe(d.Number(138, 160))),
        Token("doppler-token", "Doppler token", "DOPPLER_TOKEN", d => d.Of("dp.pt.", "dp.st.prd.", "dp.ct.") + d.Alphanumeric(d.Number(40, 44))),
        Token("onepassword-service-token", "1Password service account", "OP_SERVICE_ACCOUNT_TOKEN", d => "ops_" + Draw.Base64Url($$"""{"signInAddress":"team.1password.com","userAuth":{"method":"SRPg-4096"},"email":"{{d.Lower(13)}}@1passwordserviceaccounts.com","srpX":"{{d.Hex(64)}}","deviceUuid":"{{d.Lower(26)}}"}""")),
        Token("onepassword-secret-key", "1Password secret key", "OP_SECRET_KEY", d => $"A3-{d.Upper(6)}-{d.Upper(6)}-{d.Upper(5)}-{d.Upper(5)}-{d.Upper(5)}-{d.Upper(5)}"),
        Token("infracost-key", "Infracost key", "INFRACOST_API_KEY", d => "ico-" + d.Alphanumeric(32)),
        Token("tailscale-auth-key", "Tailscale key", "TS_AUTHKEY", d => $"tskey-auth-k{d.Alphanumeric(11)}CNTRL-{d.Alphanumeric(32)}"),
        Token("tailscale-api-key", "Tailscale API key", "TAILSCALE_API_KEY", d => $"tskey-api-k{d.Alphanumeric(11)}CNTRL-{d.Alphanumeric(32)}"),
        Token("openshift-token", "cluster login", "OC_TOKEN", d => "sha256~" + d.UrlSafe(43)),
        Token("harness-token", "Harness token", "HARNESS_API_KEY", d => $"pat.{d.Alphanumeric(22)}.{d.Hex(24)}.{d.Alphanumeric(20)}"),
        Token("octopus-key", "Octopus key", "OCTOPUS_CLI_API_KEY", d => "API-" + d.Upper(26)),
        Token("kubernetes-service-account-token", "service account token", "KUBE_TOKEN", d =>
            d.JsonWebToken($$"""{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"{{d.Word()}}","sub":"system:serviceaccount:{{d.Word()}}:default"}""")),
    ];

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text));
}
