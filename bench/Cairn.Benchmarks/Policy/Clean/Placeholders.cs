namespace Cairn.Benchmarks.Policy.Clean;

/// <summary>Where a secret would stand: documented examples, placeholders of every style, references to where the secret is.</summary>
internal static class Placeholders
{
    private static readonly string[] Names =
    [
        "API_KEY", "DB_PASSWORD", "GITHUB_TOKEN", "STRIPE_SECRET_KEY", "JWT_SECRET", "SMTP_PASSWORD", "AWS_SECRET_ACCESS_KEY",
        "OPENAI_API_KEY", "DATADOG_API_KEY", "CLIENT_SECRET", "REDIS_PASSWORD", "SESSION_SECRET",
    ];

    public static IEnumerable<TextKind> All => [.. Examples, .. Styles, .. References];

    private static IEnumerable<TextKind> Examples =>
    [
        Clean("clean-aws-documented-key-id", d => $"{d.Of("aws_access_key_id = ", "AWS_ACCESS_KEY_ID=", "The docs use ", "credential: ")}AKIAIOSFODNN7EXAMPLE{d.Of("", "\nregion = us-east-1")}"),
        Clean("clean-aws-documented-secret", d => $"{d.Of("aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=", "export AWS_SECRET_ACCESS_KEY=")}wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        Clean("clean-default-url", d => $"{d.Of("DATABASE_URL=", "url: ", "connects to ", "")}{d.Of("postgres://postgres:postgres@localhost:5432/", "postgresql://postgres:postgres@127.0.0.1/", "mysql://root:root@localhost:3306/", "postgres://user:password@localhost/", "amqp://guest:guest@localhost:5672/")}{d.Database()}"),
        Clean("clean-compose-default", d => $"    environment:\n      POSTGRES_USER: postgres\n      {d.Of("POSTGRES_PASSWORD: postgres", "POSTGRES_PASSWORD: password", "POSTGRES_PASSWORD: example", "MYSQL_ROOT_PASSWORD: example")}\n      POSTGRES_DB: {d.Database()}"),
        Clean("clean-compose-default-inline", d => $"docker run -d -e {d.Of("POSTGRES_PASSWORD=postgres", "POSTGRES_PASSWORD=mysecretpassword", "MYSQL_ROOT_PASSWORD=my-secret-pw")} -p 5432:5432 {d.Of("postgres:17", "mysql:8")}"),
        Clean("clean-test-values", d => $"{d.Of("var user = new User { Password = \"password\" };", "token: 'test-token',", "const apiKey = 'fake-api-key';", "login('alice', 'secret');", "monkeypatch.setenv('API_KEY', 'dummy')", "API_KEY=test pytest -q", "expect(body).toEqual({ token: 'mock-token' });")}"),
        Clean("clean-slack-documented-webhook", d => $"{d.Of("url: ", "Webhook, e.g. ", "")}https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"),
        Clean("clean-url-placeholders", d => d.Of("postgres://user:password@host:5432/dbname", "https://<user>:<token>@github.com/org/repo.git", "mysql://USER:PASSWORD@HOST/DB", "mongodb+srv://<username>:<password>@cluster0.example.mongodb.net", "redis://:<password>@host:6379", "https://${USER}:${TOKEN}@git.example.com/x.git", "postgres://$PGUSER:$PGPASSWORD@$PGHOST/app", "amqp://{user}:{pass}@{host}/{vhost}", "postgres://user:***@db.internal/app", "postgresql://username:password@hostname/database")),
        Clean("clean-empty-values", d => $"{d.Of(Names)}=\n{d.Of(Names)}=\"\"\nPORT={d.Digits(4)}"),
        Clean("clean-env-example", d => $"# copy to .env and fill in\n{d.Of(Names)}=\n{d.Of(Names)}=changeme\nLOG_LEVEL=info"),
    ];

    private static IEnumerable<TextKind> Styles =>
    [
        Clean("clean-angle-brackets", d => $"{d.Of(Names)}={d.Of("<your-api-key>", "<YOUR_TOKEN>", "<password>", "<secret>", "<insert key here>", "<REDACTED>")}"),
        Clean("clean-your-key-here", d => $"{d.Of(Names)}={d.Of("YOUR_API_KEY_HERE", "your-api-key", "your_secret_key_here", "your-password-here", "YOUR_TOKEN", "my-api-key", "insert-your-key-here", "put-your-token-here")}"),
        Clean("clean-crosses", d => $"{d.Of(Names)}={d.Of("xxxxxxxxxxxxxxxx", "XXXXXXXX", "xxxx-xxxx-xxxx-xxxx", "sk-xxxxxxxxxxxxxxxxxxxxxxxx", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xoxb-xxxxxxxxxxxx-xxxxxxxxxxxx", "sk-ant-api03-xxxx", "AKIAXXXXXXXXXXXXXXXX")}"),
        Clean("clean-stars", d => $"{d.Of("password: ", "token = ", "api_key=", "secret: ", "Password: ")}{d.Of("********", "****************", "***", "••••••••", "ghp_****************", "sk-****abcd")}"),
        Clean("clean-dots", d => $"{d.Of(Names)}={d.Of("sk-...", "sk-ant-...", "ghp_...", "AKIA...", "...", "eyJhbGciOi...", "glpat-…", "xoxb-...")}"),
        Clean("clean-change-me", d => $"{d.Of(Names)}={d.Of("changeme", "CHANGE_ME", "change-me-in-production", "replace-me", "REPLACE_WITH_REAL_KEY", "todo", "TBD", "dummy", "placeholder", "none", "null", "example", "not-a-real-key")}"),
        Clean("clean-redacted", d => $"{d.Of("password: ", "token=", "Authorization: Bearer ", "api_key: ")}{d.Of("[REDACTED]", "[REDACTED:github-token]", "<redacted>", "(hidden)", "[FILTERED]", "REDACTED", "[masked]")}"),
        Clean("clean-null-values", d => d.Of("\"password\": null,", "password: ~", "\"token\": \"\",", "secret: false", "\"apiKey\": undefined", "password = None", "token := \"\"", "Password = string.Empty;", "api_key: ''")),
        Clean("clean-braces", d => $"curl -H \"Authorization: Bearer {d.Of("{token}", "{{token}}", "<token>", "YOUR_TOKEN", "$TOKEN", "${TOKEN}", "{access_token}", "TOKEN")}\" https://{d.Host()}/v1/me"),
        Clean("clean-connection-placeholders", d => $"Server=db;Database={d.Database()};User Id={d.Of("sa", "app")};Password={d.Of("{your_password}", "***", "<password>", "${DB_PASSWORD}", "{0}", "$(SqlPassword)", "#{DbPassword}#", "%DB_PASSWORD%")};"),
        Clean("clean-trusted-connection", d => d.Of("Server=.;Database=app;Trusted_Connection=True;TrustServerCertificate=True", "Data Source=(localdb)\\MSSQLLocalDB;Initial Catalog=app;Integrated Security=SSPI", "Data Source=app.db;Cache=Shared", "Server=tcp:x.database.windows.net;Authentication=Active Directory Default;")),
    ];

    private static IEnumerable<TextKind> References =>
    [
        Clean("clean-shell-reference", d => $"{d.Of("export ", "", "- ")}{d.Of(Names)}={d.Of("${DB_PASSWORD}", "$DB_PASSWORD", "\"$TOKEN\"", "${API_KEY:-}", "${SECRET:?not set}", "\"${GITHUB_TOKEN}\"")}"),
        Clean("clean-mustache-reference", d => $"password: {d.Of("{{ db_password }}", "\"{{ vault_db_password }}\"", "{{ .Values.auth.password | quote }}", "'{{ lookup(\"env\", \"DB_PASSWORD\") }}'", "{% raw %}{{ secret }}{% endraw %}")}"),
        Clean("clean-node-reference", d => d.Of("const apiKey = process.env.OPENAI_API_KEY;", "password: process.env.DB_PASSWORD,", "token: process.env['GITHUB_TOKEN'] ?? '',", "apiKey: import.meta.env.VITE_API_KEY,", "const secret = Deno.env.get('JWT_SECRET');", "authToken: config.get('twilio.authToken'),")),
        Clean("clean-python-reference", d => d.Of("password = os.environ[\"DB_PASSWORD\"]", "api_key=os.getenv('ANTHROPIC_API_KEY')", "SECRET_KEY = env('DJANGO_SECRET_KEY')", "token = settings.GITHUB_TOKEN", "password=getpass.getpass()", "secret = config['auth']['secret']", "api_key: str = Field(alias=\"OPENAI_API_KEY\")")),
        Clean("clean-dotnet-reference", d => d.Of("var password = configuration[\"Smtp:Password\"];", "builder.Configuration.GetConnectionString(\"Default\")", "options.ClientSecret = builder.Configuration[\"Auth:ClientSecret\"]!;", "string apiKey = Environment.GetEnvironmentVariable(\"API_KEY\")!;", "Password = settings.Password,", "dotnet user-secrets set \"Smtp:Password\" \"$PASSWORD\"")),
        Clean("clean-go-and-java-reference", d => d.Of("password := os.Getenv(\"DB_PASSWORD\")", "Token: viper.GetString(\"github.token\"),", "String secret = System.getenv(\"JWT_SECRET\");", "@Value(\"${spring.datasource.password}\") private String password;", "let key = std::env::var(\"API_KEY\")?;", "password = ENV.fetch('DB_PASSWORD')", "$password = getenv('DB_PASSWORD');")),
        Clean("clean-vault-reference", d => d.Of($"password: op://Production/{d.Title()}/password", "vault kv get -field=password secret/app/db", "api_key: vault:secret/data/app#api_key", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf", "DB_PASSWORD=$(op read \"op://infra/db/password\")", "secret: projects/acme/secrets/db-password/versions/latest", "password: ENC[AES256_GCM,data:Tr7o,type:str]", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/DbPassword/)")),
        Clean("clean-windows-reference", d => d.Of("set PGPASSWORD=%DB_PASSWORD%", "password=%DB_PASSWORD%", "$env:API_KEY = $secret", "-Password $securePassword", "/p:%PASSWORD%", "ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force")),
        Clean("clean-ci-reference", d => d.Of("GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}", "password: ${{ secrets.DOCKERHUB_TOKEN }}", "NPM_TOKEN: $(NpmToken)", "token: $CI_JOB_TOKEN", "api-key: ${{ inputs.api-key }}", "SONAR_TOKEN = credentials('sonar-token')", "AWS_SECRET_ACCESS_KEY: $AWS_SECRET_ACCESS_KEY", "docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY")),
        Clean("clean-terraform-reference", d => d.Of("password = var.db_password", "master_password = random_password.db.result", "token = data.vault_generic_secret.app.data[\"token\"]", "secret_key = local.secret_key", "client_secret = azuread_application_password.app.value", "variable \"db_password\" {\n  type      = string\n  sensitive = true\n}")),
        Clean("clean-kubernetes-reference", d => $"- name: {d.Of(Names)}\n  valueFrom:\n    secretKeyRef:\n      name: {d.Word()}-secrets\n      key: {d.Of("password", "api-key", "token")}"),
        Clean("clean-command-substitution", d => $"{d.Of(Names)}={d.Of("$(cat /run/secrets/db_password)", "$(pass show infra/db)", "`cat ~/.token`", "$(aws secretsmanager get-secret-value --secret-id db --query SecretString --output text)", "$(openssl rand -hex 32)", "$(gh auth token)", "$(security find-generic-password -s app -w)")}"),
        Clean("clean-secret-files", d => d.Of("POSTGRES_PASSWORD_FILE=/run/secrets/db_password", "ssl_key_file = '/etc/ssl/private/server.key'", "password_file: /etc/app/password", "private_key_path: ~/.ssh/id_ed25519", "credentials_file=/root/.aws/credentials", "IdentityFile ~/.ssh/deploy_key", "tokenPath: /var/run/secrets/kubernetes.io/serviceaccount/token")),
        Clean("clean-command-without-value", d => d.Of("mysql -h db -u app -p app_prod", "curl -u \"$USER:$PASS\" https://api.example.net", "psql -W -U app", "curl -u admin https://ci.example.net/api/json", "docker login --password-stdin -u ci", "sshpass -e ssh deploy@host", "redis-cli -a \"$REDIS_PASSWORD\" ping", "az login --service-principal -u $APP_ID -p $APP_SECRET --tenant $TENANT", "mysqldump --password app > x.sql", "ldapsearch -x -W -D cn=admin")),
    ];

    private static TextKind Clean(string name, Func<Draw, string> write) => new(name, null, write);
}
