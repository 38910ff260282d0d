using Cairn.Engine.Projects;
using CsCheck;

namespace Cairn.Engine.Tests.Projects;

public sealed class OriginUrlTests
{
    private const string Root = "/home/me/src";

    [Theory]
    [InlineData("git@github.com:Owner/Repo.git")]
    [InlineData("github.com:Owner/Repo")]
    [InlineData("git@github.com:/Owner/Repo.git/")]
    [InlineData("ssh://git@github.com:22/Owner/Repo")]
    [InlineData("ssh://git@github.com/Owner/Repo.git")]
    [InlineData("ssh://git@github.com:/Owner/Repo.git")]
    [InlineData("git+ssh://git@github.com/Owner/Repo.git")]
    [InlineData("ssh+git://git@github.com:22/Owner/Repo.git")]
    [InlineData("https://github.com/Owner/Repo")]
    [InlineData("https://github.com:443/Owner/Repo.git")]
    [InlineData("http://github.com:80/Owner/Repo.git//")]
    [InlineData("https://user:token@github.com/Owner/Repo.git/")]
    [InlineData("https://:@github.com/Owner/Repo.git/")]
    [InlineData("HTTPS://GitHub.COM./Owner//Repo.GIT")]
    [InlineData("git://github.com:9418/Owner/Repo.git")]
    [InlineData("https://github.com/Owner/./x/../Repo.git?ref=main#readme")]
    [InlineData("  https://github.com/owner/repo\n")]
    [InlineData("github.com/owner/repo")]
    [InlineData("user:token@github.com/Owner/Repo")]
    public void Normalise_AnySpelling_IsOneText(string url) => Assert.Equal("github.com/owner/repo", OriginUrl.Normalise(url, Root));

    [Theory]
    [InlineData("https://host.example:8443/x", "host.example:8443/x")]
    [InlineData("ssh://git@host.example:7999/team/x.git", "host.example:7999/team/x")]
    [InlineData("https://host.example:22/x", "host.example:22/x")]
    [InlineData("http://host.example:0443/x", "host.example:443/x")]
    [InlineData("host.example:8443/x", "host.example:8443/x")]
    [InlineData("git@host.example:8443/x", "host.example/8443/x")]
    [InlineData("host.example:99999/x", "host.example/99999/x")]
    [InlineData("ssh://[2001:DB8::1]:22/x.git", "[2001:db8::1]/x")]
    [InlineData("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443/x")]
    [InlineData("git@[2001:db8::1]:team/x", "[2001:db8::1]/team/x")]
    [InlineData("intranet:team/x", "intranet/team/x")]
    [InlineData("h:team/x", "h/team/x")]
    [InlineData("file:team/x", "file/team/x")]
    [InlineData("https://host.example/@group/x", "host.example/@group/x")]
    [InlineData("ssh://host.example/~user/x.git", "host.example/~user/x")]
    [InlineData("host.example:~user/x.git", "host.example/~user/x")]
    [InlineData("https://bücher.example/Ärger", "bücher.example/ärger")]
    [InlineData("custom+thing://host.example:1234/x", "host.example:1234/x")]
    [InlineData("https://host.example/x/.git", "host.example/x")]
    [InlineData("https://host.example/x.git.git", "host.example/x")]
    [InlineData("https://host.example/My%20Project", "host.example/my%20project")]
    public void Normalise_OtherAddresses_KeepWhatTellsThemApart(string url, string expected) => Assert.Equal(expected, OriginUrl.Normalise(url, Root));

