using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 21: a field that a tool has not. One rule: what writes refuses it by name, what reads passes over it.</summary>
public sealed class Row21UnknownFieldTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public void Row21_UnknownField_IsRefusedByEachWritingTool_AndPassedOverByEachReadingOne()
    {
        var server = fixture.Server;
        var id = ToolCalls.Save(server, "An entry to call the tools on.");
        var (refused, passed) = (0, 0);
        foreach (var tool in server.ListTools())
        {
            var name = tool.String("name");
            foreach (var field in new[] { "txt", "project_id", "__proto__", "Text", "a b", "" })
            {
                var arguments = ToolCalls.Valid(name, id);
                arguments[field] = "what the field holds";
                var result = server.CallTool(name, arguments);
                if ((bool)tool.Object("annotations")["readOnlyHint"]!)
                {
                    Assert.False(result.IsError, result.Text);
                    passed++;
                    continue;
                }
                Assert.Equal("INVALID_ARGUMENT", result.ErrorCode);
                Assert.Contains("no field of this tool", result.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("what the field holds", result.Text, StringComparison.Ordinal);
                if (field is "txt" or "project_id") Assert.Equal(field, result.Structured.Object("error").Object("details").String("field"));
                refused++;
            }
        }
        Assert.Equal(1, DatabaseFile.Count(fixture.Home.Database, "entries"));
        FaultRun.Report(21, "fields that a tool has not", "each tool, six names", refused + passed, $"{refused} writing calls refused, nothing stored; {passed} reading calls answered as without the field",
            "INVALID_ARGUMENT: txt: is no field of this tool");
    }
}
