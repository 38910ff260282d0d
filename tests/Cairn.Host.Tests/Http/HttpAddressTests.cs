using Cairn.Engine;
using Cairn.Host.Http;
using CsCheck;

namespace Cairn.Host.Tests.Http;

/// <summary>What may be listened at.</summary>
public sealed class HttpAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:4100", "127.0.0.1:4100")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("[::1]:4100", "[::1]:4100")]
    public void Parse_Loopback_IsTaken(string text, string address) => Assert.Equal(address, HttpAddress.Parse(text, allowRemote: false).EndPoint!.ToString());

    [Theory]
    [InlineData("0.0.0.0:4100")]
    [InlineData("[::]:4100")]
    [InlineData("192.168.1.5:4100")]
    [InlineData("[::ffff:192.168.1.5]:4100")]
    public void Parse_AddressOfOthers_TakesASecondWord(string text)
    {
        var error = Assert.Throws<EngineException>(() => HttpAddress.Parse(text, allowRemote: false));
        Assert.Contains("--allow-remote", error.Message, StringComparison.Ordinal);
        Assert.False(HttpAddress.Parse(text, allowRemote: true).IsLocal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4100")]
    [InlineData(":4100")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.1:4100")]
    [InlineData("2130706433:4100")]
    [InlineData("::1:4100")]
    [InlineData("[127.0.0.1]:4100")]
    [InlineData("[]:1")]
    [InlineData("example.org:4100")]
    [InlineData("http://127.0.0.1:4100")]
    [InlineData("unix:")]
    public void Parse_AnythingElse_IsRefused(string text) =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => HttpAddress.Parse(text, allowRemote: true)).Code);

    [Fact]
    public void Parse_LongSocketPath_IsRefusedBeforeTheSystemCutsIt() =>
        Assert.Contains("shorter", Assert.Throws<EngineException>(() => HttpAddress.Parse("unix:/tmp/" + new string('s', 100), allowRemote: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AnyText_IsLocalOrRefused() =>
        Gen.OneOf(Gen.String, Gen.Select(OneOf("127.0.0.1", "0.0.0.0", "[::1]", "[::]", "localhost", "10.0.0.1", "unix", "", "[", "%"), OneOf(":", "::", "", ":0", "]"), Gen.Int[-1, 70000], static (host, colon, port) => $"{host}{colon}{port}")).Sample(static text =>
        {
            try
            {
                Assert.True(HttpAddress.Parse(text, allowRemote: false).IsLocal);
            }
            catch (EngineException error)
            {
                Assert.Equal(ErrorCode.InvalidArgument, error.Code);
            }
        }, iter: 2_000);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
}
