namespace Cairn.Host.Tests.Harness;

/// <summary>What a server does whose database cannot be used.</summary>
internal static class UnusableDatabase
{
    /// <summary>Fails unless each tool refuses with this code and these words, the file stays as it is, and the server works once it is away.</summary>
    public static void AssertRefusesAndMends(TempHome home, string code, params string[] words)
    {
        var bytes = File.Exists(home.Database) ? File.ReadAllBytes(home.Database) : null;
        using var server = McpProcess.StartInitialized(home);

        AssertEachToolRefuses(server, code, words);
        if (bytes is not null) Assert.Equal(bytes, File.ReadAllBytes(home.Database));

        Directory.Move(home.Database, $"{home.Database}.away");
        AssertEachToolWorks(server);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(home.Database);
    }

    /// <summary>Fails unless the server lists its tools and each refuses with this code and these words, without a stack trace.</summary>
    public static void AssertEachToolRefuses(McpProcess server, string code, params string[] words)
    {
        Assert.Equal(ToolCalls.Names, server.ListTools().Select(static tool => tool.String("name")));
        foreach (var tool in ToolCalls.Names)
        {
            var result = server.CallTool(tool, ToolCalls.Valid(tool, "06BQ1Z7K3M9XWVTD"));
            Assert.True(result.ErrorCode == code, $"{tool}: {result.Text}");
            var message = result.Structured.Object("error").String("message");
            Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        }
        Assert.DoesNotContain(" at ", server.Error, StringComparison.Ordinal);
    }

    /// <summary>Fails unless each tool does its work.</summary>
    public static void AssertEachToolWorks(McpProcess server)
    {
        var id = ToolCalls.Save(server, "It is mended.");
        foreach (var tool in ToolCalls.Names)
        {
            var result = server.CallTool(tool, ToolCalls.Valid(tool, id));
            Assert.False(result.IsError, $"{tool}: {result.Text}");
        }
    }
}
