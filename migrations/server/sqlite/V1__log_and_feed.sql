-- The change log: the truth of the server. Everything else but devices, codes, accounts and
-- sessions can be rebuilt from it. A change is named by kind, record and bytes: two records with
-- equal fields begin with equal changes.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    bytes BLOB NOT NULL,
    device BLOB,
    received_at INTEGER NOT NULL
);
CREATE INDEX log_record ON log (record, kind);

-- Where a record is or was seen: a canteen's code ('' for none, '*' for everybody) and a division.
CREATE TABLE scope (
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    canteen TEXT NOT NULL,
    division TEXT NOT NULL,
    PRIMARY KEY (record, kind, canteen, division)
);

-- The places that devices read: a canteen, a division, everybody. sum is that of all
-- changes that the place holds (24 bytes, PROTOCOL.md).
CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sum BLOB NOT NULL
);

-- What each place is to read, in order. pos grows over all places, so that a device keeps one number.
CREATE TABLE feed (
    place INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (place, pos)
) WITHOUT ROWID;

-- Secrets and marks of the deployment.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Records whose changes do not merge: their rows stay as they were. seq is the change with which it began.
CREATE TABLE quarantine (
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (record, kind)
);
