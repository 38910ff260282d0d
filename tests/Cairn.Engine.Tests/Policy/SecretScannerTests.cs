using Cairn.Engine.Policy;

namespace Cairn.Engine.Tests.Policy;

public sealed class SecretScannerTests
{
    private const int Megabyte = 1 << 20;

    private static readonly KeyMaterial Keys = new(20260101);
    private static readonly SecretScanner Scanner = new();

    public static TheoryData<string> CleanTexts =>
    [
        "",
        "We retry twice, because the upstream drops the first request after a deploy.",
        $"fixed in {Keys.Hex(40)}, see also {Keys.Hex(7)}",
        $"session {Keys.Uuid()} of project {Keys.Uuid()}",
        $"\"integrity\": \"sha512-{Keys.Base64(86)}==\",",
        $"\"contentHash\": \"{Keys.Base64(86)}==\"",
        $"github.com/acme/web v1.2.3 h1:{Keys.Base64(43)}=",
        $"image: registry.acme.internal/web@sha256:{Keys.Hex(64)}",
        "sk-learn-pipelines-v2",
        "the task-sk-2, the disk-usage-2024-11-01 report and a risk-adjusted-return-v3",
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCY" + "EXAMPLEKEY",
        Keys.Pem("CERTIFICATE", lines: 20),
        Keys.Pem("PUBLIC KEY"),
        $"ssh-rsa {Keys.Base64(372)} me@laptop",
        $"<img src=\"data:image/png;base64,iVBORw0KGgo{Keys.Base64(20_000)}\">",
        "pk_" + "live_" + Keys.Alphanumeric(24),
        "postgres://postgres:" + "postgres@localhost:5432/app",
        "POSTGRES_PASSWORD=postgres",
        "https://example.com:8443/path?at=12:30&mail=me@acme.example",
        "git@github.com:acme/web.git, ssh://git@github.com/acme/web.git",
        "GITHUB_TOKEN=${{ secrets.GITHUB_TOKEN }} and ghp_… is the prefix of personal tokens",
        "Authorization: Bearer <token>",
        "The private key and the secret key of the service are in the vault; npm_lifecycle_event is set.",
    ];

    [Theory, MemberData(nameof(CleanTexts))]
    public void Scan_CleanLookalike_FindsNothing(string text) => Assert.Empty(Scanner.Scan(text));

    /// <summary>What people type when they need something that looks like a key: not random, and to be treated like one.</summary>
    public static TheoryData<string> TypedByHand =>
    [
        "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789",
        "ghp_" + "1234567890abcdef1234567890abcdef1234",
        "sk-" + "abcdefghijklmnopqrstuvwxyz123456",
        "sk-" + "1234567890abcdef",
        "sk-" + "proj-" + "abc123def456ghi789jkl012mno345",
        "sk-ant-" + "api03-" + "abcdef1234567890abcdef1234567890",
        "AKIA" + "1234567890ABCDEF",
        "xoxb-" + "123456789012-1234567890123-abcdefghijklmnopqrstuvwx",
        "glpat-" + "abcdefghij1234567890",
        "sk_" + "test_" + "1234567890abcdefghijklmn",
    ];

    [Theory, MemberData(nameof(TypedByHand))]
    public void Scan_KeyTypedByHand_FindsIt(string key) =>
        Assert.Equal(("key is ".Length, key.Length), Scanner.Scan($"key is {key}, ok").Select(finding => (finding.Start, finding.Length)).Single());

    [Fact]
    public void Scan_Null_Throws() => Assert.Throws<ArgumentNullException>(() => Scanner.Scan(null!));

    [Fact]
    public void Scan_SeveralSecrets_FindsThemInOrderOfPosition()
    {
        string[] secrets = ["npm_" + Keys.Alphanumeric(36), "AKIA" + Keys.Base32(16), Keys.Pem("PRIVATE KEY"), "ghp_" + Keys.Alphanumeric(36)];
        var text = "first " + string.Join(" then ", secrets) + " last";

        var findings = Scanner.Scan(text);

        Assert.Equal(["npm-token", "aws-access-key-id", "private-key", "github-token"], findings.Select(finding => finding.RuleId));
        Assert.Equal(secrets, findings.Select(finding => text.Substring(finding.Start, finding.Length)));
    }

