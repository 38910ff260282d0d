using System.Globalization;
using Cairn.Engine.Search;

namespace Cairn.Host.Cli;

/// <summary>What a switch of the search by meaning did.</summary>
/// <param name="Embeddings">on or off.</param>
/// <param name="Changed">Whether it was the other before.</param>
/// <param name="ConfigFile">The file that says so.</param>
internal sealed record EmbeddingsSwitch(string Embeddings, bool Changed, string ConfigFile);

/// <summary>cairn embeddings: the search by meaning, beside that by words.</summary>
internal static class EmbeddingsCommand
{
    public static CairnCommand Create() => new("embeddings", "The search by meaning, by a small model on this machine: status, rebuild, off, on.") { Status(), Rebuild(), Switch("off"), Switch("on") };

    private static CairnCommand Status() => new CairnCommand("status", "Show whether entries are found by their meaning, how many are covered, and why not.", "cairn embeddings status").Looks().Does(static context =>
    {
        var status = context.Engine.Embeddings.Status();
        if (context.Json) Output.Json(status, WireJson.Indented.EmbeddingStatus);
        else Show(status);
        return ExitCode.Done;
    });

    private static CairnCommand Rebuild() => new CairnCommand("rebuild", "Make the vectors of all entries anew. Searches go on meanwhile by what is there; when it is ended half-way, servers do the rest.", "cairn embeddings rebuild").Does(static context =>
    {
        var progress = IntegrityCommand.Progress(context);
        var rebuilt = context.Engine.Embeddings.Rebuild(progress is null ? null : done => progress(string.Create(CultureInfo.InvariantCulture, $"{done:N0} entries")), CancellationToken.None);
        if (context.Json) Output.Json(rebuilt, WireJson.Indented.EmbeddingRebuild);
        else Output.Line(string.Create(CultureInfo.InvariantCulture, $"Made {rebuilt.Vectors:N0} vectors of {rebuilt.Entries:N0} {(rebuilt.Entries == 1 ? "entry" : "entries")} in {rebuilt.Milliseconds / 1000:0.0} s"));
        return ExitCode.Done;
    });

    private static CairnCommand Switch(string to)
    {
        var words = to == "on"
            ? "Find entries by their meaning as well, where the model is there: the default."
            : "Find entries by their words alone. The vectors stay, and are used again after cairn embeddings on.";
        return new CairnCommand(to, words, $"cairn embeddings {to}").Does(context =>
        {
            var path = context.Settings.ConfigPath;
            var changed = context.Settings.UsesEmbeddings != (to == "on");
            SettingsFile.Set(path, Settings.EmbeddingsName, to == "on");
            var now = Settings.Load(context.Settings.DatabasePath.Value).Embeddings;
            if (context.Json) Output.Json(new EmbeddingsSwitch(now.Value!, changed, path), WireJson.Indented.EmbeddingsSwitch);
            else Output.Line($"Embeddings are {now.Value} ({Output.Safe(path)}). Servers that run now go on as they began.");
            if (now.Value != to) Output.Note($"[yellow]{now.Variable} in the environment says {now.Value}, and comes first.[/]");
            return ExitCode.Done;
        });
    }

    private static void Show(EmbeddingStatus status)
    {
        Output.Line($"Embeddings: [{(status.State == "on" ? "green" : "yellow")}]{status.State}[/]{(status.Problem is { } problem ? $" ({Output.Safe(problem)})" : "")}");
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"Covered:    {status.Covered:N0} of {status.Of:N0} {(status.Of == 1 ? "entry" : "entries")}, {status.Vectors:N0} vectors{(status.Working ? ", and a process makes more now" : "")}"));
        if (status.PassedOver is { } passed) Output.Line(string.Create(CultureInfo.InvariantCulture, $"Failed:     {passed:N0}, passed over by the model; found by words. Try again: cairn embeddings rebuild"));
        Output.Line($"Model:      {Output.Safe(status.Model)}");
    }
}
