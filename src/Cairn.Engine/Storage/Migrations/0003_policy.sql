-- What the policy engine remembers: under which rules an entry was found clean, and what was refused or cut out.

-- Every set of rules, exceptions included, that has judged an entry of this database.
CREATE TABLE policy_rule_sets (
    key           INTEGER PRIMARY KEY,
    hash          TEXT    NOT NULL UNIQUE,
    first_used_at INTEGER NOT NULL
) STRICT;

-- The newest rule set that found the entry clean. Entries of any other set are judged again when they are read.
ALTER TABLE entries ADD COLUMN rule_set_key INTEGER REFERENCES policy_rule_sets (key);

-- The audit: rule, place and length of what was found, and a fingerprint under a key of this installation; never text.
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
