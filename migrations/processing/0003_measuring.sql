-- From moof to the end of the first picture of a segment: what an I-frame playlist names. 0: sound, or not measured.
ALTER TABLE artefacts ADD COLUMN picture_bytes BIGINT NOT NULL DEFAULT 0;

-- What the film took, to be held against what its plan foretold: when it could be played first, and the processor time
-- of the media processes whose tasks are done.
ALTER TABLE films ADD COLUMN playable_us BIGINT;
ALTER TABLE films ADD COLUMN cpu_us BIGINT NOT NULL DEFAULT 0;