    [Theory]
    [InlineData("/srv/git/Tool.git", "file:/srv/git/Tool")]
    [InlineData("/srv/git/tool/.git/", "file:/srv/git/tool")]
    [InlineData("/srv/me@work/tool", "file:/srv/me@work/tool")]
    [InlineData("///srv/tool", "file:/srv/tool")]
    [InlineData("file:///srv/git/Tool.git", "file:/srv/git/Tool")]
    [InlineData("FILE://localhost/srv/git/Tool", "file:/srv/git/Tool")]
    [InlineData("file:/srv/git/Tool", "file:/srv/git/Tool")]
    [InlineData("../tool", "file:/home/me/tool")]
    [InlineData("./tool.git", "file:/home/me/src/tool")]
    [InlineData("..\\tool", "file:/home/me/tool")]
    [InlineData("tool", "file:/home/me/src/tool")]
    [InlineData(".", "file:/home/me/src")]
    [InlineData("C:\\Code\\Tool.git", "file:C:/Code/Tool")]
    [InlineData("c:/Code/Tool", "file:C:/Code/Tool")]
    [InlineData("file:///c:/Code/Tool", "file:C:/Code/Tool")]
    [InlineData("file:C:/Code/Tool", "file:C:/Code/Tool")]
    [InlineData("\\\\?\\C:\\Code\\Tool", "file:C:/Code/Tool")]
    [InlineData("\\\\Server\\Share\\Tool", "file://Server/Share/Tool")]
    [InlineData("//Server/Share/Tool.git", "file://Server/Share/Tool")]
    [InlineData("file://Server/Share/Tool", "file://Server/Share/Tool")]
    [InlineData("file:////Server/Share/Tool", "file://Server/Share/Tool")]
    public void Normalise_Folder_IsItsWholePath(string url, string expected) => Assert.Equal(expected, OriginUrl.Normalise(url, Root));

    [Theory]
    [InlineData("..\\tool", "C:\\Code\\Main", "file:C:/Code/tool")]
    [InlineData("../tool", "C:\\Code\\Main", "file:C:/Code/tool")]
    [InlineData("../tool", "\\\\Server\\Share\\Main", "file://Server/Share/tool")]
    [InlineData("../tool", null, null)]
    [InlineData("../tool", "relative", null)]
    [InlineData("tool", null, null)]
    public void Normalise_RelativeFolder_StartsFromTheRoot(string url, string? root, string? expected) => Assert.Equal(expected, OriginUrl.Normalise(url, root));

    [Theory]
    [InlineData("")]
    [InlineData("  \t\n")]
    [InlineData("/")]
    [InlineData("C:\\")]
    [InlineData("file:///")]
    [InlineData("https://")]
    [InlineData("https://host.example")]
    [InlineData("https://host.example/")]
    [InlineData("https://host.example/.git")]
    [InlineData("https://host.example:8443")]
    [InlineData("https:///path")]
    [InlineData("https://host.example:port/x")]
    [InlineData("https://host.example:99999/x")]
    [InlineData("https://two words/x")]
    [InlineData("https://[::1/x")]
    [InlineData("host.example:")]
    [InlineData("user@host.example")]
    [InlineData("my folder/x")]
    [InlineData(":")]
    [InlineData("@")]
    [InlineData("@:/")]
    [InlineData("ext::sh -c 'touch x'")]
    [InlineData("--upload-pack=touch x")]
    [InlineData("-oProxyCommand=x:y/z")]
    [InlineData("ssh://-oProxyCommand=x/y")]
    [InlineData("https://host.example/two\nlines")]
    [InlineData("https://host.example/nul\0")]
    [InlineData("https://host.example/\ud800")]
    public void Normalise_NoAddress_IsNull(string url) => Assert.Null(OriginUrl.Normalise(url, Root));

    [Fact]
    public void Normalise_TooLong_IsNull() => Assert.Null(OriginUrl.Normalise("https://host.example/" + new string('x', 5000), Root));

    [Theory]
    [InlineData("https://user:{0}@host.example/x")]
    [InlineData("https://{0}@host.example/x")]
    [InlineData("https://{0}:x-oauth-basic@host.example/x")]
    [InlineData("https://user:{0}:@host.example/x")]
    [InlineData("https://user:a@{0}@host.example/x")]
    [InlineData("https://user:12/{0}@host.example/x")]
    [InlineData("https://user:12?{0}@host.example/x")]
    [InlineData("https://user:12#{0}@host.example/x")]
    [InlineData("https://host.example/x?private_token={0}")]
    [InlineData("ssh://user:{0}@host.example:22/x")]
    [InlineData("{0}@host.example:x")]
    [InlineData(".{0}@host.example:x")]
    [InlineData("user:{0}@host.example/x")]
    [InlineData("user:{0}@host.example:x")]
    public void Normalise_SecretInTheAddress_IsDropped(string form)
    {
        var secret = Guid.NewGuid().ToString("N");
        var url = form.Replace("{0}", secret, StringComparison.Ordinal);

        Assert.Equal("host.example/x", OriginUrl.Normalise(url, Root));
    }

