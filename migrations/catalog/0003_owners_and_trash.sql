-- What v1's clients are shown as `custom_video_title`, and how long they said the film is until it is probed.
ALTER TABLE videos ADD COLUMN custom_title TEXT NOT NULL DEFAULT '';
ALTER TABLE videos ADD COLUMN said_duration_us BIGINT;
-- 0 while a film is being uploaded and its title and description may still come. A whole file without them was never
-- accepted: it is removed, not submitted.
ALTER TABLE videos ADD COLUMN details_known BIGINT NOT NULL DEFAULT 1;

-- What strangers find by v1, in pages and counted.
CREATE INDEX videos_found ON videos (created_us DESC, id DESC)
    WHERE deleted_us IS NULL AND visibility = 'public' AND status <> 'uploading';
-- Somebody's trash, and what is to be purged.
CREATE INDEX videos_trash ON videos (owner_id, created_us DESC, id DESC) WHERE deleted_us IS NOT NULL;
CREATE INDEX videos_to_purge ON videos (deleted_us) WHERE deleted_us IS NOT NULL;
-- Uploads under way, looked at when the program starts.
CREATE INDEX videos_uploading ON videos (id) WHERE status = 'uploading';

-- What auth tells of its users; each row is as of the version of the last event. A deleted user keeps an empty row, so
-- that an event that comes late changes nothing.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    username TEXT,
    email TEXT NOT NULL,
    phone_number TEXT,
    role TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    -- Tokens issued earlier do not count.
    not_before_us BIGINT NOT NULL
);
