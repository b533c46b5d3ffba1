-- The layout of a store in PostgreSQL 15 or newer, version 1. Running it again changes
-- nothing.
--
-- A swap that inserts, for kind 1 and the table of states (kind 2: documents):
--   INSERT INTO mpass_state (key, value, expires_at) SELECT $1, $2, $3
--     WHERE NOT EXISTS (SELECT FROM mpass_dropped WHERE kind = 1 AND until >= $3)
--     ON CONFLICT (key) DO NOTHING
-- A swap that replaces the expected value $4:
--   UPDATE mpass_state SET value = $2, expires_at = $3 WHERE key = $1 AND value = $4
-- One row means stored. After none, a second statement reads the value: a conflict. An
-- insert where that finds none either is expired if `until` is not before its expiry.
--
-- A value may be removed a day after its expiry, once `until` is at or after it: `until`
-- is raised by an earlier transaction, so that no insert in progress brings it back.
CREATE TABLE IF NOT EXISTS mpass_state (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
    value bytea NOT NULL CHECK (octet_length(value) <= 96),
    -- From when the value may be dropped; NULL if it does not expire.
    expires_at timestamptz
);
CREATE TABLE IF NOT EXISTS mpass_document (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
    value bytea NOT NULL CHECK (octet_length(value) <= 16384),
    expires_at timestamptz
);
-- The highest expiry of a dropped value, by kind.
CREATE TABLE IF NOT EXISTS mpass_dropped (
    kind smallint PRIMARY KEY CHECK (kind IN (1, 2)),
    until timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS mpass_layout (
    version integer PRIMARY KEY
);
INSERT INTO mpass_layout (version) SELECT 1 WHERE NOT EXISTS (SELECT FROM mpass_layout);
