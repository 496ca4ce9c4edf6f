CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    username TEXT UNIQUE,
    -- Exact, as it was given; null in the row that is left of a deleted user.
    email TEXT UNIQUE,
    -- The same without difference of case, by which it is also found.
    email_key TEXT,
    phone_number TEXT,
    -- Null: no password, so no log-in.
    password_hash TEXT,
    role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'user')),
    -- Rises with every change that others hear of.
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    -- A full second. Tokens issued in an earlier one do not count.
    not_before_us BIGINT NOT NULL DEFAULT 0 CHECK (not_before_us % 1000000 = 0),
    enabled BIGINT NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    deleted_us BIGINT,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    CHECK ((deleted_us IS NULL) = (email IS NOT NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL)),
    CHECK (deleted_us IS NULL OR (enabled = 0 AND username IS NULL AND phone_number IS NULL AND password_hash IS NULL))
);

CREATE INDEX users_by_email_key ON users (email_key) WHERE email_key IS NOT NULL;
