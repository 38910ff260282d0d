using static Cairn.Benchmarks.Policy.TextKind;

namespace Cairn.Benchmarks.Policy.Secrets;

/// <summary>Passwords inside URLs and connection strings. The secret is the password alone.</summary>
internal static class Addresses
{
    public static IEnumerable<TextKind> All => [.. Urls, .. ConnectionStrings, .. AzureStrings];

    private static IEnumerable<TextKind> Urls =>
    [
        Url("url-postgres", d => $"{d.Of("postgres", "postgresql")}://{d.User()}:{Password(d)}@{d.Host()}:5432/{d.Database()}?sslmode=require"),
        Url("url-mysql", d => $"mysql://{d.User()}:{Password(d)}@{d.Host()}:3306/{d.Database()}"),
        Url("url-mongodb", d => $"mongodb+srv://{d.User()}:{Password(d)}@cluster0.{d.Lower(5)}.mongodb.net/{d.Database()}?retryWrites=true&w=majority"),
        Url("url-redis", d => $"{d.Of("redis", "rediss")}://{d.Of("", "default")}:{Password(d)}@{d.Host()}:6379/0"),
        Url("url-amqp", d => $"{d.Of("amqp", "amqps")}://{d.User()}:{Password(d)}@{d.Host()}:5672/%2f"),
        Url("url-https-basic", d => $"https://{d.User()}:{Password(d)}@{d.Host()}/reports/daily.csv"),
        Url("url-elasticsearch", d => $"https://elastic:{Password(d)}@{d.Host()}:9200/_cat/indices"),
        Url("url-ftp", d => $"{d.Of("ftp", "sftp", "ftps")}://{d.User()}:{Password(d)}@{d.Host()}/incoming"),
        Url("url-smtp", d => $"{d.Of("smtp", "smtps")}://{d.User()}%40{d.Host()}:{Password(d)}@smtp.{d.Host()}:587"),
        Url("url-proxy", d => $"http://{d.User()}:{Password(d)}@proxy.{d.Host()}:3128"),
        Url("url-git-token", d => $"https://{d.Of("x-access-token", "oauth2", "git", d.User())}:{Mark(d.Of("ghs_" + d.Alphanumeric(36), "glpat-" + d.UrlSafe(20), d.Hex(40)))}@{d.Of("github.com", "gitlab.com", "git.example.net")}/acme/shop.git"),
        Url("url-git-bare-token", d => $"https://{Mark(d.Of("ghp_", "gho_") + d.Alphanumeric(36))}@github.com/acme/shop.git"),
        Url("url-percent-encoded-password", d => $"postgres://{d.User()}:{Mark($"{d.Title()}%{d.Of("40", "23", "2F", "3A")}{d.Word()}{d.Digits(3)}%21")}@{d.Host()}/{d.Database()}"),
        Url("url-sqlalchemy", d => $"{d.Of("mysql+pymysql", "postgresql+asyncpg", "postgresql+psycopg2", "mssql+pyodbc")}://{d.User()}:{Password(d)}@{d.Host()}/{d.Database()}"),
        Url("url-neon", d => $"postgresql://{d.Database()}_owner:{Mark("npg_" + d.Alphanumeric(12))}@ep-{d.Word()}-{d.Word()}-a2{d.Lower(6)}.eu-central-1.aws.neon.tech/{d.Database()}"),
        Url("url-cloudinary", d => $"cloudinary://{d.Digits(15)}:{Mark(d.UrlSafe(27))}@{d.Word()}"),
        Url("url-clickhouse", d => $"clickhouse://{d.User()}:{Password(d)}@{d.Host()}:9440/{d.Database()}?secure=true"),
        Url("url-nats", d => $"nats://{d.User()}:{Password(d)}@{d.Host()}:4222"),
        Url("url-ssh", d => $"ssh://{d.User()}:{Password(d)}@{d.Host()}:22/srv/git/app"),
        new("url-pip-index", SecretGroup.Structured, d => $"[global]\nextra-index-url = https://{d.User()}:{Password(d)}@pypi.{d.Host()}/simple"),
        new("url-in-prose", SecretGroup.Structured, d => $"The job reads from postgres://{d.User()}:{Password(d)}@{d.Host()}/{d.Database()}, which is the replica."),
        new("url-in-list-of-hosts", SecretGroup.Structured, d => $"mongodb://{d.User()}:{Password(d)}@{d.Host()}:27017,{d.Host()}:27017/{d.Database()}?replicaSet=rs0"),
        new("url-query-password", SecretGroup.Structured, d => $"jdbc:{d.Of("postgresql", "mysql", "mariadb")}://{d.Host()}/{d.Database()}?user={d.User()}&password={Mark(d.Password())}&ssl=true"),
        new("url-in-traceback", SecretGroup.Structured, d => $"sqlalchemy.exc.OperationalError: could not connect to 'postgresql://{d.User()}:{Password(d)}@{d.Host()}:5432/{d.Database()}'"),
    ];

