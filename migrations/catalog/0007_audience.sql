-- Whom a film is for, beside its owner: people by name where its visibility is `shared`, groups where it is `group`.
CREATE TABLE video_shares (
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (video_id, user_id)
);

CREATE INDEX video_shares_by_user ON video_shares (user_id, video_id);

CREATE TABLE video_groups (
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL,
    PRIMARY KEY (video_id, group_id)
);

CREATE INDEX video_groups_by_group ON video_groups (group_id, video_id);

-- What auth tells of its groups.
CREATE TABLE group_members (
    group_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);

CREATE INDEX group_members_by_user ON group_members (user_id, group_id);

-- People are named by their e-mail addresses.
CREATE INDEX users_by_email ON users (lower(email));
