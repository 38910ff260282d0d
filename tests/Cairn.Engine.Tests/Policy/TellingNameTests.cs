using Cairn.Engine.Policy;

namespace Cairn.Engine.Tests.Policy;

public sealed class TellingNameTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("DB_PASSWORD_2")]
    [InlineData("spring.datasource.password")]
    [InlineData("smtpPasswordProd")]
    [InlineData("rootpw")]
    [InlineData("Contraseña")]
    [InlineData("密码")]
    public void KindOf_PasswordsName_Password(string name) => Assert.Equal(NameKind.Password, TellingName.KindOf(name));

    [Theory]
    [InlineData("apiKey")]
    [InlineData("X-Auth-Token")]
    [InlineData("API key")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("githubToken2")]
    public void KindOf_KeysName_Key(string name) => Assert.Equal(NameKind.Key, TellingName.KindOf(name));

    [Theory]
    [InlineData("")]
    [InlineData("key")]
    [InlineData("the key")]
    [InlineData("keyboard")]
    [InlineData("tokenizer")]
    [InlineData("max_tokens")]
    [InlineData("next_page_token")]
    [InlineData("password_hash")]
    [InlineData("passwordField")]
    [InlineData("primary_key")]
    [InlineData("publicKey")]
    [InlineData("key_id")]
    [InlineData("secretName")]
    [InlineData("bypass")]
    [InlineData("author")]
    public void KindOf_OtherName_None(string name) => Assert.Equal(NameKind.None, TellingName.KindOf(name));

    [Fact]
    public void KindOf_LongName_ReadsItsEnd() => Assert.Equal(NameKind.Password, TellingName.KindOf(string.Concat(Enumerable.Repeat("very_", 100)) + "password"));
}
