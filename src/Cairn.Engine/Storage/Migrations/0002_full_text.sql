-- The full-text index over entries. External content: the table stays the truth, and FTS5's own integrity-check
-- and rebuild apply. FullTextSchema runs this text again when the index has to be made anew.

CREATE VIRTUAL TABLE entries_fts USING fts5 (
    title, body, search_text,
    content = 'entries', content_rowid = 'key',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- A purged word leaves the index's pages, too.
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
