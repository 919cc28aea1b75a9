-- One-time links by which somebody chooses the password of an account: the hash of what the link carries, and when it ends.
CREATE TABLE invitation (
    account BYTEA PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    mac BYTEA
);

-- The rights of the account wait for a security administrator; and which account gave the last link.
ALTER TABLE account_secret ADD COLUMN waits BIGINT;
ALTER TABLE account_secret ADD COLUMN asked_by BYTEA;
