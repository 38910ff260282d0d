-- What is searched beside title and body is made anew: names of code, values of metadata. The index is taken off meanwhile,
-- as every changed row would pass through it twice. It comes back as 0002 makes it.

DROP TRIGGER IF EXISTS entries_fts_insert;
DROP TRIGGER IF EXISTS entries_fts_delete;
DROP TRIGGER IF EXISTS entries_fts_update;
DROP TABLE IF EXISTS entries_fts;

UPDATE entries SET search_text = cairn_search_text(entry_type, tags, source_ref, occurred_at, metadata, title, body);

CREATE VIRTUAL TABLE entries_fts USING fts5 (
    title, body, search_text,
    content = 'entries', content_rowid = 'key',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

INSERT INTO entries_fts (entries_fts, rank) VALUES ('secure-delete', 1);

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

INSERT INTO entries_fts (entries_fts) VALUES ('rebuild');

-- With the origin: documents have their context by file, all else by session.
DROP INDEX IF EXISTS entries_filter;
CREATE INDEX entries_filter ON entries (key, state, project_key, occurred_at, session_key, origin);
