-- Which photos a receipt names. The tables of records are not here and no migration names one: they are made from the declarations
-- in shared/src/kinds (sync-server/src/store/table.rs).
CREATE TABLE receipt_photo (hash TEXT NOT NULL, receipt BLOB NOT NULL, PRIMARY KEY (hash, receipt));
CREATE INDEX receipt_photo_receipt ON receipt_photo (receipt);
