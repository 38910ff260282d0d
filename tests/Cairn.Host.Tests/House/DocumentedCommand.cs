using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>A command line that a document shows, in a block marked sh.</summary>
/// <param name="Line">The whole line, with its remark.</param>
/// <param name="Words">The line as a shell splits it, without the remark.</param>
/// <param name="ExitCode">The exit code that the remark names ("# exit 4"), else 0.</param>
internal sealed partial record DocumentedCommand(string Line, List<string> Words, int ExitCode)
{
    /// <summary>The documents: every Markdown file at the root and in docs/, as paths below the root.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The commands of a document, in its order.</summary>
    public static IReadOnlyList<DocumentedCommand> In(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document)).ReplaceLineEndings("\n");
        return
        [
            .. from Match block in ShellBlock().Matches(text)
               from line in block.Groups["lines"].Value.Split('\n')
               let words = Split(line)
               where words.Count > 0
               select new DocumentedCommand(line.Trim(), words, Ending().Match(line) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0),
        ];
    }

    /// <summary>Splits a line as a shell does: quotes hold words together, and what follows # is a remark.</summary>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, open) = ('\0', false);
        foreach (var c in line)
        {
            if (quote != '\0' && c == quote) quote = '\0';
            else if (quote != '\0') word.Append(c);
            else if (!open && c == '#') break;
            else if (c is '\'' or '"') (quote, open) = (c, true);
            else if (!char.IsWhiteSpace(c)) (open, word) = (true, word.Append(c));
            else if (open)
            {
                words.Add(word.ToString());
                word.Clear();
                open = false;
            }
        }
        if (open) words.Add(word.ToString());
        return words;
    }

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"\s# exit (\d)\b")]
    private static partial Regex Ending();
}
