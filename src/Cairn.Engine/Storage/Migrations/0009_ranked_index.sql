-- Beside the full-text index, and made from the same words: lists of entries by word, in blocks with bounds, by which a
-- search reads little of what it need not rank. Derived: it is made in the background, and nothing is lost with it.

-- Each holds the entries of a range of keys, and never changes. The key is drawn by chance.
CREATE TABLE ranked_segments (
    key       INTEGER PRIMARY KEY,
    first_key INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    entries   INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('building', 'whole', 'gone')),
    format    INTEGER NOT NULL
) STRICT;

-- The key is the segment's times 2^20, and the number of the page.
CREATE TABLE ranked_pages (
    key      INTEGER PRIMARY KEY,
    checksum INTEGER NOT NULL,
    data     BLOB    NOT NULL
) STRICT;

-- How often entries of 8192 keys together changed, so that what is held in memory of them is known to be old.
CREATE TABLE ranked_changes (
    key_range INTEGER PRIMARY KEY,
    texts     INTEGER NOT NULL,
    states    INTEGER NOT NULL
) STRICT;

-- A text that is no longer there leaves no word: the segment that holds it goes, at once.
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
