-- What capture decided of each candidate, and why: rule, confidence and the events that it rests on; never text.
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
