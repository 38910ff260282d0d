namespace Cairn.Benchmarks.Evaluation;

/// <summary>One entry to be saved, under a name of its own.</summary>
internal sealed record Document(string Name, string Project, string Title, string Text)
{
    public string Type { get; init; } = "note";
    public string? SourceRef { get; init; }
    public string? Session { get; init; }

    /// <summary>Text fields that are saved with it.</summary>
    public IReadOnlyList<(string Name, string Value)> Metadata { get; init; } = [];

    /// <summary>When it happened; null: when it is saved.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The name of the entry that it replaces.</summary>
    public string? Supersedes { get; init; }

    /// <summary>What it answers as: its own name, or the name of the entry that says the same.</summary>
    public string Answer { get; init; } = Name;
}

/// <summary>
/// One question: the row of the table that it counts in, the way in which it asks, and what should be found, all of it
/// for full recall.
/// </summary>
internal sealed record Question(string Set, string Kind, string Project, string Text, IReadOnlySet<string> Answers)
{
    /// <summary>Answers that have been replaced by those that are asked for.</summary>
    public IReadOnlySet<string> Outdated { get; init; } = new HashSet<string>();

    /// <summary>Kept apart from tuning: its figures are shown, its text is not.</summary>
    public bool HeldOut { get; init; }
}

/// <summary>Entries in the order they are saved, and the questions that are asked before the next portion is.</summary>
internal sealed record Portion(IReadOnlyList<Document> Documents, IReadOnlyList<Question> Questions);

/// <summary>What goes into one database.</summary>
internal sealed record EvaluationSet(string Name, IReadOnlyList<Portion> Portions);
