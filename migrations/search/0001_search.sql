-- The embedded search index (SQLite FTS5, src/adapters/fts5): a projection of the catalog in a file of its own, made
-- again by `movio search rebuild`. SQLite alone has it.

-- A slot is a document's created time in milliseconds, moved on by one where it is taken: in order of slot is in order
-- of age, without sorting. `title` and `description` are as they are searched; what people wrote is in `shown_…` where
-- it differs.
CREATE TABLE films (
    slot BIGINT NOT NULL PRIMARY KEY,
    video_id TEXT NOT NULL UNIQUE,
    owner_id TEXT NOT NULL,
    seen_by_all BIGINT NOT NULL,
    listed_for_all BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    shown_title TEXT,
    shown_description TEXT
);

-- How far slots were moved at most.
CREATE INDEX films_moved ON films (slot - created_us / 1000);

-- Marks are letters here: without categories the tokenizer cuts Bengali and Hindi words at every vowel sign. `prefix`
-- makes beginnings of two and three characters as quick as words; for longer ones there is `words`.
CREATE VIRTUAL TABLE film_words USING fts5(
    title, description, content = 'films', content_rowid = 'slot', prefix = '2 3',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

CREATE TABLE tracks (
    slot BIGINT NOT NULL PRIMARY KEY,
    track_id TEXT NOT NULL UNIQUE,
    video_id TEXT NOT NULL,
    language TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL
);

CREATE INDEX tracks_by_video ON tracks (video_id, slot);
CREATE INDEX tracks_moved ON tracks (slot - created_us / 1000);

CREATE VIRTUAL TABLE track_words USING fts5(
    language, content = 'tracks', content_rowid = 'slot',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

-- Cues: id = slot of the track << 20 | place in the track. `text` is as it is searched, `shown` as for films.
CREATE TABLE lines (
    id BIGINT NOT NULL PRIMARY KEY,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    text TEXT NOT NULL,
    shown TEXT
);

CREATE VIRTUAL TABLE line_words USING fts5(
    text, content = 'lines', content_rowid = 'id', prefix = '2 3',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

-- Every word there is, in how many titles, descriptions and cues. FTS5 finds a beginning by merging the places of all
-- its words each time it is asked, which takes long when one of them is common; with the words named it merges nothing.
-- `fold` has neither case nor accents.
CREATE TABLE words (
    fold TEXT NOT NULL,
    word TEXT NOT NULL,
    texts BIGINT NOT NULL,
    PRIMARY KEY (fold, word)
);
