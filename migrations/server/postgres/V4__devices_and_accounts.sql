-- Secrets stand here only as hashes, apart from the records of devices and accounts.
-- The public key of a device, and its session: session tokens as JSON (shared::sync::session).
CREATE TABLE device_key (
    device BYTEA PRIMARY KEY,
    public_key BYTEA NOT NULL UNIQUE,
    enrolled_at BIGINT NOT NULL,
    session TEXT NOT NULL
);
CREATE TABLE enrol_code (
    hash BYTEA PRIMARY KEY,
    canteen TEXT,
    division TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
-- Wrong tries at codes in the present window of time, by address.
CREATE TABLE wrong_code (
    address TEXT COLLATE "C" PRIMARY KEY,
    time_window BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
CREATE TABLE device_report (
    device BYTEA PRIMARY KEY,
    at BIGINT NOT NULL,
    unsent BIGINT NOT NULL,
    unsent_photos BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    version TEXT NOT NULL,
    agrees BIGINT NOT NULL
);
CREATE TABLE account_secret (
    account BYTEA PRIMARY KEY,
    password_hash TEXT NOT NULL
);
-- Wrong tries by name, known or not, so that the answer does not tell which names exist.
CREATE TABLE sign_in_try (
    name_hash BYTEA PRIMARY KEY,
    failed BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    account BYTEA NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE TABLE photo (
    hash TEXT COLLATE "C" PRIMARY KEY,
    size BIGINT NOT NULL,
    device BYTEA,
    received_at BIGINT NOT NULL,
    lost_at BIGINT
);
CREATE INDEX photo_device ON photo (device, received_at);
CREATE INDEX photo_lost ON photo (hash) WHERE lost_at IS NOT NULL;
-- Photos under way: what a device began to send, and when it last sent a piece.
CREATE TABLE photo_part (
    device BYTEA NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (device, hash)
);
-- Elders whose keys were destroyed. There are to be no new keys.
CREATE TABLE erased (
    elder BYTEA PRIMARY KEY,
    at BIGINT NOT NULL
);
