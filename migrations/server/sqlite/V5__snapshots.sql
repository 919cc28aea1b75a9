-- The old part of what the devices of a scope read (its own feed and that of everybody), packed once in pages
-- (shared::sync::snapshot). A page holds everything behind the position `after` up to `upto`. What would make a page
-- wrong takes it away in the same transaction; it can be packed again from log and feeds at any time.
CREATE TABLE snapshot (
    scope INTEGER NOT NULL,
    after INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    page BLOB NOT NULL,
    PRIMARY KEY (scope, after)
);
