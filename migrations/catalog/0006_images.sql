-- Names of chapters, as the API shows them: [{start_ms, end_ms, title}].
ALTER TABLE videos ADD COLUMN chapters TEXT NOT NULL DEFAULT '[]';
-- What was measured while the film was made, as the API shows it; NULL until it is finished.
ALTER TABLE videos ADD COLUMN analysis TEXT;
-- 1 when there are sheets of thumbnails.
ALTER TABLE videos ADD COLUMN storyboard BIGINT NOT NULL DEFAULT 0;
ALTER TABLE videos ADD COLUMN preview_key TEXT;
