-- The change log: the truth of the server. Everything else but devices, codes, accounts and
-- sessions can be rebuilt from it. A change is named by kind, record and bytes: two records with
-- equal fields begin with equal changes.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    bytes BLOB NOT NULL,
    device BLOB,
    received_at INTEGER NOT NULL
);
CREATE INDEX log_record ON log (record, kind);

-- The scopes that devices read: a canteen, a division, everybody. digest is that of all
-- changes that the scope holds (24 bytes, PROTOCOL.md).
CREATE TABLE scope (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL
);

-- What each scope is to read, in order: ranges of the log that end at a position. Positions grow over
-- all scopes, so that a device keeps one number. whole: for everybody, also for the device that brought it,
-- since the scope sees the record only now. A range with kind and record instead says that
-- the record has left the scope.
CREATE TABLE feed (
    scope INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    kind TEXT,
    record BLOB,
    PRIMARY KEY (scope, upto)
) WITHOUT ROWID;
CREATE INDEX feed_seq ON feed (scope, seq);

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

-- Fields in which different values stand, said apart, until a person decides. at is when the last
-- was said, in seconds; the values stand in the log.
CREATE TABLE conflict (
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (record, kind, field)
);
