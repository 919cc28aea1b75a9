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

-- The places that devices read: a canteen, a division, everybody. sum is that of all
-- changes that the place holds (24 bytes, PROTOCOL.md).
CREATE TABLE place (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    sum BYTEA NOT NULL
);

-- What each place is to read, in order: ranges of the log that end at a position. Positions grow over
-- all places, so that a device keeps one number. whole: for everybody, also for the device that brought it,
-- since the place sees the record only now. A range with kind and record instead says that
-- the record has left the place.
CREATE TABLE feed (
    place BIGINT NOT NULL,
    upto BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    kind TEXT COLLATE "C",
    record BYTEA,
    PRIMARY KEY (place, upto)
);
CREATE INDEX feed_seq ON feed (place, seq);

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

-- Fields in which different values stand, said in two places at once, until a person decides. at is when the last
-- was said, in seconds; the values stand in the log.
CREATE TABLE conflict (
    record BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (record, kind, field)
);
