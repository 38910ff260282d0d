using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Projects;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>All projects, and the one of this folder.</summary>
internal sealed record ProjectList(string Current, IReadOnlyList<Project> Projects);

/// <summary>What became of a project.</summary>
internal sealed record ProjectChange(string Status, string Project, int? MovedEntries);

/// <summary>cairn project: which there are, and their names.</summary>
internal static class ProjectCommand
{
    public static CairnCommand Create() => new("project", "Projects: list, rename, merge.", "cairn project list", "cairn project merge app-2 billing") { List(), Rename(), Merge() };

    private static CairnCommand List() => new CairnCommand("list", "Show all projects and by what they are known.", "cairn project list").Looks().Does(static context =>
    {
        var list = new ProjectList(context.Engine.Projects.Current(context.Origin(null)), context.Engine.Projects.List());
        if (context.Json)
        {
            Output.Json(list, WireJson.Indented.ProjectList);
            return ExitCode.Done;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("project", "entries", "newest", "known by");
        foreach (var project in list.Projects)
        {
            var here = project.Name == list.Current ? "[green]*[/]" : " ";
            var known = (project.Origins ?? []).Concat(project.Roots ?? []).Concat((project.FormerNames ?? []).Select(static name => $"formerly {name}"));
            table.AddRow($"{here} {Output.Safe(project.Name)}", project.Entries.ToString(CultureInfo.InvariantCulture),
                project.LastEntryAt?.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-", Output.Safe(string.Join(", ", known)));
        }
        Output.Table(table);
        return ExitCode.Done;
    });

    private static CairnCommand Rename()
    {
        var from = new Argument<string>("from") { Description = "Its present name" };
        var to = new Argument<string>("to") { Description = "Its new name; the old one goes on leading to it" };
        return new CairnCommand("rename", "Give a project another name.", "cairn project rename app-2 billing") { from, to }.Does(context =>
        {
            context.Engine.Projects.Rename(context.Parsed.GetValue(from)!, context.Parsed.GetValue(to)!);
            return Report(context, new ProjectChange("renamed", context.Parsed.GetValue(to)!.Trim(), null), "Renamed to");
        });
    }

    private static CairnCommand Merge()
    {
        var from = new Argument<string>("from") { Description = "The project that goes" };
        var into = new Argument<string>("into") { Description = "The project that stays and gets all its entries, names, origins and folders" };
        return new CairnCommand("merge", "Make two projects one.", "cairn project merge app-2 billing") { from, into }.Does(context =>
        {
            var moved = context.Engine.Entries.MergeProjects(context.Parsed.GetValue(from)!, context.Parsed.GetValue(into)!);
            return Report(context, new ProjectChange("merged", context.Parsed.GetValue(into)!.Trim(), moved), $"Moved {moved} entries to");
        });
    }

    private static int Report(CommandContext context, ProjectChange change, string words)
    {
        if (context.Json) Output.Json(change, WireJson.Indented.ProjectChange);
        else Output.Line($"{words} [green]{Output.Safe(change.Project)}[/]");
        return ExitCode.Done;
    }
}
