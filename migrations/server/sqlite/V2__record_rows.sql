-- One table per kind of record, one column per declared field. Columns are filled from documents
-- that offices merge, so none but the id can be demanded here.
CREATE TABLE operator (id BLOB PRIMARY KEY, name TEXT, licence TEXT, phone TEXT);
CREATE TABLE canteen (
    id BLOB PRIMARY KEY, code TEXT, name TEXT, division TEXT, operator TEXT,
    cut_off_breakfast TEXT, cut_off_lunch TEXT, cut_off_dinner TEXT, receipt_free_hours INTEGER
);
CREATE INDEX canteen_code ON canteen (code);
CREATE INDEX canteen_division ON canteen (division);
CREATE TABLE elder (
    id BLOB PRIMARY KEY, name TEXT, id_number TEXT, sex TEXT, birth_date TEXT, phone TEXT, second_phone TEXT,
    emergency_name TEXT, emergency_phone TEXT, division TEXT, address TEXT, ability TEXT, living_alone INTEGER,
    delivery_need INTEGER, diet TEXT, note TEXT, canteen TEXT, status TEXT, last_imported TEXT
);
CREATE TABLE binding (id BLOB PRIMARY KEY, elder TEXT, canteen TEXT, since TEXT, until TEXT);
CREATE TABLE menu_price (
    id BLOB PRIMARY KEY, canteen TEXT, meal TEXT, name TEXT, price INTEGER, valid_from TEXT, valid_to TEXT
);
CREATE TABLE meal_order (
    id BLOB PRIMARY KEY, number TEXT, elder TEXT, elder_name TEXT, canteen TEXT, "date" TEXT, meal TEXT, mode TEXT, dish TEXT,
    price INTEGER, note TEXT, state TEXT, reason TEXT, state_at TEXT, taken_at TEXT, taken_by TEXT,
    supplement_reason TEXT, platform_number TEXT
);
CREATE INDEX meal_order_day ON meal_order (canteen, "date");
CREATE TABLE receipt (
    id BLOB PRIMARY KEY, "order" TEXT, canteen TEXT, arrived_at TEXT, recorded_at TEXT, received_by TEXT,
    seen TEXT, note TEXT, photos TEXT
);
CREATE TABLE receipt_photo (hash TEXT NOT NULL, receipt BLOB NOT NULL, PRIMARY KEY (hash, receipt));
CREATE INDEX receipt_photo_receipt ON receipt_photo (receipt);
CREATE TABLE device (id BLOB PRIMARY KEY, number INTEGER, name TEXT, canteen TEXT, division TEXT, revoked INTEGER);
CREATE TABLE account (id BLOB PRIMARY KEY, name TEXT, role TEXT, division TEXT, disabled INTEGER);
CREATE TABLE division (
    id BLOB PRIMARY KEY, code TEXT, name TEXT, parent TEXT, valid_from TEXT, valid_to TEXT, successor TEXT
);
