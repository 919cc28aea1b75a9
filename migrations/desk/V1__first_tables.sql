-- The desk's own store. One table a record kind, columns as declared in shared/src/kinds;
-- beside them the log of changes, the outbox and what only this desk knows.

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

CREATE TABLE canteen (
    id BLOB PRIMARY KEY,
    code TEXT, name TEXT, division TEXT, operator BLOB,
    cut_off_breakfast TEXT, cut_off_lunch TEXT, cut_off_dinner TEXT,
    receipt_free_hours INTEGER
);

CREATE TABLE operator (id BLOB PRIMARY KEY, name TEXT, licence TEXT, phone TEXT);

CREATE TABLE division (
    id BLOB PRIMARY KEY,
    code TEXT, name TEXT, parent TEXT, valid_from TEXT, valid_to TEXT, successor TEXT
);

CREATE TABLE device (id BLOB PRIMARY KEY, number INTEGER, name TEXT, canteen TEXT, division TEXT, revoked INTEGER);

CREATE TABLE elder (
    id BLOB PRIMARY KEY,
    name TEXT, id_number TEXT, sex TEXT, birth_date TEXT,
    phone TEXT, second_phone TEXT, emergency_name TEXT, emergency_phone TEXT,
    division TEXT, address TEXT, ability TEXT,
    living_alone INTEGER, delivery_need INTEGER,
    diet TEXT, note TEXT, canteen TEXT, status TEXT, last_imported TEXT
);
CREATE INDEX elder_by_division ON elder (division);

CREATE TABLE binding (id BLOB PRIMARY KEY, elder BLOB, canteen TEXT, since TEXT, until TEXT);
CREATE INDEX binding_by_elder ON binding (elder);

CREATE TABLE menu_price (
    id BLOB PRIMARY KEY,
    canteen TEXT, meal TEXT, name TEXT, price INTEGER, valid_from TEXT, valid_to TEXT
);

-- seq is where the order's first change lies in the log: orders are appended, and found by id through the log's own index.
CREATE TABLE meal_order (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    number TEXT, elder BLOB, elder_name TEXT, canteen TEXT, date TEXT, meal TEXT, mode TEXT, dish TEXT,
    price INTEGER, note TEXT, state TEXT, reason TEXT, state_at TEXT,
    taken_at TEXT, taken_by TEXT, supplement_reason TEXT, platform_number TEXT
);
CREATE INDEX meal_order_by_date ON meal_order (date, elder);

CREATE TABLE receipt (
    id BLOB PRIMARY KEY,
    "order" BLOB, canteen TEXT, arrived_at TEXT, recorded_at TEXT,
    received_by TEXT, seen TEXT, note TEXT, photos TEXT
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
