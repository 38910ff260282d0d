using System.Text.RegularExpressions;

namespace Cairn.Engine.Tests.House;

/// <summary>The rules of the house that a compiler does not know, read from the engine's sources.</summary>
public sealed partial class FolderDependencyTests
{
    private static readonly string Root = RepositoryRoot();

    /// <summary>What each folder may use besides itself and the types at the root: the table of ARCHITECTURE.md.</summary>
    private static readonly Dictionary<string, string[]> MayUse = FolderRow().Matches(File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md")))
        .ToDictionary(row => row.Groups["folder"].Value, row => row.Groups["uses"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The one file that wires all folders, and one whose default is a word of Entries.</summary>
    private static readonly Dictionary<string, string[]> RootMayUse = new()
    {
        ["CairnEngine.cs"] = [.. MayUse.Keys],
        ["CallContext.cs"] = ["Entries"],
    };

    private static readonly string Sources = Path.Combine(Root, "src", "Cairn.Engine");

    [Fact]
    public void Folders_UseEachOther_OneWayDown()
    {
        var offenders =
            from file in Files()
            from used in UsedFolders(file)
            where used != file.Folder && !Allowed(file).Contains(used)
            select $"{file.Name} uses {used}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Folders_OfTheEngine_AreThoseOfTheTable() =>
        Assert.Equal(MayUse.Keys.Order(), Files().Select(file => file.Folder).Where(folder => folder.Length > 0).Distinct().Order());

    [Fact]
    public void Namespace_OfAFile_IsItsFolder()
    {
        var offenders =
            from file in Files()
            let folders = Path.GetDirectoryName(file.Name)!.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            let expected = string.Join('.', ["Cairn.Engine", .. folders])
            where !file.Code.Contains($"namespace {expected};", StringComparison.Ordinal)
            select $"{file.Name} is not in {expected}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void PublicTypes_OfTheEngine_AreServicesRecordsAndVocabulary()
    {
        string[] vocabulary = ["CairnEngine", "DateText", "EngineException", "EntryOrigin", "EntryType", "ErrorCodeText", "SecretScanner"];
        var types = typeof(CairnEngine).Assembly.GetExportedTypes();
        var offenders =
            from type in types
            let isRecord = type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.IsAssignableTo(typeof(IEquatable<>).MakeGenericType(type)))
            where !type.IsEnum && !isRecord && !type.Name.EndsWith("Service", StringComparison.Ordinal) && !vocabulary.Contains(type.Name)
            select type.FullName;

        Assert.Empty(offenders);
        Assert.DoesNotContain(types, type => type.Namespace is "Cairn.Engine.Storage" or "Cairn.Engine.Git");
    }

    [Fact]
    public void Sql_OfTheEngine_IsInStoresIndexesAndStorageAlone()
    {
        var offenders =
            from file in Files()
            where file.Folder != "Storage" && !file.Name.EndsWith("Store.cs", StringComparison.Ordinal) && !file.Name.EndsWith("Index.cs", StringComparison.Ordinal)
            from statement in Statement().Matches(file.Code)
            where file.Folder != "Maintenance" || !IsLook(statement.Value)
            select $"{file.Name}: {statement.Value}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Database_IsNeverOpenedAsAPlainFile()
    {
        // A file before SQLite has it, files of settings, the copies that are closed, and what lies beside the database.
        string[] notTheDatabase = ["DatabaseFile", "DurableFile", "SmallFile", "BackupFolder", "BackupManifest", "BackupService", "FreezeFile", "LeaseFile", "RestoreJournal", "DamagedDatabase", "WriteGate"];
        var offenders =
            from file in Files()
            where file.Folder is "Storage" or "Entries" or "Search" or "Projects" or "Maintenance" or "Recovery" && !notTheDatabase.Contains(Path.GetFileNameWithoutExtension(file.Name))
            from call in PlainFile().Matches(file.Code)
            select $"{file.Name}: {call.Value}";

        Assert.Empty(offenders);
    }

    private static string[] Allowed(SourceFile file) => file.Folder.Length > 0 ? MayUse[file.Folder] : RootMayUse.GetValueOrDefault(file.Name, []);

    // By a using, by a name in full, or by one in part (Entries.EntryOrigin), which the namespace in common allows.
    private static IEnumerable<string> UsedFolders(SourceFile file) =>
        from folder in MayUse.Keys
        where Regex.IsMatch(file.Code, $"""(?<!namespace )\bCairn\.Engine\.{folder}\b|(?<![\w."]){folder}\.[A-Z]\w""")
        select folder;

    private static bool IsLook(string statement) =>
        statement.StartsWith("PRAGMA", StringComparison.Ordinal) || statement.StartsWith("BEGIN", StringComparison.Ordinal);

    private static List<SourceFile> Files() =>
    [
        .. from path in Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(Sources, path)
           let folder = Path.GetDirectoryName(name)!.Split(Path.DirectorySeparatorChar)[0]
           where folder is not ("obj" or "bin")
           select new SourceFile(name, folder, Comment().Replace(File.ReadAllText(path), "")),
    ];

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cairn.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder;
    }

    [GeneratedRegex(@"^\| (?<folder>[A-Z]\w+) \| [^|]+ \| (?<uses>[^|]*) ?\|$", RegexOptions.Multiline)]
    private static partial Regex FolderRow();

    [GeneratedRegex(@"^[ \t]*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(SELECT |INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX|TRIGGER|VIRTUAL)|DROP (TABLE|INDEX|TRIGGER)|ALTER TABLE|PRAGMA \w+|BEGIN IMMEDIATE|VACUUM)")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\bFile\.(Open|Read|Write|Append|Copy|Move|Replace|Create|Delete)\w*|new (FileStream|StreamWriter|BinaryReader)\b")]
    private static partial Regex PlainFile();

    private sealed record SourceFile(string Name, string Folder, string Code);
}
