-- Requests that came with an Idempotency-Key. What was answered is not written down: it may hold secrets.
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    -- SHA-256 of method, address, type and body.
    request TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_us);
CREATE INDEX idempotency_keys_of_user ON idempotency_keys (user_id, created_us);
