-- The PINs of the staff on this computer, as argon2 hashes; they stay here. wrong counts those that did not fit since the last that did, and
-- until wait_until (seconds) nothing is tried.
CREATE TABLE pin (
    staff BLOB PRIMARY KEY,
    verifier TEXT NOT NULL,
    chosen_at TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0,
    wait_until INTEGER
) WITHOUT ROWID;
