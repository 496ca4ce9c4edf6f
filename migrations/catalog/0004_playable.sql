-- When an upload's last byte came and when the film could be played for the first time: what its uploader waited for.
ALTER TABLE videos ADD COLUMN received_us BIGINT;
ALTER TABLE videos ADD COLUMN playable_us BIGINT;
