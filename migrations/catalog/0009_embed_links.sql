-- By these, pages of named origins embed a film, whoever may see it otherwise. A link that is taken back keeps its row
-- as long as addresses that it gave may be in use, so that these are known for what they are.
CREATE TABLE embed_links (
    id TEXT NOT NULL PRIMARY KEY,
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    -- SHA-256.
    token_hash TEXT NOT NULL,
    -- A JSON array.
    origins TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    revoked BIGINT NOT NULL CHECK (revoked IN (0, 1))
);

CREATE UNIQUE INDEX embed_links_by_hash ON embed_links (token_hash);

CREATE INDEX embed_links_by_video ON embed_links (video_id, created_us);

CREATE INDEX embed_links_by_end ON embed_links (expires_us);
