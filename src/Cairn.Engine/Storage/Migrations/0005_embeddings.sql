-- What entries mean, as numbers: derived from their text, made in the background, never older than the text.

-- How far each model has come: every entry up to covered_to had its vectors when embedding_changes stood at covered_change.
CREATE TABLE embedding_models (
    key            INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL UNIQUE,
    covered_to     INTEGER NOT NULL DEFAULT 0,
    covered_change INTEGER NOT NULL DEFAULT -1
) STRICT;

-- One row: grows whenever something makes vectors go, moves their entries, or leaves an older entry without any.
CREATE TABLE embedding_changes (
    key   INTEGER PRIMARY KEY CHECK (key = 1),
    count INTEGER NOT NULL
) STRICT;

INSERT INTO embedding_changes (key, count) VALUES (1, 0);

-- AUTOINCREMENT: who holds the rows up to a key in memory reads only those after it.
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

-- A text that is no longer there leaves no vector.
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
