using System.Globalization;
using Cairn.Engine.Briefing;
using Cairn.Engine.Capture;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Entries;
using Cairn.Engine.Git;
using Cairn.Engine.Ingestion;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Operations;
using Cairn.Engine.Policy;
using Cairn.Engine.Projects;
using Cairn.Engine.Recovery;
using Cairn.Engine.Retention;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using Cairn.Engine.Transfer;

namespace Cairn.Engine;

/// <summary>
/// The engine's only wiring: its services over one database. Making one opens nothing; the first call of a service does.
/// Safe for concurrent calls. Disposing lets running writes finish.
/// </summary>
public sealed class CairnEngine : IDisposable
{
    private readonly Database _database;

    /// <summary>Wires an engine.</summary>
    public CairnEngine(EngineOptions options, TimeProvider? timeProvider = null)
    {
        var time = timeProvider ?? TimeProvider.System;
        _database = new Database(options, time);
        var (git, scanner) = (new GitClient(options.GitPatience), new SecretScanner());
        Logs = new LogService(options, scanner, time);
        Servers = new ServerService(options, time);
        HookNotes = new HookNoteService(options, time);
        _database.Log = Logs.Write;
        Embeddings = new EmbeddingService(options, _database, time);
        Ranking = new RankedIndexService(options, _database, time);
        _database.Writing = writing =>
        {
            Servers.Mark(writing);
            if (writing) return;
            Embeddings.Wake();
            Ranking.Wake();
        };
        var projects = new ProjectResolver(options, git, scanner);
        var policy = new WritePolicy(options, _database, projects, scanner);
        var recall = new RecallPolicy(policy);
        Entries = new EntryService(_database, projects, policy, recall);
        Listings = new ListingService(_database, projects, recall);
        Purges = new PurgeService(_database, policy);
        Rescans = new RescanService(_database, policy, Purges);
        Ingestion = new IngestionService(_database, projects, policy, git, time);
        Capture = new CaptureService(options, _database, projects, policy, Entries, time);
        Search = new SearchService(_database, projects, recall, Embeddings, time, Ranking.Reader);
        Freshness = new FreshnessService(_database, projects, recall, git, time);
        Excerpts = new ExcerptService(Entries, Freshness);
        Briefs = new BriefService(_database, projects, recall, Search);
        SessionImports = new SessionImportService(options, _database, projects, scanner, time, (events, context) => Capture.Capture(events, context));
        Histories = new GitHistoryService(_database, projects, policy, git, Capture.Files);
        Handoffs = new SessionHandoffService(Capture);
        Related = new RelatedService(Search);
        Projects = new ProjectService(_database, projects, scanner, name => recall.Redaction().Clean(name, "project"));
        Maintenance = new MaintenanceService(_database);
        Policy = new PolicyService(options, _database, policy, scanner, time);
        Backups = new BackupService(_database, time);
        BackupScrubs = new BackupScrubService(_database, Backups, time);
        _database.BeforeUpgrade = Backups.BeforeUpgrade;
        _database.Upgraded = (from, to, backup) => options.Warn(string.Create(CultureInfo.InvariantCulture, $"The database was brought from schema {from} to {to}, with all that it holds. As it was before: cairn restore {backup}"));
        Retention = new RetentionService(_database, time, Backups.BeforeRetention);
        Freezes = new FreezeService(_database, scanner, time);
        Restores = new RestoreService(_database, Backups, Freezes, Entries, Search, time);
        Health = new HealthService(_database, Maintenance, Backups, Servers, Logs, Embeddings, time);
        Repair = new RepairService(_database, Servers, Backups);
        _database.LastBackup = Backups.LastGood;
        Integrity = new IntegrityService(_database, Backups);
        Index = new IndexService(_database, Backups, Logs, time, Ranking);
        Recovery = new RecoverService(_database, Backups, time);
        Export = new ExportService(_database, recall, time);
        Import = new ImportService(_database, projects, policy);
    }

    /// <summary>Saves, reads and changes entries.</summary>
    public EntryService Entries { get; }

    /// <summary>Lists and counts entries of every state.</summary>
    public ListingService Listings { get; }

    /// <summary>Removes entries for good.</summary>
    public PurgeService Purges { get; }

    /// <summary>Judges stored entries by the rules of today.</summary>
    public RescanService Rescans { get; }

    /// <summary>Takes documents in.</summary>
    public IngestionService Ingestion { get; }

    /// <summary>Takes what is worth remembering out of sessions.</summary>
    public CaptureService Capture { get; }

    /// <summary>Reads the clients' session files.</summary>
    public SessionImportService SessionImports { get; }

    /// <summary>Says where a session that has ended stopped.</summary>
    public SessionHandoffService Handoffs { get; }

    /// <summary>Takes commits in.</summary>
    public GitHistoryService Histories { get; }

    /// <summary>Finds entries.</summary>
    public SearchService Search { get; }

    /// <summary>The vectors by which entries are found by their meaning.</summary>
    public EmbeddingService Embeddings { get; }

    /// <summary>The index by which searches rank without reading all that matches.</summary>
    public RankedIndexService Ranking { get; }

    /// <summary>Marks entries whose files changed since.</summary>
    public FreshnessService Freshness { get; }

    /// <summary>The brief for a session's start.</summary>
    public BriefService Briefs { get; }

    /// <summary>What bears on a prompt.</summary>
    public RelatedService Related { get; }

    /// <summary>Reads entries whole, or what fits a budget of them.</summary>
    public ExcerptService Excerpts { get; }

    /// <summary>Projects and their names.</summary>
    public ProjectService Projects { get; }

    /// <summary>Which entries a rule would let go, what approval makes of that, and the record of all of it.</summary>
    public RetentionService Retention { get; }

    /// <summary>The schema and the health of the database.</summary>
    public MaintenanceService Maintenance { get; }

    /// <summary>What the write policy finds, refused, and lets pass.</summary>
    public PolicyService Policy { get; }

    /// <summary>Copies of the database.</summary>
    public BackupService Backups { get; }

    /// <summary>Takes what was purged out of those copies.</summary>
    public BackupScrubService BackupScrubs { get; }

    /// <summary>Stops writes, and lets them go on.</summary>
    public FreezeService Freezes { get; }

    /// <summary>Puts a backup in the database's place.</summary>
    public RestoreService Restores { get; }

    /// <summary>Whether all is well, with the database and beside it.</summary>
    public HealthService Health { get; }

    /// <summary>Mends what can be mended without a choice.</summary>
    public RepairService Repair { get; }

    /// <summary>The event log: what was done, how long it took, how it ended.</summary>
    public LogService Logs { get; }

    /// <summary>What a client's hook leaves for the next one.</summary>
    public HookNoteService HookNotes { get; }

    /// <summary>The servers that are live on this database.</summary>
    public ServerService Servers { get; }

    /// <summary>Whether the database is what was written to it.</summary>
    public IntegrityService Integrity { get; }

    /// <summary>The full-text index.</summary>
    public IndexService Index { get; }

    /// <summary>Reads what a damaged database still holds into a new one.</summary>
    public RecoverService Recovery { get; }

    /// <summary>Writes entries out, whole.</summary>
    public ExportService Export { get; }

    /// <summary>Brings entries in from an export or another memory.</summary>
    public ImportService Import { get; }

    /// <summary>Lets running writes finish and closes the database.</summary>
    public void Dispose()
    {
        Embeddings.Dispose();
        Ranking.Dispose();
        _database.Dispose();
        Servers.Dispose();
        Logs.Dispose();
    }
}
