-- What the server notes of who did what, in the order of its commits. Each row carries HMAC-SM3 over itself and the row before, under a key that
-- is not in the database (sync-server/src/audit). division: where it is seen; the city's where nobody's place is known.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    result TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C",
    device BYTEA,
    device_number BIGINT,
    source TEXT COLLATE "C" NOT NULL,
    division TEXT COLLATE "C" NOT NULL,
    canteen TEXT COLLATE "C",
    kind TEXT COLLATE "C",
    record BYTEA,
    object TEXT COLLATE "C",
    old_value TEXT,
    new_value TEXT,
    detail TEXT,
    request BIGINT NOT NULL,
    mac BYTEA NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_event ON audit (event, number);
CREATE INDEX audit_account ON audit (account, number) WHERE account IS NOT NULL;

-- The ends of the chain, each sealed under the same key: 'head', its last row; 'anchor', the last row that was pruned; 'day', the row
-- that was last written beside the database. An empty seal: nothing was noted yet.
CREATE TABLE audit_end (
    name TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    seal BYTEA NOT NULL
);
INSERT INTO audit_end (name, number, mac, seal) VALUES ('head', 0, ''::bytea, ''::bytea);
