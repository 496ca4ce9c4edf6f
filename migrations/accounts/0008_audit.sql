-- Who did what to what, for everything that matters to safety. Ids, never names, addresses of mail or secrets.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    -- `command`: whoever owns the data folder, by the command line; `system`: the program by itself.
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'program', 'stranger', 'command', 'system')),
    actor_id TEXT,
    -- Of the network; empty: this machine.
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    -- The id of the user, group or film that it is about; empty: of nothing that has one.
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    -- A JSON object.
    detail TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (at_us, id);
CREATE INDEX audit_by_actor ON audit (actor_id, at_us, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (subject, at_us, id);
-- What one did oneself is read by pages of ids.
CREATE INDEX audit_by_actor_and_id ON audit (actor_id, id) WHERE actor_id IS NOT NULL;
