-- What one user may have here, where it is another than the role's: NULL is as the role, -1 no limit.
CREATE TABLE quotas (
    user_id TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT CHECK (bytes >= -1),
    minutes BIGINT CHECK (minutes >= -1),
    uploads_per_day BIGINT CHECK (uploads_per_day >= -1)
);

-- All films of one owner, those in the trash too, are summed up before each upload.
CREATE INDEX videos_of_owner ON videos (owner_id, created_us);
