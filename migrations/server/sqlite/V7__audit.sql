-- What the server notes of who did what, in the order of its commits. Each row carries HMAC-SM3 over itself and the row before, under a key that
-- is not in the database (sync-server/src/audit). division: where it is seen; the city's where nobody's place is known.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    result TEXT NOT NULL,
    account TEXT,
    device BLOB,
    device_number INTEGER,
    source TEXT NOT NULL,
    division TEXT NOT NULL,
    canteen TEXT,
    kind TEXT,
    record BLOB,
    object TEXT,
    old_value TEXT,
    new_value TEXT,
    detail TEXT,
    request INTEGER NOT NULL,
    mac BLOB NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_event ON audit (event, number);
CREATE INDEX audit_account ON audit (account, number) WHERE account IS NOT NULL;

-- The ends of the chain, each sealed under the same key: 'head', its last row; 'anchor', the last row that was pruned; 'day', the row
-- that was last written beside the database. An empty seal: nothing was noted yet.
CREATE TABLE audit_end (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    mac BLOB NOT NULL,
    seal BLOB NOT NULL
);
INSERT INTO audit_end (name, number, mac, seal) VALUES ('head', 0, X'', X'');
