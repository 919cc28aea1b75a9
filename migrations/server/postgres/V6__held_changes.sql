-- What was written about a person whose file another place holds, as it came: kept until that place answers the request
-- (sync/transfer.rs). It counts nowhere, and nobody is told of it.
CREATE TABLE held_change (
    record BYTEA NOT NULL,
    scope TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    device BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (record, scope, number)
);
CREATE INDEX held_change_by_device ON held_change (device, received_at);
