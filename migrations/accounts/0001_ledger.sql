-- Jobs, their tasks, and the events that come and go. The same tables in every service (src/ledger).
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    failure TEXT,
    created_us BIGINT NOT NULL,
    ended_us BIGINT,
    CHECK ((state = 'running') = (ended_us IS NULL))
);

-- One open job per subject; also finds it.
CREATE UNIQUE INDEX jobs_open ON jobs (kind, subject) WHERE ended_us IS NULL;
CREATE INDEX jobs_by_subject ON jobs (subject, created_us);
CREATE INDEX jobs_by_age ON jobs (created_us, id);
CREATE INDEX jobs_by_end ON jobs (ended_us) WHERE ended_us IS NOT NULL;

CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    args TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'blocked', 'leased', 'done', 'failed', 'cancelled')),
    priority BIGINT NOT NULL,
    weight BIGINT NOT NULL CHECK (weight >= 0),
    not_before_us BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    attempts_max BIGINT NOT NULL,
    owner TEXT,
    lease_until_us BIGINT,
    result TEXT,
    failure TEXT,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    ended_us BIGINT,
    UNIQUE (job_id, key),
    CHECK ((state = 'leased') = (lease_until_us IS NOT NULL))
);

-- Claims read from its front.
CREATE INDEX tasks_ready ON tasks (priority DESC, created_us, id) WHERE state = 'ready';
CREATE INDEX tasks_leased ON tasks (lease_until_us) WHERE state = 'leased';
CREATE INDEX tasks_by_state ON tasks (job_id, state);

CREATE TABLE task_needs (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    needs_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    PRIMARY KEY (task_id, needs_id)
);

CREATE INDEX task_needs_by_need ON task_needs (needs_id);

-- Events of this service; `body` is the whole envelope.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    sent_us BIGINT
);

CREATE INDEX outbox_unsent ON outbox (created_us, id) WHERE sent_us IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_us) WHERE sent_us IS NOT NULL;

-- Events of other services that have had their effect here.
CREATE TABLE inbox (
    id TEXT NOT NULL PRIMARY KEY,
    received_us BIGINT NOT NULL
);

CREATE INDEX inbox_by_age ON inbox (received_us);
