-- Groups of people: courses, departments, others.
CREATE TABLE user_groups (
    id TEXT NOT NULL PRIMARY KEY,
    -- Empty in the row that is left of a deleted group.
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'course', 'department')),
    -- Rises with every change, of members as well; others hear of each.
    version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    deleted_us BIGINT
);

CREATE UNIQUE INDEX user_groups_by_name ON user_groups (name) WHERE deleted_us IS NULL;

CREATE TABLE user_group_members (
    group_id TEXT NOT NULL REFERENCES user_groups (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    added_us BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);

CREATE INDEX user_group_members_by_user ON user_group_members (user_id, group_id);