    [Fact]
    public void Scan_OverlappingRules_FindsOneSpanThatCoversBoth()
    {
        var token = "glpat-" + Keys.Alphanumeric(20);
        var text = $"https://ci:{token}!x9@gitlab.acme.internal/web.git";

        var finding = Assert.Single(Scanner.Scan(text));

        Assert.Equal("gitlab-token", finding.RuleId);
        Assert.Equal(token + "!x9", text.Substring(finding.Start, finding.Length));
    }

    [Fact]
    public void Scan_TwoAdjacentTokens_FindsBoth()
    {
        var first = "AKIA" + Keys.Base32(16);
        var second = "AKIA" + Keys.Base32(16);

        Assert.Equal([new SecretFinding("aws-access-key-id", 0, 20), new SecretFinding("aws-access-key-id", 21, 20)], Scanner.Scan($"{first},{second}"));
    }

    [Fact]
    public void Scan_SecretBehindMentionsOfItsForm_FindsIt()
    {
        var key = Keys.Pem("EC PRIVATE KEY");
        var before = $"{KeyMaterial.PemHead("PRIVATE KEY")} is the first line. sk-learn-pipelines-v2 is no key.\n";

        Assert.Equal([new SecretFinding("private-key", before.Length, key.Length)], Scanner.Scan(before + key));
    }

    [Fact]
    public void Scan_ManyThreads_AllFindTheSame()
    {
        var text = "before " + "ghp_" + Keys.Alphanumeric(36) + " after";
        var scanner = new SecretScanner();

        Parallel.For(0, 64, _ => Assert.Equal([new SecretFinding("github-token", 7, 40)], scanner.Scan(text)));
    }

    [Fact]
    public void ToString_OfAFinding_HoldsNoText()
    {
        var secret = "ghp_" + Keys.Alphanumeric(36);

        var finding = Assert.Single(Scanner.Scan(secret));

        Assert.DoesNotContain(secret[4..12], finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_OfTheScanner_AreItsRules() =>
        Assert.Equal(SecretRules.All.Select(rule => new SecretKind(rule.Id, rule.Description, rule.Tier)), Scanner.Kinds);

    /// <summary>Repeated beginnings, each of which a backtracking engine would follow to the end of the text.</summary>
    public static TheoryData<string> AdversarialUnits =>
    [
        KeyMaterial.PemHead("RSA PRIVATE KEY"),
        KeyMaterial.PemHead("RSA PRIVATE KEY") + "\n" + new string('A', 64) + "\n",
        KeyMaterial.PemHead("PRIVATE KEY")[..^2],
        "----", "----BEGIN ", "private key",
        "sk-", "sk-a ", "sk-aaaaaaaaaaaaaaaaaaaa ", "sk-ant-", "sk-ant-api03-", "sk_live_",
        "eyJ", "eyJa.", "eyJaaaaaaaaaa.", "eyJaaaaaaaaaa.a.aaaaaaaaaa ", "eyJhbGciOiJIUzI1NiJ9.",
        "AKIA", "AKIA ", "akia", "AIza", "AIza-", "ya29.", "ya29", "GOCSPX-",
        "ghp_", "ghs_a.", "github_pat_", "glpat-", "npm_", "_authToken=", "_authToken = ",
        "xoxb-", "xoxe.", "xapp-", "https://hooks.slack.com/services/", "whsec_",
        "://", "://a:", "://a:b@", "://:", "https://a:b@", "@", ":", "s", "a", "\\n", "secret key ", "secret_access_key=", "secretkey:",
    ];

    [Theory, MemberData(nameof(AdversarialUnits))]
    public void Scan_MegabyteOfOneBeginning_StillFindsTheSecretBehindIt(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, Megabyte / unit.Length));
        var secret = "ghp_" + Keys.Alphanumeric(36);

        Assert.Contains(Scanner.Scan(text + "\n" + secret), finding => finding.End == text.Length + 1 + secret.Length);
    }
}
