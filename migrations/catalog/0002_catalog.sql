CREATE TABLE videos (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT,
    title TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    visibility TEXT NOT NULL DEFAULT 'public'
        CHECK (visibility IN ('public', 'internal', 'group', 'shared', 'unlisted', 'private')),
    status TEXT NOT NULL
        CHECK (status IN ('uploading', 'submitted', 'processing', 'playable', 'ready', 'failed')),
    failure_code TEXT,
    failure_message TEXT,
    failure_detail TEXT,
    -- The revision that plays.
    revision BIGINT NOT NULL DEFAULT 1 CHECK (revision >= 1),
    duration_ms BIGINT,
    filename TEXT NOT NULL,
    source_key TEXT NOT NULL,
    source_bytes BIGINT NOT NULL,
    plan_key TEXT,
    measured_key TEXT,
    poster_key TEXT,
    -- What the API shows of the plan, as JSON: rungs and sound tracks.
    rungs TEXT NOT NULL DEFAULT '[]',
    audio TEXT NOT NULL DEFAULT '[]',
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    deleted_us BIGINT,
    CHECK ((status = 'failed') = (failure_code IS NOT NULL))
);

-- Pages go from the newest back by (created_us, id): everybody's, the watchable ones of strangers, one owner's.
CREATE INDEX videos_by_age ON videos (created_us DESC, id DESC) WHERE deleted_us IS NULL;
CREATE INDEX videos_public ON videos (created_us DESC, id DESC)
    WHERE deleted_us IS NULL AND visibility = 'public' AND status IN ('playable', 'ready');
CREATE INDEX videos_by_owner ON videos (owner_id, created_us DESC, id DESC) WHERE deleted_us IS NULL;

-- Text tracks. They belong to the video and outlive a revision.
CREATE TABLE tracks (
    id TEXT NOT NULL PRIMARY KEY,
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    -- BCP 47.
    language TEXT NOT NULL,
    label TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('embedded', 'uploaded', 'translated', 'transcribed')),
    -- The track this one was translated from, or the source's stream as `stream:N`.
    origin_track TEXT,
    -- Rises with every change of the cues; part of the blob key.
    version BIGINT NOT NULL DEFAULT 1,
    -- Words separated by a space: default, forced, sdh.
    flags TEXT NOT NULL DEFAULT '',
    created_us BIGINT NOT NULL
);

CREATE INDEX tracks_by_video ON tracks (video_id, language, created_us, id);
-- A stream of the source gives one track however often its event comes.
CREATE UNIQUE INDEX tracks_by_origin ON tracks (video_id, source, origin_track, language)
    WHERE origin_track IS NOT NULL;

CREATE TABLE cues (
    track_id TEXT NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
    cue_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    start_ms BIGINT NOT NULL CHECK (start_ms >= 0),
    end_ms BIGINT NOT NULL,
    -- A closed subset of WebVTT cue text.
    text TEXT NOT NULL,
    -- The same without tags, as it is searched.
    plain TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (track_id, cue_id),
    CHECK (end_ms > start_ms)
);

CREATE UNIQUE INDEX cues_in_order ON cues (track_id, seq);
