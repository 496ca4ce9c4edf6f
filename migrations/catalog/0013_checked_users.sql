-- Whether the user has shown that their e-mail address is theirs: who has not adds and shares no films.
ALTER TABLE users ADD COLUMN email_checked BIGINT NOT NULL DEFAULT 1 CHECK (email_checked IN (0, 1));
