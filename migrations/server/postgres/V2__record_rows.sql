-- One table per kind of record, one column per declared field. Columns are filled from documents
-- that offices merge, so none but the id can be demanded here.
CREATE TABLE operator (id BYTEA PRIMARY KEY, name TEXT COLLATE "C", licence TEXT, phone TEXT);
CREATE TABLE canteen (
    id BYTEA PRIMARY KEY, code TEXT COLLATE "C", name TEXT, division TEXT COLLATE "C", operator TEXT,
    cut_off_breakfast TEXT, cut_off_lunch TEXT, cut_off_dinner TEXT, receipt_free_hours BIGINT
);
CREATE INDEX canteen_code ON canteen (code);
CREATE INDEX canteen_division ON canteen (division);
CREATE TABLE elder (
    id BYTEA PRIMARY KEY, name TEXT, id_number TEXT, sex TEXT, birth_date TEXT, phone TEXT, second_phone TEXT,
    emergency_name TEXT, emergency_phone TEXT, division TEXT, address TEXT, ability TEXT, living_alone BIGINT,
    delivery_need BIGINT, diet TEXT, note TEXT, canteen TEXT, status TEXT, last_imported TEXT
);
CREATE TABLE binding (id BYTEA PRIMARY KEY, elder TEXT, canteen TEXT, since TEXT, until TEXT);
CREATE TABLE menu_price (
    id BYTEA PRIMARY KEY, canteen TEXT, meal TEXT, name TEXT, price BIGINT, valid_from TEXT, valid_to TEXT
);
CREATE TABLE meal_order (
    id BYTEA PRIMARY KEY, number TEXT, elder TEXT, elder_name TEXT, canteen TEXT COLLATE "C", "date" TEXT COLLATE "C", meal TEXT, mode TEXT, dish TEXT,
    price BIGINT, note TEXT, state TEXT, reason TEXT, state_at TEXT, taken_at TEXT COLLATE "C", taken_by TEXT,
    supplement_reason TEXT, platform_number TEXT
);
CREATE INDEX meal_order_day ON meal_order (canteen, "date");
CREATE TABLE receipt (
    id BYTEA PRIMARY KEY, "order" TEXT, canteen TEXT, arrived_at TEXT, recorded_at TEXT, received_by TEXT,
    seen TEXT, note TEXT, photos TEXT
);
CREATE TABLE receipt_photo (hash TEXT COLLATE "C" NOT NULL, receipt BYTEA NOT NULL, PRIMARY KEY (hash, receipt));
CREATE INDEX receipt_photo_receipt ON receipt_photo (receipt);
CREATE TABLE device (id BYTEA PRIMARY KEY, number BIGINT, name TEXT, canteen TEXT, division TEXT, revoked BIGINT);
CREATE TABLE account (id BYTEA PRIMARY KEY, name TEXT, role TEXT, division TEXT, disabled BIGINT);
CREATE TABLE division (
    id BYTEA PRIMARY KEY, code TEXT, name TEXT, parent TEXT, valid_from TEXT, valid_to TEXT, successor TEXT
);
