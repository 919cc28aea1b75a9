-- Keys that are second factors of accounts: the public half. One key is of one account.
CREATE TABLE factor_key (
    account BLOB NOT NULL,
    public_key BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    mac BLOB,
    PRIMARY KEY (account, public_key)
);

-- What is to be signed by such a key, once and soon: by whom, and for which sign-in or session.
CREATE TABLE factor_challenge (
    account BLOB NOT NULL,
    bound BLOB NOT NULL,
    nonce BLOB NOT NULL,
    origin TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    mac BLOB,
    PRIMARY KEY (account, bound)
);

-- The secret for another phone, until a first code of it fitted.
ALTER TABLE second_factor ADD COLUMN next_secret BLOB;

-- Other rights that an account is to have, and who asked for them: they wait to be confirmed by another one.
ALTER TABLE account_secret ADD COLUMN next_role TEXT;
ALTER TABLE account_secret ADD COLUMN next_division TEXT;
ALTER TABLE account_secret ADD COLUMN next_by BLOB;
