-- What auth tells of log-ins that ended before their tokens ran out; a row is kept until these have.
CREATE TABLE ended_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    until_us BIGINT NOT NULL
);

CREATE INDEX ended_sessions_by_time ON ended_sessions (until_us);

-- What auth tells of tokens for programs. One that ended keeps its row, so that an event that comes late changes
-- nothing.
CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    -- SHA-256.
    token_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_us BIGINT,
    ended BIGINT NOT NULL CHECK (ended IN (0, 1))
);

CREATE UNIQUE INDEX api_tokens_by_hash ON api_tokens (token_hash) WHERE ended = 0;
