-- Second factors of accounts: the secret sealed under the master key; it counts since a first code fitted, and no step's code counts twice.
CREATE TABLE second_factor (
    account BYTEA PRIMARY KEY,
    secret BYTEA NOT NULL,
    since BIGINT,
    last_step BIGINT,
    mac BYTEA
);

ALTER TABLE session ADD COLUMN source TEXT;

-- When a password was chosen, and whether another one has to be chosen before anything else.
ALTER TABLE account_secret ADD COLUMN chosen_at BIGINT;
ALTER TABLE account_secret ADD COLUMN due BIGINT;
