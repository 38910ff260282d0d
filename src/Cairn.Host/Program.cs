using Cairn.Host.Cli;

Output.ScanErrors();
try
{
    return CommandLine.Run(args);
}
catch (Exception error)
{
    Output.Unexpected(error);
    return ExitCode.Failed;
}
