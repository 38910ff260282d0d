using System.CommandLine;

namespace Cairn.Host.Cli;

/// <summary>
/// cairn completion: the few lines by which a shell asks this program what may come next. The program itself knows its
/// commands and options ([suggest:POSITION] "the line"), so the lines never grow old.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Completion of cairn for bash. In ~/.bashrc: eval "$(cairn completion bash)"
        _cairn() {
          local word=${COMP_WORDS[COMP_CWORD]} candidates
          candidates=$("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
          COMPREPLY=($(compgen -W "$candidates" -- "$word"))
        }
        complete -o default -F _cairn cairn
        """;

    private const string Zsh = """
        #compdef cairn
        # Completion of cairn for zsh. In ~/.zshrc, after compinit: eval "$(cairn completion zsh)"
        _cairn() {
          local -a candidates
          candidates=("${(@f)$("$words[1]" "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
          candidates=(${candidates:#})
          (( $#candidates )) && compadd -a candidates || _files
        }
        if [ "$funcstack[1]" = _cairn ]; then _cairn; else compdef _cairn cairn; fi
        """;

    private const string Fish = """
        # Completion of cairn for fish. Once: cairn completion fish > ~/.config/fish/completions/cairn.fish
        complete -c cairn -a '(set -l line (commandline -cp); command cairn "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'
        """;

    private const string PowerShell = """
        # Completion of cairn for PowerShell. In $PROFILE: cairn completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName cairn -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $line = $commandAst.ToString().PadRight($cursorPosition)
          & $commandAst.CommandElements[0].Value "[suggest:$cursorPosition]" $line 2>$null |
            Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["powershell"] = PowerShell };

    public static CairnCommand Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return new CairnCommand("completion", "Print the lines by which a shell completes cairn's commands and options.", "cairn completion bash", "cairn completion powershell") { shell }.Looks().Does(context =>
        {
            Output.Raw(Scripts[context.Parsed.GetValue(shell)!].ReplaceLineEndings("\n"));
            return ExitCode.Done;
        });
    }
}
