-- As for SQLite; what differs is how types are called, and that words which stand in indexes or are
-- put in order are compared by their bytes, whatever the language of the database.

-- The change log: the truth of the server. Everything else but devices, codes, accounts and
-- sessions can be rebuilt from it. A change is named by kind, record and bytes: two records with
-- equal fields begin with equal changes.
CREATE TABLE log (
    seq BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    record BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    device BYTEA,
    received_at BIGINT NOT NULL
);
CREATE INDEX log_record ON log (record, kind);

-- The scopes that devices read: a canteen, a division, everybody. digest is that of all
-- changes that the scope holds (24 bytes, PROTOCOL.md).
CREATE TABLE scope (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    digest BYTEA NOT NULL
);

-- What each scope is to read, in order: ranges of the log that end at a position. Positions grow over
-- all scopes, so that a device keeps one number. whole: for everybody, also for the device that brought it,
-- since the scope sees the record only now. A range with kind and record instead says that
-- the record has left the scope.
CREATE TABLE feed (
    scope BIGINT NOT NULL,
    upto BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    kind TEXT COLLATE "C",
    record BYTEA,
    PRIMARY KEY (scope, upto)
);
CREATE INDEX feed_seq ON feed (scope, seq);

-- Secrets and marks of the deployment.
CREATE TABLE setting (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);

-- Records whose changes do not merge: their rows stay as they were. seq is the change with which it began.
CREATE TABLE quarantine (
    record BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (record, kind)
);

-- Fields in which different values stand, said apart, until a person decides. at is when the last
-- was said, in seconds; the values stand in the log.
CREATE TABLE conflict (
    record BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (record, kind, field)
);
