using Cairn.Engine.Ingestion;

namespace Cairn.Engine.Tests.Ingestion;

public sealed class SecretNamesTests
{
    [Theory]
    [InlineData(".env")]
    [InlineData("a/.env.production")]
    [InlineData("A/.ENV")]
    [InlineData(".env. ")]
    [InlineData("keys/server.PEM")]
    [InlineData("tls.key")]
    [InlineData("x.pfx")]
    [InlineData("id_rsa")]
    [InlineData("ID_ED25519.pub")]
    [InlineData("id_work.txt")]
    [InlineData(".npmrc")]
    [InlineData("home/.ssh/config.md")]
    [InlineData(".git/config")]
    [InlineData(".GIT/config.md")]
    public void Refusal_NameOfASecret_IsGiven(string path) => Assert.NotNull(SecretNames.Refusal(path));

    [Theory]
    [InlineData("docs/environment.md")]
    [InlineData("docs/id_mapping.md")]
    [InlineData("keys.md")]
    [InlineData(".github/README.md")]
    [InlineData("pem.txt")]
    public void Refusal_NameOfADocument_IsNone(string path) => Assert.Null(SecretNames.Refusal(path));
}
