-- Secrets stand here only as hashes, apart from the records of devices and accounts.
-- The public key of a device, and its session: session tokens as JSON (shared::sync::session).
CREATE TABLE device_key (
    device BLOB PRIMARY KEY,
    public_key BLOB NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL,
    session TEXT NOT NULL
);
CREATE TABLE enrol_code (
    hash BLOB PRIMARY KEY,
    canteen TEXT,
    division TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
-- Wrong tries at codes in the present window of time, by address.
CREATE TABLE wrong_code (
    address TEXT PRIMARY KEY,
    time_window INTEGER NOT NULL,
    tries INTEGER NOT NULL
);
CREATE TABLE device_report (
    device BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    unsent INTEGER NOT NULL,
    unsent_photos INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    version TEXT NOT NULL,
    agrees INTEGER NOT NULL
);
CREATE TABLE account_secret (
    account BLOB PRIMARY KEY,
    password_hash TEXT NOT NULL
);
-- Wrong tries by name, known or not, so that the answer does not tell which names exist.
CREATE TABLE sign_in_try (
    name_hash BLOB PRIMARY KEY,
    failed INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
);
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    account BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
);
CREATE TABLE photo (
    hash TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    device BLOB,
    received_at INTEGER NOT NULL,
    lost_at INTEGER
);
CREATE INDEX photo_device ON photo (device, received_at);
CREATE INDEX photo_lost ON photo (hash) WHERE lost_at IS NOT NULL;
-- Photos under way: what a device began to send, and when it last sent a piece.
CREATE TABLE photo_part (
    device BLOB NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (device, hash)
);
-- Elders whose keys were destroyed. There are to be no new keys.
CREATE TABLE erased (
    elder BLOB PRIMARY KEY,
    at INTEGER NOT NULL
);
