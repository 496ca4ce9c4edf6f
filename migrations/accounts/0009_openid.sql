-- Who somebody is at a place whose word counts here: an OpenID provider, or a proxy in front.
CREATE TABLE outside_identities (
    -- Address of the provider; 'proxy'.
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- What that place granted at the last log-in; null: nothing.
    role TEXT CHECK (role IN ('viewer', 'uploader', 'moderator', 'admin')),
    created_us BIGINT NOT NULL,
    used_us BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject),
    -- An address that was given to somebody else there must not open the account of who had it before.
    UNIQUE (user_id, issuer)
);

-- By whose word a log-in began.
ALTER TABLE sessions ADD COLUMN begun_by TEXT NOT NULL DEFAULT 'password'
    CHECK (begun_by IN ('password', 'openid', 'proxy'));

-- What the group is called where people log in; null: nobody comes into it by that.
ALTER TABLE user_groups ADD COLUMN external_name TEXT;
CREATE INDEX user_groups_by_external_name ON user_groups (external_name) WHERE external_name IS NOT NULL;

-- Whose word made somebody a member. What a log-in brought, a log-in takes away again, and nothing else.
ALTER TABLE user_group_members ADD COLUMN source TEXT NOT NULL DEFAULT 'hand'
    CHECK (source IN ('hand', 'list', 'openid', 'proxy'));
