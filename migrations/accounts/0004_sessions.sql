-- A log-in: at the page, by a cookie, or in an app, by tokens.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('page', 'app')),
    -- User-Agent and network address of the last use.
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    used_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    ended_us BIGINT,
    -- Whose doing it was; `reuse`: a refresh token came twice, so somebody else has it.
    ended_by TEXT CHECK (ended_by IN ('user', 'account', 'limit', 'reuse')),
    CHECK ((ended_us IS NULL) = (ended_by IS NULL))
);

CREATE INDEX sessions_open ON sessions (user_id, used_us) WHERE ended_us IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_us);

-- The refresh tokens of an app's log-in, one after the other: each is used once and gives the next.
CREATE TABLE refresh_tokens (
    -- SHA-256.
    token_hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_us BIGINT NOT NULL,
    used_us BIGINT,
    -- With it the next token is made of this one, so that the same can be given again.
    salt TEXT,
    CHECK ((used_us IS NULL) = (salt IS NULL))
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Tokens by which programs act for a user.
CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    -- SHA-256.
    token_hash TEXT NOT NULL UNIQUE,
    -- Words separated by a space: read, upload, manage.
    scopes TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    -- Null: never.
    expires_us BIGINT,
    ended_us BIGINT
);

CREATE INDEX api_tokens_open ON api_tokens (user_id, created_us) WHERE ended_us IS NULL;
