-- Keys that are second factors of accounts: the public half. One key is of one account.
CREATE TABLE factor_key (
    account BYTEA NOT NULL,
    public_key BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    since BIGINT NOT NULL,
    mac BYTEA,
    PRIMARY KEY (account, public_key)
);

-- What is to be signed by such a key, once and soon: by whom, and for which sign-in or session.
CREATE TABLE factor_challenge (
    account BYTEA NOT NULL,
    bound BYTEA NOT NULL,
    nonce BYTEA NOT NULL,
    origin TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    mac BYTEA,
    PRIMARY KEY (account, bound)
);

-- The secret for another phone, until a first code of it fitted.
ALTER TABLE second_factor ADD COLUMN next_secret BYTEA;

-- Other rights that an account is to have, and who asked for them: they wait to be confirmed by another one.
ALTER TABLE account_secret ADD COLUMN next_role TEXT;
ALTER TABLE account_secret ADD COLUMN next_division TEXT;
ALTER TABLE account_secret ADD COLUMN next_by BYTEA;
