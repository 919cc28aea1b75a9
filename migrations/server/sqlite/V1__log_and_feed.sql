-- The change log: the truth of the server. Everything else but devices, codes, accounts and
-- sessions can be rebuilt from it. seq grows with every commit; a record that moves into another
-- scope is logged anew behind the end, so that feeds read it whole. A hash does not name the record:
-- two records with equal fields begin with equal changes.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    bytes BLOB NOT NULL,
    device BLOB,
    received_at INTEGER NOT NULL,
    UNIQUE (hash, record, kind)
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

-- Secrets and marks of the deployment.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
