-- The desk's own store: the log of changes, the outbox and what only this desk knows. The tables of records are not here and no
-- migration names one: they are made from the declarations in shared/src/kinds (src-tauri/desk/src/store/table.rs).

-- A change is named by kind, record and bytes: two records made in one second with the same values have the same first change.
-- kind is the number of the record kind, or the code word of one that this program does not know; packed the change's bytes (src-tauri/desk/src/store/packed.rs).
CREATE TABLE change_log (
    seq INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    record BLOB NOT NULL,
    packed BLOB NOT NULL,
    own INTEGER NOT NULL
);
CREATE INDEX change_log_record ON change_log (record);

-- Up to where this desk's own changes went up, up to where positions of the log were given though the change is withdrawn since, and
-- the digest of all that both ends hold (24 bytes, PROTOCOL.md). One row.
CREATE TABLE sync_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sent_upto INTEGER NOT NULL,
    given_upto INTEGER NOT NULL,
    digest BLOB NOT NULL,
    session TEXT NOT NULL
);
INSERT INTO sync_state (one, sent_upto, given_upto, digest, session) VALUES (1, 0, 0, zeroblob(24), '{}');

-- Changes that the server had and lost.
CREATE TABLE send_again (
    seq INTEGER PRIMARY KEY REFERENCES change_log (seq)
);

CREATE VIEW outbox AS
    SELECT seq FROM send_again
    UNION ALL
    SELECT seq FROM change_log WHERE own = 1 AND seq > (SELECT sent_upto FROM sync_state);

CREATE TABLE refused_change (
    seq INTEGER PRIMARY KEY REFERENCES change_log (seq),
    reason TEXT NOT NULL,
    at TEXT NOT NULL
);

-- Elders who have left this office's scope, for the search of every program on this folder; the name says who it was.
CREATE TABLE former_elder (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL
);

-- Records whose changes do not merge: their rows stay as they were. seq is the change with which it began.
CREATE TABLE quarantine (
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (record, kind)
);

-- Fields in which different values stand, said apart, until a person decides; at is when the last was said,
-- in seconds. Made from the log, where the values are.
CREATE TABLE conflict (
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (record, kind, field)
) WITHOUT ROWID;

-- What sealed values are opened with; the file is encrypted. An elder whom two offices enrolled apart has several keys.
CREATE TABLE elder_key (elder BLOB NOT NULL, key BLOB NOT NULL, PRIMARY KEY (elder, key)) WITHOUT ROWID;
CREATE TABLE erased_elder (elder BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE town_key (town TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;

-- Photos that were taken here, by the hash of the sealed file beside the store. plain is SHA-256 of the picture: the same
-- picture of the same elder is sealed once.
CREATE TABLE photo (
    hash TEXT PRIMARY KEY,
    elder BLOB NOT NULL,
    plain BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    at TEXT NOT NULL,
    sent INTEGER NOT NULL
);
CREATE INDEX photo_plain ON photo (plain);
CREATE INDEX photo_unsent ON photo (sent) WHERE sent = 0;

CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_hash BLOB NOT NULL,
    at TEXT NOT NULL,
    new INTEGER NOT NULL, updated INTEGER NOT NULL, same INTEGER NOT NULL, error INTEGER NOT NULL,
    undone_at TEXT
);

-- What an import did to each elder: the values before and after, so that it can be taken back.
CREATE TABLE import_elder (
    import INTEGER NOT NULL REFERENCES import (id),
    elder BLOB NOT NULL,
    created INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (import, elder)
) WITHOUT ROWID;

-- Enrolment, settings, the position in the server's feed.
CREATE TABLE desk_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
