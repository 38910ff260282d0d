using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Cairn.Host.Setup;

/// <summary>
/// Asks Codex itself (its app-server, hooks/list) whether it runs our hooks: until its user has looked at them with /hooks it
/// skips them and says nothing. Only asks: to trust a hook is the user's, never an installer's.
/// </summary>
internal static class CodexTrust
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>What Codex says of each of our hooks: trusted, managed, untrusted, modified, or disabled; null when it gave no answer in time.</summary>
    /// <param name="program">Codex's executable.</param>
    /// <param name="folder">The folder whose configuration counts.</param>
    /// <param name="isOurs">Whether a command line is ours.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IReadOnlyList<(string Event, string Trust)>?> AskAsync(string program, string folder, Func<string, bool> isOurs, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var start = new ProcessStartInfo(program, ["app-server"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        Process? codex = null;
        try
        {
            codex = Process.Start(start)!;
            codex.ErrorDataReceived += static (_, _) => { }; // read, or it would wait for a reader
            codex.BeginErrorReadLine();
            await codex.StandardInput.WriteAsync($$$"""
                {"id":1,"method":"initialize","params":{"clientInfo":{"name":"cairn","title":"Cairn","version":"{{{BuildInfo.Version}}}"} } }
                {"method":"initialized"}
                {"id":2,"method":"hooks/list","params":{"cwds":[{{{JsonText.Quote(folder)}}}]} }

                """.ReplaceLineEndings("\n").AsMemory(), patience.Token).ConfigureAwait(false);
            await codex.StandardInput.FlushAsync(patience.Token).ConfigureAwait(false);
            while (await codex.StandardOutput.ReadLineAsync(patience.Token).ConfigureAwait(false) is { } line)
                if (Answer(line, isOurs) is { } answer) return answer;
            return null;
        }
        catch (Exception error) when (error is Win32Exception or IOException or JsonException or InvalidOperationException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null; // not to be started, too old or too new to know the question, or too slow
        }
        finally
        {
            if (codex is { HasExited: false }) codex.Kill(entireProcessTree: true);
            codex?.Dispose();
        }
    }

    /// <summary>What a line of its output says; null for all but the answer.</summary>
    /// <exception cref="JsonException">The answer is none to this question, as far as we know it.</exception>
    internal static IReadOnlyList<(string Event, string Trust)>? Answer(string line, Func<string, bool> isOurs)
    {
        if (!line.StartsWith('{')) return null;
        using var document = JsonDocument.Parse(line);
        if (Member(document.RootElement, "id", JsonValueKind.Number) is not { } id || !id.TryGetInt32(out var number) || number != 2) return null;
        if (Member(document.RootElement, "result", JsonValueKind.Object) is not { } result || Member(result, "data", JsonValueKind.Array) is not { } folders) throw Unknown();
        var found = new List<(string, string)>();
        foreach (var folder in folders.EnumerateArray())
        foreach (var hook in (Member(folder, "hooks", JsonValueKind.Array) ?? throw Unknown()).EnumerateArray())
        {
            if (Text(hook, "command") is not { } words || !isOurs(words)) continue;
            var isDisabled = Member(hook, "enabled", JsonValueKind.False) is not null;
            found.Add((Text(hook, "eventName") ?? "", isDisabled ? "disabled" : Text(hook, "trustStatus") ?? throw Unknown()));
        }
        return found;
    }

    private static string? Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String)?.GetString();

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static JsonException Unknown() => new("Codex did not list its hooks.");
}
