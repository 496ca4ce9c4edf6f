-- What auth tells of its groups; each row is as of the version of the last event, and so are its rows in
-- `group_members`. A deleted one keeps an empty row, so that an event that comes late changes nothing.
CREATE TABLE user_groups (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    deleted BIGINT NOT NULL CHECK (deleted IN (0, 1))
);
