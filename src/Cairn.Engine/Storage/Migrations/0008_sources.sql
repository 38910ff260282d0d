-- How far the sources that grow were read: clients' session files, and git histories.

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

-- A commit is known by its id, whatever became of its entry.
CREATE INDEX entries_by_commit ON entries (project_key, source_ref) WHERE origin = 'commit';
