-- The shared floor: outbox, jobs, idempotency keys, settings.
-- Old rows: none, this is the first migration.

CREATE TABLE outbox_event (
    id UUID PRIMARY KEY,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    data JSONB NOT NULL,
    dispatched_at TIMESTAMPTZ
);
CREATE INDEX outbox_event_waiting ON outbox_event (id) WHERE dispatched_at IS NULL;
CREATE INDEX outbox_event_subject ON outbox_event (subject, id);

CREATE TABLE outbox_failure (
    event_id UUID NOT NULL REFERENCES outbox_event (id) ON DELETE CASCADE,
    handler TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at TIMESTAMPTZ,
    code TEXT NOT NULL,
    PRIMARY KEY (event_id, handler)
);
CREATE INDEX outbox_failure_due ON outbox_failure (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE job (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    args JSONB NOT NULL,
    unique_key TEXT,
    owner UUID,
    status TEXT NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    lease_until TIMESTAMPTZ,
    lease UUID,
    done BIGINT NOT NULL,
    total BIGINT,
    phase TEXT NOT NULL,
    checkpoint JSONB,
    result JSONB,
    failure JSONB,
    cancel_asked BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ
);
CREATE INDEX job_waiting ON job (run_at) WHERE status = 'queued';
CREATE INDEX job_running ON job (lease_until) WHERE status = 'running';
CREATE UNIQUE INDEX job_unique_key ON job (unique_key) WHERE status IN ('queued', 'running');
CREATE INDEX job_owner ON job (owner, id);

CREATE TABLE job_slot (
    kind TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (kind, slot)
);

CREATE TABLE idempotency (
    actor UUID NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT,
    body BYTEA,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value JSONB NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
