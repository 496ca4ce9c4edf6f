-- Four roles where there were two: a condition of a table cannot be changed, so the table is made anew. Who was `user`
-- could upload.
CREATE TABLE users_in_roles (
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
    role TEXT NOT NULL CHECK (role IN ('viewer', 'uploader', 'moderator', 'admin')),
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

INSERT INTO users_in_roles (id, first_name, last_name, username, email, email_key, phone_number, password_hash, role,
    version, not_before_us, enabled, deleted_us, created_us, updated_us)
SELECT id, first_name, last_name, username, email, email_key, phone_number, password_hash,
    CASE WHEN role = 'admin' THEN 'admin' WHEN deleted_us IS NOT NULL THEN 'viewer' ELSE 'uploader' END,
    version, not_before_us, enabled, deleted_us, created_us, updated_us
FROM users;

DROP TABLE users;
ALTER TABLE users_in_roles RENAME TO users;
CREATE INDEX users_by_email_key ON users (email_key) WHERE email_key IS NOT NULL;

-- By each an account may be made, once.
CREATE TABLE invites (
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of what the link holds.
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'uploader', 'moderator', 'admin')),
    -- Null: whatever address the invited person has.
    email TEXT,
    -- The link of a server that has no administrator who could log in.
    first_admin BIGINT NOT NULL CHECK (first_admin IN (0, 1)),
    -- Null: whoever owns the data folder.
    invited_by TEXT,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    used_us BIGINT,
    used_by TEXT,
    CHECK ((used_us IS NULL) = (used_by IS NULL))
);

CREATE INDEX invites_open ON invites (expires_us) WHERE used_us IS NULL;
