using Cairn.Host.Cli;

try
{
    return CommandLine.Run(args);
}
catch (Exception error)
{
    Output.Unexpected(error);
    return ExitCode.Failed;
}
