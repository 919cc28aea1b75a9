-- Who asked for a list of persons as a workbook, why, and who agreed. It is used once and for a day (sync-server/src/console/export.rs); what
-- became of it stands in the audit log.
CREATE TABLE export_ask (
    number TEXT PRIMARY KEY,
    account BYTEA NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    division TEXT NOT NULL,
    list TEXT NOT NULL,
    words TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT,
    persons BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    second BIGINT NOT NULL,
    agreed_by TEXT,
    taken_at BIGINT,
    mac BYTEA
);
CREATE INDEX export_ask_account ON export_ask (account, asked_at);
