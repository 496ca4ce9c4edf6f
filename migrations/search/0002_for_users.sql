-- 1 where everybody who is logged in may see the film.
ALTER TABLE films ADD COLUMN for_users BIGINT NOT NULL DEFAULT 0;
