-- One-time links by which somebody chooses the password of an account: the hash of what the link carries, and when it ends.
CREATE TABLE invitation (
    account BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    mac BLOB
);

-- The rights of the account wait for a security administrator; and which account gave the last link.
ALTER TABLE account_secret ADD COLUMN waits INTEGER;
ALTER TABLE account_secret ADD COLUMN asked_by BLOB;
