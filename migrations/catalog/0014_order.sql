-- What others may do with a film, as its owner says: an identifier of catalog/licence, or empty; and whom they name.
ALTER TABLE videos ADD COLUMN licence TEXT NOT NULL DEFAULT '';
ALTER TABLE videos ADD COLUMN attribution TEXT NOT NULL DEFAULT '';

-- What a moderator decided that is in force: 'hidden' is seen by moderators, administrators and the owner alone,
-- 'deleted' lies in the trash, from where its owner does not get it. NULL: nothing.
ALTER TABLE videos ADD COLUMN moderation TEXT CHECK (moderation IN ('hidden', 'deleted'));
ALTER TABLE videos ADD COLUMN moderation_reason TEXT;
ALTER TABLE videos ADD COLUMN moderated_us BIGINT;
-- Rows of `reports` that wait for a decision; moderators see such a film whatever its visibility.
ALTER TABLE videos ADD COLUMN open_reports BIGINT NOT NULL DEFAULT 0;

-- What strangers list and find, as before, but for what is hidden.
DROP INDEX videos_public;
CREATE INDEX videos_public ON videos (created_us DESC, id DESC)
    WHERE deleted_us IS NULL AND moderation IS NULL AND visibility = 'public' AND status IN ('playable', 'ready');
DROP INDEX videos_found;
CREATE INDEX videos_found ON videos (created_us DESC, id DESC)
    WHERE deleted_us IS NULL AND moderation IS NULL AND visibility = 'public' AND status <> 'uploading';

-- What viewers say is wrong with films.
CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    -- NULL: a guest, or somebody who is gone.
    reporter_id TEXT,
    reason TEXT NOT NULL,
    text TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    closed_us BIGINT,
    -- The one by which it was closed.
    decision_id TEXT,
    CHECK ((closed_us IS NULL) = (decision_id IS NULL))
);

CREATE INDEX reports_open ON reports (id) WHERE closed_us IS NULL;
CREATE INDEX reports_closed ON reports (id DESC) WHERE closed_us IS NOT NULL;
CREATE INDEX reports_by_video ON reports (video_id, closed_us);
CREATE INDEX reports_by_reporter ON reports (reporter_id) WHERE reporter_id IS NOT NULL;
-- Nobody reports a film twice before somebody has looked.
CREATE UNIQUE INDEX reports_once ON reports (video_id, reporter_id) WHERE closed_us IS NULL;

-- Who decided what, when and why. Rows outlive their films.
CREATE TABLE decisions (
    id TEXT NOT NULL PRIMARY KEY,
    video_id TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_us BIGINT NOT NULL
);

CREATE INDEX decisions_by_video ON decisions (video_id, id);