    private static IEnumerable<TextKind> ConnectionStrings =>
    [
        Connection("connection-sql-server", d => $"Server=tcp:{d.Host()},1433;Initial Catalog={d.Database()};User ID={d.User()};Password={Mark(d.Password())};Encrypt=True;"),
        Connection("connection-sql-server-short", d => $"Data Source={d.Host()};Database={d.Database()};uid={d.User()};pwd={Mark(d.Password())}"),
        Connection("connection-npgsql", d => $"Host={d.Host()};Port=5432;Database={d.Database()};Username={d.User()};Password={Mark(d.Password())}"),
        Connection("connection-mysql", d => $"Server={d.Host()};Database={d.Database()};Uid={d.User()};Pwd={Mark(d.Password())};SslMode=Required"),
        Connection("connection-odbc", d => $"DRIVER={{ODBC Driver 18 for SQL Server}};SERVER={d.Host()};UID={d.User()};PWD={Mark(d.Password())};DATABASE={d.Database()}"),
        Connection("connection-oracle", d => $"Data Source={d.Host()}:1521/ORCLPDB1;User Id={d.User()};Password={Mark(d.Password())};"),
        Connection("connection-libpq", d => $"host={d.Host()} port=5432 dbname={d.Database()} user={d.User()} password={Mark(d.Password())} sslmode=require"),
        Connection("connection-jdbc-sqlserver", d => $"jdbc:sqlserver://{d.Host()}:1433;databaseName={d.Database()};user={d.User()};password={Mark(d.Password())};encrypt=true"),
        Connection("connection-jdbc-oracle", d => $"jdbc:oracle:thin:{d.User()}/{Mark(d.Password())}@//{d.Host()}:1521/ORCL"),
        Connection("connection-go-mysql", d => $"{d.User()}:{Mark(d.Password())}@tcp({d.Host()}:3306)/{d.Database()}?parseTime=true"),
        Connection("connection-stackexchange-redis", d => $"{d.Word()}.redis.cache.windows.net:6380,password={Mark(d.Base64(32))},ssl=True,abortConnect=False"),
        Connection("connection-rabbitmq-easynetq", d => $"host={d.Host()};virtualHost=/;username={d.User()};password={Mark(d.Password())}"),
        new("kafka-jaas", SecretGroup.Structured, d =>
            $"sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"{d.User()}\" password=\"{Mark(d.Password())}\";"),
    ];

    private static IEnumerable<TextKind> AzureStrings =>
    [
        Connection("azure-storage-connection", d => $"DefaultEndpointsProtocol=https;AccountName={d.Word()}{d.Digits(3)};AccountKey={Mark(d.Base64Text(86) + "==")};EndpointSuffix=core.windows.net"),
        Connection("azure-cosmos-connection", d => $"AccountEndpoint=https://{d.Word()}.documents.azure.com:443/;AccountKey={Mark(d.Base64Text(86) + "==")};"),
        Connection("azure-service-bus-connection", d => $"Endpoint=sb://{d.Word()}.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={Mark(d.Base64(32))}"),
        Connection("azure-iot-connection", d => $"HostName={d.Word()}.azure-devices.net;DeviceId=dev-{d.Digits(3)};SharedAccessKey={Mark(d.Base64(32))}"),
        Connection("azure-app-configuration", d => $"Endpoint=https://{d.Word()}.azconfig.io;Id={d.Alphanumeric(4)}-l0-s0:{d.Alphanumeric(20)};Secret={Mark(d.Base64(32))}"),
        Url("azure-sas-url", d => $"https://{d.Word()}.blob.core.windows.net/backups/db.bak?sp=r&st=2026-01-10T08:00:00Z&se=2027-01-10T16:00:00Z&spr=https&sv=2024-11-04&sr=b&sig={Mark(Uri.EscapeDataString(d.Base64(32)))}"),
        new("azure-storage-key", SecretGroup.Structured, d =>
            $"az storage blob list --account-name {d.Word()}{d.Digits(2)} --account-key {Mark(d.Base64Text(86) + "==")} -c backups"),
    ];

    private static string Password(Draw draw) => Mark(draw.Password());

    private static TextKind Url(string name, Func<Draw, string> url) => new(name, SecretGroup.Structured, draw => InText(draw, "DATABASE_URL", url(draw)));

    private static TextKind Connection(string name, Func<Draw, string> connection) =>
        new(name, SecretGroup.Structured, draw => InText(draw, "ConnectionStrings__Main", connection(draw)));

    private static string InText(Draw draw, string variable, string address) => draw.Number(0, 7) switch
    {
        0 => $"{variable}={address}",
        1 => $"export {variable}=\"{address}\"",
        2 => $"  \"Default\": \"{address}\",",
        3 => $"url: {address}",
        4 => $"var connection = new Connection(\"{address}\");",
        5 => $"Works against staging with `{address}`.",
        6 => $"2026-02-1{draw.Digits(1)} 11:02:07 ERROR cannot connect: {address}",
        _ => address,
    };
}
