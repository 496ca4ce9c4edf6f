-- Of a deleted user: who has the films now. Null: they went to the trash.
ALTER TABLE users ADD COLUMN hand_over_to TEXT;
