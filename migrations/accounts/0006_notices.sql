-- Links that were sent to people, of each purpose the newest: a newer one takes the place of the one before.
CREATE TABLE sent_links (
    user_id TEXT NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('password.reset', 'email.check')),
    -- Rises: of two the later one was asked for later.
    id TEXT NOT NULL,
    -- SHA-256 of what the link holds.
    token_hash TEXT NOT NULL UNIQUE,
    -- Where it was sent, and since when the user's log-ins counted then. It ends when one of them changes.
    email TEXT NOT NULL,
    not_before_us BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (user_id, purpose)
);

CREATE INDEX sent_links_by_expiry ON sent_links (expires_us);

-- Whether the user has shown that the address is theirs. Who was here before counts as if.
ALTER TABLE users ADD COLUMN email_checked BIGINT NOT NULL DEFAULT 1 CHECK (email_checked IN (0, 1));
-- Takes the place of `email` once it is checked.
ALTER TABLE users ADD COLUMN new_email TEXT;
