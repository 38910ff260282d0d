CREATE TABLE schema_migrations (
    version    INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    checksum   TEXT    NOT NULL,  -- SHA-256 of the migration's text, hex
    applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE projects (
    key        INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE project_aliases (
    kind        TEXT    NOT NULL CHECK (kind IN ('origin', 'root', 'name')),
    value       TEXT    NOT NULL,
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    added_at    INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX project_aliases_by_project ON project_aliases (project_key);

CREATE TABLE sessions (
    key          INTEGER PRIMARY KEY,
    project_key  INTEGER NOT NULL REFERENCES projects (key),
    id           TEXT    NOT NULL,
    client       TEXT,
    started_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (project_key, id)
) STRICT;

CREATE TABLE entries (
    key          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE CHECK (length(id) = 16),
    project_key  INTEGER NOT NULL REFERENCES projects (key),
    state        TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'superseded', 'archived')),
    occurred_at  INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    session_key  INTEGER REFERENCES sessions (key),
    pinned       INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    state_reason TEXT    CHECK (state_reason IN ('forgotten', 'retention', 'source_gone')),
    origin       TEXT    NOT NULL CHECK (origin IN ('user', 'agent', 'document', 'commit', 'transcript', 'import')),
    entry_type   TEXT    NOT NULL,
    source_ref   TEXT,
    branch       TEXT,
    commit_id    TEXT,
    content_hash BLOB    NOT NULL,  -- SHA-256 of type, title and body
    tags         TEXT    CHECK (tags IS NULL OR json_type(tags) = 'array'),
    metadata     TEXT    CHECK (metadata IS NULL OR json_type(metadata) = 'object'),
    title        TEXT    NOT NULL,
    search_text  TEXT    NOT NULL,  -- what is searched beside title and body: tags, source, date, CJK bigrams
    body         TEXT    NOT NULL, rule_set_key INTEGER REFERENCES policy_rule_sets (key),
    CHECK ((state = 'archived') = (state_reason IS NOT NULL))
) STRICT;

CREATE INDEX entries_by_time ON entries (project_key, occurred_at, key);

CREATE INDEX entries_by_session ON entries (session_key) WHERE session_key IS NOT NULL;

CREATE UNIQUE INDEX entries_content ON entries (project_key, content_hash)
    WHERE state = 'active' AND origin <> 'document';

CREATE UNIQUE INDEX entries_document ON entries (project_key, source_ref)
    WHERE state = 'active' AND origin = 'document';

CREATE TABLE entry_links (
    from_key      INTEGER NOT NULL REFERENCES entries (key) ON DELETE CASCADE,
    to_key        INTEGER NOT NULL REFERENCES entries (key) ON DELETE CASCADE,
    relation_type TEXT    NOT NULL CHECK (relation_type IN ('supersedes')),
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (from_key, to_key, relation_type),
    CHECK (from_key <> to_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_links_to ON entry_links (to_key, relation_type);

CREATE TABLE entry_revisions (
    key        INTEGER PRIMARY KEY,
    entry_key  INTEGER NOT NULL REFERENCES entries (key) ON DELETE CASCADE,
    action     TEXT    NOT NULL CHECK (action IN ('revise', 'supersede', 'forget', 'reinstate', 'pin', 'unpin')),
    reason     TEXT,
    origin     TEXT    NOT NULL,
    revised_at INTEGER NOT NULL
) STRICT;

CREATE INDEX entry_revisions_by_entry ON entry_revisions (entry_key);

CREATE TABLE purged_entries (
    id        TEXT    PRIMARY KEY,
    reason    TEXT,
    purged_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ingestion_events (
    key          INTEGER PRIMARY KEY,
    run_id       TEXT    NOT NULL,
    project_key  INTEGER NOT NULL REFERENCES projects (key),
    source       TEXT    NOT NULL,
    outcome      TEXT    NOT NULL CHECK (outcome IN ('imported', 'duplicate', 'superseded', 'archived', 'skipped')),
    reason       TEXT,
    entry_count  INTEGER NOT NULL DEFAULT 0,
    content_hash BLOB,
    ingested_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX ingestion_events_by_source ON ingestion_events (project_key, source);

CREATE TABLE retention_audit_events (
    key           INTEGER PRIMARY KEY,
    run_id        TEXT    NOT NULL,
    event         TEXT    NOT NULL,
    inputs        TEXT    NOT NULL CHECK (json_valid(inputs)),
    counts        TEXT    NOT NULL CHECK (json_valid(counts)),
    candidate_ids TEXT    NOT NULL CHECK (json_valid(candidate_ids)),
    executed_at   INTEGER NOT NULL,
    previous_hash BLOB,             -- the row before, so that a missing or altered row shows
    row_hash      BLOB    NOT NULL
) STRICT;

CREATE INDEX retention_audit_events_by_run ON retention_audit_events (run_id);

CREATE TABLE policy_rule_sets (
    key           INTEGER PRIMARY KEY,
    hash          TEXT    NOT NULL UNIQUE,
    first_used_at INTEGER NOT NULL
) STRICT;

CREATE TABLE policy_events (
    key         INTEGER PRIMARY KEY,
    event       TEXT    NOT NULL CHECK (event IN ('blocked', 'redacted', 'allowed', 'allow_removed', 'found', 'purged')),
    rule        TEXT    NOT NULL,
    field       TEXT,
    line        INTEGER,
    column      INTEGER,
    length      INTEGER,
    fingerprint TEXT,
    origin      TEXT,
    project     TEXT,
    entry_id    TEXT,
    reason      TEXT,
    occurred_at INTEGER NOT NULL
) STRICT;

CREATE INDEX policy_events_by_time ON policy_events (occurred_at);

CREATE INDEX policy_events_by_fingerprint ON policy_events (fingerprint);

CREATE VIRTUAL TABLE entries_fts USING fts5 (
    title, body, search_text,
    content = 'entries', content_rowid = 'key',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER entries_fts_insert AFTER INSERT ON entries BEGIN
    INSERT INTO entries_fts (rowid, title, body, search_text)
    VALUES (new.key, new.title, new.body, new.search_text);
END;

CREATE TRIGGER entries_fts_delete AFTER DELETE ON entries BEGIN
    INSERT INTO entries_fts (entries_fts, rowid, title, body, search_text)
    VALUES ('delete', old.key, old.title, old.body, old.search_text);
END;

CREATE TRIGGER entries_fts_update AFTER UPDATE OF title, body, search_text ON entries BEGIN
    INSERT INTO entries_fts (entries_fts, rowid, title, body, search_text)
    VALUES ('delete', old.key, old.title, old.body, old.search_text);
    INSERT INTO entries_fts (rowid, title, body, search_text)
    VALUES (new.key, new.title, new.body, new.search_text);
END;

CREATE INDEX entries_filter ON entries (key, state, project_key, occurred_at, session_key, origin);

CREATE TABLE embedding_models (
    key            INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL UNIQUE,
    covered_to     INTEGER NOT NULL DEFAULT 0,
    covered_change INTEGER NOT NULL DEFAULT -1
) STRICT;

CREATE TABLE embedding_changes (
    key   INTEGER PRIMARY KEY CHECK (key = 1),
    count INTEGER NOT NULL
) STRICT;

CREATE TABLE embeddings (
    key       INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_key INTEGER NOT NULL REFERENCES entries (key) ON DELETE CASCADE,
    model_key INTEGER NOT NULL REFERENCES embedding_models (key) ON DELETE CASCADE,
    passage   INTEGER NOT NULL,
    start     INTEGER NOT NULL,  -- where the passage stands in the body, in UTF-16 characters
    length    INTEGER NOT NULL,
    scale     REAL    NOT NULL,
    vector    BLOB    NOT NULL   -- signed bytes, which times scale are a unit vector
) STRICT;

CREATE UNIQUE INDEX embeddings_by_entry ON embeddings (entry_key, model_key, passage);

CREATE TRIGGER embeddings_text AFTER UPDATE OF title, body ON entries WHEN old.title IS NOT new.title OR old.body IS NOT new.body BEGIN
    DELETE FROM embeddings WHERE entry_key = new.key;
    UPDATE embedding_changes SET count = count + 1;
END;

CREATE TRIGGER embeddings_moved AFTER UPDATE OF project_key ON entries BEGIN
    UPDATE embedding_changes SET count = count + 1;
END;

CREATE TRIGGER embeddings_reinstated AFTER UPDATE OF state ON entries WHEN old.state = 'archived' AND new.state <> 'archived' BEGIN
    UPDATE embedding_changes SET count = count + 1;
END;

CREATE TRIGGER embeddings_gone AFTER DELETE ON embeddings BEGIN
    UPDATE embedding_changes SET count = count + 1;
END;

CREATE INDEX entries_pinned ON entries (project_key, occurred_at, key) WHERE pinned = 1 AND state = 'active';

CREATE INDEX entries_brief ON entries (project_key, lower(entry_type), occurred_at, key)
    WHERE state = 'active' AND lower(entry_type) IN ('handoff', 'constraint', 'question', 'decision', 'preference');

CREATE TABLE capture_events (
    key         INTEGER PRIMARY KEY,
    outcome     TEXT    NOT NULL CHECK (outcome IN ('saved', 'duplicate', 'skipped', 'undone', 'reinstated')),
    reason      TEXT    NOT NULL,
    rule        TEXT    NOT NULL,
    entry_type  TEXT    NOT NULL,
    confidence  REAL,
    client      TEXT    NOT NULL,
    session_id  TEXT    NOT NULL,
    project     TEXT,
    event_ids   TEXT    NOT NULL CHECK (json_type(event_ids) = 'array'),
    fingerprint TEXT,               -- of the text with its secrets cut out, so that a candidate is judged once
    entry_id    TEXT,
    occurred_at INTEGER NOT NULL,
    decided_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX capture_events_by_session ON capture_events (session_id, fingerprint);

CREATE INDEX capture_events_by_fingerprint ON capture_events (fingerprint, decided_at) WHERE entry_id IS NOT NULL;

CREATE TABLE session_files (
    path       TEXT    PRIMARY KEY,  -- without the ending of a compressed file
    client     TEXT    NOT NULL,
    size       INTEGER NOT NULL,     -- when it was read; -1 when the rest of a turn waits
    written_at INTEGER NOT NULL,
    offset     INTEGER NOT NULL,     -- in bytes of the uncompressed file
    head       BLOB    NOT NULL,     -- what it begins with, as a short hash
    state      TEXT    NOT NULL CHECK (json_valid(state)),
    read_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE git_histories (
    project_key INTEGER PRIMARY KEY REFERENCES projects (key) ON DELETE CASCADE,
    tip         TEXT    NOT NULL,    -- the commit up to which all are in memory
    read_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX entries_by_commit ON entries (project_key, source_ref) WHERE origin = 'commit';

CREATE TABLE ranked_segments (
    key       INTEGER PRIMARY KEY,
    first_key INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    entries   INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('building', 'whole', 'gone')),
    format    INTEGER NOT NULL
) STRICT;

CREATE TABLE ranked_pages (
    key      INTEGER PRIMARY KEY,
    checksum INTEGER NOT NULL,
    data     BLOB    NOT NULL
) STRICT;

CREATE TABLE ranked_changes (
    key_range INTEGER PRIMARY KEY,
    texts     INTEGER NOT NULL,
    states    INTEGER NOT NULL
) STRICT;

CREATE TRIGGER ranked_index_text AFTER UPDATE OF title, body, search_text ON entries
WHEN old.title IS NOT new.title OR old.body IS NOT new.body OR old.search_text IS NOT new.search_text BEGIN
    DELETE FROM ranked_pages WHERE key IN (
        SELECT p.key FROM ranked_segments s CROSS JOIN ranked_pages p ON p.key BETWEEN s.key << 20 AND (s.key << 20) + 1048575
        WHERE new.key BETWEEN s.first_key AND s.first_key + s.size - 1);
    DELETE FROM ranked_segments WHERE new.key BETWEEN first_key AND first_key + size - 1;
    INSERT INTO ranked_changes (key_range, texts, states) VALUES (new.key / 8192, 1, 1)
    ON CONFLICT (key_range) DO UPDATE SET texts = texts + 1, states = states + 1;
END;

CREATE TRIGGER ranked_index_gone AFTER DELETE ON entries BEGIN
    DELETE FROM ranked_pages WHERE key IN (
        SELECT p.key FROM ranked_segments s CROSS JOIN ranked_pages p ON p.key BETWEEN s.key << 20 AND (s.key << 20) + 1048575
        WHERE old.key BETWEEN s.first_key AND s.first_key + s.size - 1);
    DELETE FROM ranked_segments WHERE old.key BETWEEN first_key AND first_key + size - 1;
    INSERT INTO ranked_changes (key_range, texts, states) VALUES (old.key / 8192, 1, 1)
    ON CONFLICT (key_range) DO UPDATE SET texts = texts + 1, states = states + 1;
END;

CREATE TRIGGER ranked_index_state AFTER UPDATE OF state, project_key, entry_type, occurred_at, session_key, source_ref, metadata ON entries BEGIN
    INSERT INTO ranked_changes (key_range, texts, states) VALUES (new.key / 8192, 0, 1)
    ON CONFLICT (key_range) DO UPDATE SET states = states + 1;
END;
