-- Rows that decide carry the first half of HMAC-SM3 over their table, key and columns, under a key that is not in the database
-- (sync-server/src/store/seal.rs). Rows of before have none until the server that knows the key seals them, once.
ALTER TABLE log ADD COLUMN mac BYTEA;
ALTER TABLE account_secret ADD COLUMN mac BYTEA;
ALTER TABLE session ADD COLUMN mac BYTEA;
ALTER TABLE device_key ADD COLUMN mac BYTEA;
ALTER TABLE enrol_code ADD COLUMN mac BYTEA;
ALTER TABLE held_change ADD COLUMN mac BYTEA;
ALTER TABLE erased ADD COLUMN mac BYTEA;
ALTER TABLE setting ADD COLUMN mac BYTEA;
ALTER TABLE snapshot ADD COLUMN mac BYTEA;

-- Over the rows of records that give rights, as they were made from the log.
CREATE TABLE standing (
    kind TEXT COLLATE "C" NOT NULL,
    record BYTEA NOT NULL,
    mark BYTEA NOT NULL,
    mac BYTEA,
    PRIMARY KEY (kind, record)
);

-- The ends of the sealed tables: how many rows each has and what their MACs sum up to, SM4-GCM. 'audit': how far they all were with the last row
-- of the audit log.
CREATE TABLE table_end (
    name TEXT COLLATE "C" PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- What a device signed when it pushed (PROTOCOL.md, An envelope): message is the SM3 of the packed message; parts says where its changes stand in the log, and names
-- those by their digests that do not stand there as they came.
CREATE TABLE push (
    number BIGINT PRIMARY KEY,
    device BYTEA NOT NULL,
    at BIGINT NOT NULL,
    message BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    parts BYTEA NOT NULL,
    mac BYTEA
);

-- Digests of changes that were taken out of the log, or stand there under another name.
CREATE TABLE moved_change (
    seq BIGINT PRIMARY KEY,
    digest BYTEA NOT NULL,
    mac BYTEA
);
