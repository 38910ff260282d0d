namespace Cairn.Engine.Policy.Rules;

/// <summary>Keys and tokens of Microsoft Azure.</summary>
internal static class AzureRules
{
    /// <summary>
    /// Keys that carry the signature of the service that made them: what it is, where it stands in the key, and the key's
    /// length without padding.
    /// </summary>
    private static readonly (string Signature, int Position, int Length)[] IdentifiableKeys =
    [
        ("JQQJ99", 52, 84), // every service since 2024: Cognitive Services, OpenAI, DevOps, Maps, SignalR, ...
        ("AZDO", 76, 84), // DevOps
        ("+ASt", 76, 86), // Storage
        ("ACDb", 76, 86), // Cosmos DB
        ("+ABa", 76, 86), // Batch
        ("APIM", 76, 86), // API Management
        ("+AMC", 76, 86), // Machine Learning, classic
        ("AzFu", 44, 54), // Functions
        ("AzSe", 42, 52), // Search
        ("+ACR", 42, 52), // Container Registry
        ("+ASb", 33, 43), // Service Bus
        ("+AEh", 33, 43), // Event Hubs
        ("+ARm", 33, 43), // Relay
        ("AIoT", 33, 43), // IoT Hub and its device provisioning
        ("AZEG", 33, 43), // Event Grid
        ("AzCa", 33, 43), // Cache for Redis
    ];

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new PatternRule
        {
            Id = "azure-identifiable-key",
            Description = "Azure key that carries the signature of its service: Storage, Cosmos DB, Functions, Search, AI, DevOps, Service Bus, ...",
            Keywords = [.. IdentifiableKeys.Select(key => key.Signature.ToLowerInvariant())],
            // The whole run, because the signature counts only in its place.
            Pattern = @"(?:^|[^A-Za-z0-9+/_\\-]|\\[nrt]|\\|%[0-9A-Fa-f]{2})(?<secret>[A-Za-z0-9+/_-]{40,}={0,2})",
            Validate = candidate => IsIdentifiable(candidate.Value.TrimEnd('=')),
            Examples = keys =>
            [
                new(keys.Alphanumeric(52) + "JQQJ99" + keys.Alphanumeric(26)),
                new(keys.Alphanumeric(76) + "AZDO" + keys.Alphanumeric(4)),
                new("AccountKey=", keys.Alphanumeric(76) + "+ASt" + keys.Alphanumeric(6) + "==", ";EndpointSuffix=core.windows.net"),
                new("key: \"", keys.Alphanumeric(76) + "ACDb" + keys.Alphanumeric(6) + "==", "\""),
                new("code=", keys.Base64Url(44) + "AzFu" + keys.Alphanumeric(6) + "==", "\n"),
                new(keys.Alphanumeric(42) + "AzSe" + keys.Alphanumeric(6)),
                new(keys.Alphanumeric(42) + "+ACR" + keys.Alphanumeric(6)),
                new("SharedAccessKey=", keys.Alphanumeric(33) + "+ASb" + keys.Alphanumeric(6) + "=", ""),
                new(keys.Alphanumeric(33) + "AIoT" + keys.Alphanumeric(6) + "="),
            ],
            CounterExamples = keys =>
            [
                $"a{keys.Alphanumeric(30)}AzSe{keys.Alphanumeric(80)}",
                "AzureSearchClientFactoryOptionsExtensions-AzSearchIndexerDataSource",
                new string('x', 52) + "JQQJ99" + new string('x', 26),
            ],
        },
        new PatternRule
        {
            Id = "azure-account-key",
            Description = "Key in an Azure connection string",
            Keywords = ["accountkey=", "sharedaccesskey=", "sharedsecretvalue=", "accesskey=", ";secret="],
            Pattern = @"(?i:AccountKey|SharedAccessKey|SharedSecretValue|;AccessKey|;Secret)=(?<secret>[A-Za-z0-9+/]{42,}={0,2})",
            Validate = candidate => candidate.Value.TrimEnd('=').Length is >= 42 and <= 86 && SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=", keys.Base64(86) + "==", ";EndpointSuffix=core.windows.net"),
                new("AccountEndpoint=https://acme.documents.azure.com:443/;AccountKey=", keys.Base64(86) + "==", ";"),
                new("Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=", keys.Base64(43) + "=", ""),
                new("HostName=acme.azure-devices.net;DeviceId=d1;SharedAccessKey=", keys.Base64(43) + "=", "\""),
                new("Endpoint=https://acme.azconfig.io;Id=Xy0-l9-s0:a;Secret=", keys.Base64(43) + "=", ""),
            ],
            CounterExamples = _ =>
            [
                "AccountName=acme;AccountKey=${STORAGE_KEY};EndpointSuffix=core.windows.net",
                "AccountKey=" + new string('x', 86) + "==",
                "SharedAccessKey=<your-key>",
            ],
        },
        new PatternRule
        {
            Id = "azure-sas-signature",
            Description = "Signature of an Azure shared access address or token",
            Keywords = ["sig="],
            Pattern = @"(?:[?&;""'\s]|%26|\\u0026)sig=(?<secret>[A-Za-z0-9%+/_-]{40,}={0,2})",
            Validate = candidate => candidate.Value.Length <= 120 && SecretValue.IsOpaque(candidate.Value),
            Examples = keys =>
            [
                new("https://acme.blob.core.windows.net/backup/db.bak?sv=2024-11-04&se=2027-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=", keys.Alphanumeric(41) + "%2B0%3D", ""),
                new("SharedAccessSignature sr=acme.servicebus.windows.net&sig=", keys.Alphanumeric(43) + "%3D", "&se=1798761600&skn=Root"),
                new("?sv=2024-11-04&amp;sig=", keys.Alphanumeric(43) + "=", "&amp;sp=rl"),
            ],
            CounterExamples = _ => ["?sv=2024-11-04&sig=" + new string('x', 44), "?sig=<signature>", "&sig=" + "the-signature-of-the-address-goes-in-here-as-a-text"],
        },
        new PatternRule
        {
            Id = "azure-client-secret",
            Description = "Client secret of a Microsoft Entra application",
            Keywords = ["0q~", "1q~", "2q~", "3q~", "4q~", "5q~", "6q~", "7q~", "8q~", "9q~"],
            Pattern = PatternRule.TokenStart + @"(?<secret>[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{28,}[A-Za-z0-9_~-])",
            Validate = candidate => candidate.Value.Length <= 42 && SecretValue.IsOpaque(candidate.Value[6..]),
            Examples = keys =>
            [
                new(keys.Alphanumeric(3) + "8Q~" + keys.Alphanumeric(34)),
                new("client_secret: ", keys.Alphanumeric(3) + "1Q~" + keys.Alphanumeric(34), "\n"),
                new("AZURE_CLIENT_SECRET=", keys.Alphanumeric(3) + "7Q~" + keys.Alphanumeric(31) + "~-a", "\n"),
            ],
            CounterExamples = _ => ["abc8Q~" + new string('x', 34), "the secret has 8Q~ in it"],
        },
    ];

    private static bool IsIdentifiable(ReadOnlySpan<char> key)
    {
        if (!SecretValue.IsVaried(key, distinct: 12)) return false;
        foreach (var (signature, position, length) in IdentifiableKeys)
            if (key.Length == length && key[position..].StartsWith(signature)) return true;
        return false;
    }
}