    [Fact]
    public void Normalise_AnyText_TwiceIsOnce() =>
        AnyAddress.Sample(url =>
        {
            var once = OriginUrl.Normalise(url, Root);
            if (once is null) return;
            Assert.Equal(once, OriginUrl.Normalise(once, Root));
            Assert.Equal(once, OriginUrl.Normalise(once, null));
            Assert.InRange(OriginUrl.SuggestedName(once).Length, 1, 200);
        }, iter: 100_000);

    [Fact]
    public void Normalise_AnyUserInformation_IsNeverInIt() =>
        Gen.Select(UserInformation, Host, RepositoryPath, Gen.OneOf("https://", "ssh://", "git+ssh://", "")).Sample((user, host, path, scheme) =>
        {
            var secret = Guid.NewGuid().ToString("N");
            var separator = scheme.Length > 0 ? "/" : ":";
            var origin = OriginUrl.Normalise($"{scheme}{user}{secret}@{host}{separator}{path}", Root);
            Assert.True(origin is null || origin == $"{host}/{path}", origin);
        }, iter: 20_000);

    [Fact]
    public void Normalise_AnyHostAndPath_AllSpellingsAgree() =>
        Gen.Select(Host, RepositoryPath).Sample((host, path) =>
        {
            var upper = path.ToUpperInvariant();
            string[] spellings =
            [
                $"{host}/{path}", $"git@{host}:{path}", $"{host}:{path}.git", $"git@{host}:{upper}.GIT/", $"git@{host}:/{path}",
                $"ssh://git@{host}/{path}.git", $"ssh://{host}:22/{upper}", $"git+ssh://git@{host}:22/{path}/", $"git://{host}/{path}.git",
                $"git://{host}:9418//{path}", $"https://{host}/{path}", $"https://user:pass@{host}:443/{path}.git", $"http://{host}:80/{upper}",
                $"https://{host}/{path}.git/?a=b#c", $"HTTPS://{host.ToUpperInvariant()}/{path}",
            ];
            foreach (var spelling in spellings) Assert.Equal($"{host}/{path}", OriginUrl.Normalise(spelling, Root));
        }, iter: 5_000);

    [Theory]
    [InlineData("github.com/owner/repo", "repo")]
    [InlineData("host.example:8443/x", "x")]
    [InlineData("file:/srv/git/Tool", "Tool")]
    [InlineData("file:C:/Code/My  Tool", "My Tool")]
    [InlineData("host/*", "repository")]
    [InlineData("host/a\u0007b", "ab")]
    [InlineData("", "repository")]
    public void SuggestedName_Address_IsItsLastPart(string origin, string expected) => Assert.Equal(expected, OriginUrl.SuggestedName(origin));

    [Fact]
    public void SuggestedName_LongName_IsCutBetweenCharacters()
    {
        var name = OriginUrl.SuggestedName("host/" + new string('x', 199) + "🪨🪨");

        Assert.Equal(new string('x', 199), name);
    }

    private static readonly Gen<string> Host = Gen.OneOf("git.example", "a.b-c.example", "intranet", "h2", "10.0.0.1", "[2001:db8::1]");

    // Not a number at its beginning: host:1/x without a user is a port.
    private static readonly Gen<string> RepositoryPath =
        Gen.Select(Gen.String[Gen.Char["abcxyz"], 1, 5], Gen.String[Gen.Char["abc019-_~+"], 1, 8].List[0, 3], (first, rest) => string.Join('/', rest.Prepend(first)));

    private static readonly Gen<string> UserInformation = Gen.String[Gen.Char["abAB01:@%-._!$&'()*+,;=~#?[]"], 0, 12];

    // Pieces that mean something to the reader, in any order.
    private static readonly Gen<string> AnyAddress = Gen.OneOf(
        Gen.OneOf(
            Gen.OneOf("/", "//", ":", "::", "@", ".", "..", ".git", "\\", "?", "#", "[", "]", "-", "~", " ", "%", "*"),
            Gen.OneOf("https://", "ssh://", "git+ssh://", "file:", "file://", "file:///", "localhost", "C:", "c", "host", "github.com", "22", "8443", "99999", "İ", "K", "é")).List[0, 9].Select(string.Concat),
        Gen.String);
}
