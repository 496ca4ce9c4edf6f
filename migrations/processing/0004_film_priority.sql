-- A job's priority is the least that its tasks have. A film's tasks say for themselves what is urgent.
UPDATE jobs SET priority = 1 WHERE kind = 'film';
