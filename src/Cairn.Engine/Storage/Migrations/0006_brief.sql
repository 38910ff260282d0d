-- What a session's brief asks for at its start, also of a hundred thousand entries: the pinned ones, and those of the types
-- that are in force. Few entries are either, so that saving the others costs nothing more.

CREATE INDEX entries_pinned ON entries (project_key, occurred_at, key) WHERE pinned = 1 AND state = 'active';

CREATE INDEX entries_brief ON entries (project_key, lower(entry_type), occurred_at, key)
    WHERE state = 'active' AND lower(entry_type) IN ('handoff', 'constraint', 'question', 'decision', 'preference');
