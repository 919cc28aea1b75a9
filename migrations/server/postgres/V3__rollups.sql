-- Figures of a canteen and a day, kept in the transaction that logs the change. Every total of the
-- console is a sum over these rows.
CREATE TABLE rollup_day (
    canteen TEXT COLLATE "C" NOT NULL,
    "date" TEXT COLLATE "C" NOT NULL,
    meals BIGINT NOT NULL DEFAULT 0,
    pick_up BIGINT NOT NULL DEFAULT 0,
    own_delivery BIGINT NOT NULL DEFAULT 0,
    third_party BIGINT NOT NULL DEFAULT 0,
    served BIGINT NOT NULL DEFAULT 0,
    not_delivered BIGINT NOT NULL DEFAULT 0,
    receipts_due BIGINT NOT NULL DEFAULT 0,
    receipts BIGINT NOT NULL DEFAULT 0,
    amount BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (canteen, "date")
);
