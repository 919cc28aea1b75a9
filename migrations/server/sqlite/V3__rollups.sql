-- Figures of a canteen and a day, kept in the transaction that logs the change. Every total of the
-- console is a sum over these rows.
CREATE TABLE rollup_day (
    canteen TEXT NOT NULL,
    "date" TEXT NOT NULL,
    meals INTEGER NOT NULL DEFAULT 0,
    pick_up INTEGER NOT NULL DEFAULT 0,
    own_delivery INTEGER NOT NULL DEFAULT 0,
    third_party INTEGER NOT NULL DEFAULT 0,
    served INTEGER NOT NULL DEFAULT 0,
    not_delivered INTEGER NOT NULL DEFAULT 0,
    receipts_due INTEGER NOT NULL DEFAULT 0,
    receipts INTEGER NOT NULL DEFAULT 0,
    amount INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (canteen, "date")
);
