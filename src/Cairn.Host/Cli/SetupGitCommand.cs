using Cairn.Engine;
using Cairn.Host.Setup;

namespace Cairn.Host.Cli;

/// <summary>cairn setup git: every commit of a repository goes into memory.</summary>
internal static class SetupGitCommand
{
    public static CairnCommand Create()
    {
        return new CairnCommand("git", "Take each commit of this folder's repository into memory, by its post-commit hook (where core.hooksPath says, else .git/hooks). The commit does not wait for it, and never fails by it; a hook that is there goes on as before.",
            "cairn setup git", "cairn setup git --remove")
        .Does(context =>
        {
            var dry = context.Parsed.GetValue(SetupCommand.DryRun);
            var folder = context.Engine.Histories.Hooks(context.Origin(null));
            var setup = new GitSetup(folder.Path);
            var change = Apply(setup, context, context.Parsed.GetValue(SetupCommand.Remove), dry).ToString().ToLowerInvariant();
            if (context.Json) Output.Json(new SetupReport("git", setup.HookPath, change, dry ? true : null, null, null), WireJson.Indented.SetupReport);
            else Output.Line($"{(dry ? "Would be " : "")}{change}: {Output.Safe(setup.HookPath)}");
            if (folder.IsShared) Output.Note("[yellow]This folder of hooks is that of all your repositories (core.hooksPath of your own configuration).[/]");
            if (folder.IsVersioned && !context.Parsed.GetValue(SetupCommand.Remove)) Output.Note("[yellow]This folder of hooks is part of the repository (core.hooksPath): the hook holds paths of this machine, and goes out with your next commit unless you leave it out.[/]");
            return ExitCode.Done;
        });
    }

    private static SetupChange Apply(GitSetup setup, CommandContext context, bool remove, bool dry)
    {
        try
        {
            var self = SelfProgram.Current;
            return remove ? setup.Remove(dry) : setup.Add([self.Command, .. self.Arguments], context.Settings.DatabasePath.Value!, dry);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{setup.HookPath} cannot be read or written. Check its permissions and the disk.", inner: error);
        }
    }
}
