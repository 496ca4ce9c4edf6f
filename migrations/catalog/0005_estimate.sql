-- What the plan foretold of making the film and what it took, as JSON that the API shows; null until it is known.
ALTER TABLE videos ADD COLUMN estimate TEXT;
ALTER TABLE videos ADD COLUMN actual TEXT;
