-- What the worker remembers of a submitted video, one row per revision. A deleted video keeps its row, so that an
-- event that comes late starts nothing.
CREATE TABLE films (
    video_id TEXT NOT NULL,
    revision BIGINT NOT NULL CHECK (revision >= 1),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'planned', 'processed', 'failed', 'cancelled', 'deleted')),
    source_key TEXT NOT NULL,
    source_bytes BIGINT NOT NULL,
    filename TEXT NOT NULL,
    owner_id TEXT,
    -- The settings that this film was submitted with, as JSON.
    policy TEXT NOT NULL,
    -- keep, delete or days:N; what became of the source is in source_deleted_us.
    source_retention TEXT NOT NULL,
    source_deleted_us BIGINT,
    plan_key TEXT,
    measured_key TEXT,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    ended_us BIGINT,
    deleted_us BIGINT,
    PRIMARY KEY (video_id, revision)
);

-- Sources whose days are over are found by it.
CREATE INDEX films_with_source ON films (ended_us) WHERE source_deleted_us IS NULL AND ended_us IS NOT NULL;

-- One row per stored blob of a film: segment n of a rendition, 0 for its init segment. The first complete writer wins.
CREATE TABLE artefacts (
    video TEXT NOT NULL,
    revision BIGINT NOT NULL,
    rendition TEXT NOT NULL,
    n BIGINT NOT NULL CHECK (n >= 0),
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- Duration in the rendition's timescale.
    ticks BIGINT NOT NULL,
    -- Frames that repeat the last good one, or are silence, because the source was bad there.
    damaged BIGINT NOT NULL DEFAULT 0,
    task_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    PRIMARY KEY (video, revision, rendition, n)
);
