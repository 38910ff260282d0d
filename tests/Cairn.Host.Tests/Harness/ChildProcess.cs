using System.Diagnostics;
using System.Text;

namespace Cairn.Host.Tests.Harness;

/// <summary>What a program that has ended left behind.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test, with all that the program said, unless it ended with this code.</summary>
    public ProcessResult ShouldExitWith(int code)
    {
        Assert.True(ExitCode == code, $"Exit code {ExitCode}, not {code}.\nstdout:\n{Output}\nstderr:\n{Error}");
        return this;
    }
}

/// <summary>Starts programs as the user of a <see cref="TempHome"/>, with redirected UTF-8 streams and no shell.</summary>
internal static class ChildProcess
{
    /// <summary>A wait that only a hang outlasts.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Process Start(
        string program, IEnumerable<string> arguments, TempHome home, string? workingDirectory = null)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory ?? home.Project,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in home.Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end. One that outlasts <see cref="Limit"/> is killed, and the test fails.</summary>
    public static ProcessResult Run(
        string program, IEnumerable<string> arguments, TempHome home, string input = "", string? workingDirectory = null)
    {
        using var process = Start(program, arguments, home, workingDirectory);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        WriteInput(process, input);
        // The streams end with the last process that holds them: a child left behind would show here.
        if (!process.WaitForExit(Limit) || !Task.WaitAll([output, error], Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} or a child of it did not end within {Limit.TotalSeconds} s.");
        }
        return new ProcessResult(process.ExitCode, output.Result, error.Result);
    }

    private static void WriteInput(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input, as it may; its exit code and output tell the rest.
        }
    }
}
