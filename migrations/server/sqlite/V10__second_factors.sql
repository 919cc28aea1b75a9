-- Second factors of accounts: the secret sealed under the master key; it counts since a first code fitted, and no step's code counts twice.
CREATE TABLE second_factor (
    account BLOB PRIMARY KEY,
    secret BLOB NOT NULL,
    since INTEGER,
    last_step INTEGER,
    mac BLOB
);

ALTER TABLE session ADD COLUMN source TEXT;

-- When a password was chosen, and whether another one has to be chosen before anything else.
ALTER TABLE account_secret ADD COLUMN chosen_at INTEGER;
ALTER TABLE account_secret ADD COLUMN due INTEGER;
