-- What others may do with a film, as its owner says: an identifier of catalog/licence, or empty; and whom they name.
ALTER TABLE videos ADD COLUMN licence TEXT NOT NULL DEFAULT '';
ALTER TABLE videos ADD COLUMN attribution TEXT NOT NULL DEFAULT '';
