using System.Text;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests;

/// <summary>An engine over a new database in a temporary folder, with a clock that stands still until a test moves it.</summary>
internal sealed class EngineFixture : IDisposable
{
    /// <summary>The project that <see cref="Context"/> names.</summary>
    public const string Project = "cairn";

    private readonly TimeProvider _time;

    public EngineFixture(Func<EngineOptions, EngineOptions>? configure = null, TimeProvider? time = null)
    {
        Folder = Directory.CreateTempSubdirectory("cairn-test-").FullName;
        Options = new EngineOptions { DatabasePath = Path.Combine(Folder, "data", "memory.db"), HomeDirectory = Path.Combine(Folder, "home") };
        Options = configure?.Invoke(Options) ?? Options;
        _time = time ?? Time;
        Engine = Another();
        Context = new CallContext { WorkingDirectory = Folder, Project = Project };
    }

    public string Folder { get; }

    public EngineOptions Options { get; }

    public string DatabasePath => Options.DatabasePath;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero));

    public CairnEngine Engine { get; private set; }

    public EntryService Entries => Engine.Entries;

    /// <summary>A call that names the project <see cref="Project"/>.</summary>
    public CallContext Context { get; }

    /// <summary>A call that names another project.</summary>
    public CallContext In(string project) => Context with { Project = project };

    /// <summary>Saves an entry, which must be stored.</summary>
    public Receipt Store(NewEntry entry, CallContext? context = null) => Stored(Entries.Save(entry, context ?? Context));

    /// <summary>Saves a text, which must be new, and returns its id. The clock then moves on by a second.</summary>
    public string Save(string text, CallContext? context = null) => Save(new NewEntry { Text = text }, context);

    /// <summary>Saves an entry, which must be new, and returns its id. The clock then moves on by a second.</summary>
    public string Save(NewEntry entry, CallContext? context = null)
    {
        var receipt = Store(entry, context);
        Assert.Equal("saved", receipt.Status);
        Time.Advance(TimeSpan.FromSeconds(1));
        return receipt.Id;
    }

    /// <summary>Changes an entry, which the policy must let pass. The clock then moves on by a second.</summary>
    public Receipt Update(EntryChange change)
    {
        var receipt = Stored(Entries.Update(change, Context));
        Time.Advance(TimeSpan.FromSeconds(1));
        return receipt;
    }

    public Receipt Update(string id, EntryAction action) => Update(new EntryChange { Id = id, Action = action });

    /// <summary>Removes entries for good, and every byte of them.</summary>
    public void Purge(params IReadOnlyList<string> ids) => Assert.Null(Engine.Purges.Purge(ids, null).BytesLeft);

    /// <summary>Makes an entry one that older rules let in: with another text in place of a word, and never judged.</summary>
    public void Age(string id, string word, string text) => Sql($"""
        UPDATE entries SET title = replace(title, '{word}', '{text}'), body = replace(body, '{word}', '{text}'), source_ref = replace(source_ref, '{word}', '{text}'),
                           tags = replace(tags, '{word}', '{text}'), metadata = replace(metadata, '{word}', '{text}'), branch = replace(branch, '{word}', '{text}'),
                           search_text = replace(search_text, '{word}', '{text}'), rule_set_key = NULL
        WHERE id = '{id}'
        """);

    /// <summary>A whole entry, which must be there.</summary>
    public Entry Get(string id) => Assert.Single(Entries.Get([id]).Items);

    public SearchResult Search(string query, CallContext? context = null) => Search(new SearchQuery { Query = query }, context);

    public SearchResult Search(SearchQuery query, CallContext? context = null) => Engine.Search.Search(query, context ?? Context);

    /// <summary>The ids that a query finds, best first.</summary>
    public IReadOnlyList<string> Find(string query, CallContext? context = null) => Ids(Search(query, context));

    public static IReadOnlyList<string> Ids(SearchResult result) => [.. result.Items.Select(item => item.Id)];

    public static Receipt Stored(SaveOutcome outcome) => Assert.IsType<SaveOutcome.Stored>(outcome).Receipt;

    /// <summary>Another engine over the same file: its own connections, as another process would have.</summary>
    public CairnEngine Another() => new(Options, _time);

    /// <summary>Closes the engine and opens the file anew.</summary>
    public void Reopen()
    {
        Engine.Dispose();
        Engine = Another();
    }

    /// <summary>Runs work on a thread of its own, so that it may wait for another.</summary>
    public static Task<T> Start<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Whether any byte of any file of the folder is part of this text. The engine is closed meanwhile: reading the
    /// files of an open database would drop its locks.
    /// </summary>
    public bool Holds(string text)
    {
        Engine.Dispose();
        var sought = Encoding.UTF8.GetBytes(text);
        var holds = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(sought) >= 0);
        Engine = Another();
        return holds;
    }

    /// <summary>Runs SQL past the engine, on a connection of its own: to arrange a fault, or to look at what is stored.</summary>
    public void Sql(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query past the engine, each as its columns joined by "|".</summary>
    public List<string> Rows(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return rows;
    }

    /// <summary>A plain connection to the file.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabasePath, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
