-- What was written about a person whose file another place holds, as it came: kept until that place answers the request
-- (sync/transfer.rs). It counts nowhere, and nobody is told of it.
CREATE TABLE held_change (
    record BLOB NOT NULL,
    scope TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    bytes BLOB NOT NULL,
    device BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (record, scope, number)
);
CREATE INDEX held_change_by_device ON held_change (device, received_at);
