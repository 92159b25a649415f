-- Airline messages as they came in, the lists their parts make, and where they come from.
-- Old rows: none, these tables are new.

CREATE TABLE feed_source (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    config JSONB NOT NULL,
    active BOOLEAN NOT NULL,
    expected_minutes BIGINT,
    silent_since TIMESTAMPTZ,
    write_key BYTEA UNIQUE,
    write_key_hint TEXT,
    received_at TIMESTAMPTZ,
    said_at TIMESTAMPTZ,
    problem JSONB,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE feed_message (
    id UUID PRIMARY KEY,
    source_id UUID NOT NULL REFERENCES feed_source (id),
    name TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    dedup BYTEA NOT NULL UNIQUE,
    sealed BOOLEAN NOT NULL,
    bytes BIGINT NOT NULL,
    cards BIGINT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    hour BIGINT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    as_of DATE,
    kind TEXT NOT NULL,
    carrier TEXT NOT NULL,
    flight_number TEXT NOT NULL,
    flight_date DATE,
    board TEXT NOT NULL,
    lane TEXT NOT NULL,
    part BIGINT,
    is_last BOOLEAN NOT NULL,
    list_key TEXT,
    list_id UUID,
    status TEXT NOT NULL,
    partial BOOLEAN NOT NULL,
    reason TEXT,
    errors BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    notes BIGINT NOT NULL,
    codes JSONB NOT NULL,
    people BIGINT NOT NULL,
    facts_read BIGINT NOT NULL,
    facts_changed BIGINT NOT NULL,
    refused JSONB NOT NULL,
    attempts BIGINT NOT NULL,
    settled_at TIMESTAMPTZ,
    repeats BIGINT NOT NULL,
    repeated_at TIMESTAMPTZ,
    original_id UUID,
    replaced_by UUID,
    changed_by UUID,
    -- Last, so that lists of messages need not step over it.
    raw BYTEA NOT NULL
);
CREATE INDEX feed_message_waiting ON feed_message (said_at, id) WHERE status = 'waiting';
CREATE INDEX feed_message_unsorted ON feed_message (said_at, id)
    WHERE status = 'buffered' AND list_id IS NULL;
CREATE INDEX feed_message_of_list ON feed_message (list_id) WHERE list_id IS NOT NULL;
CREATE INDEX feed_message_settled ON feed_message (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX feed_message_received ON feed_message (received_at, id);
CREATE INDEX feed_message_designator ON feed_message ((carrier || flight_number));
CREATE INDEX feed_message_status ON feed_message (status, id);
CREATE INDEX feed_message_kind ON feed_message (kind, id);
CREATE INDEX feed_message_source ON feed_message (source_id, id);
CREATE INDEX feed_message_flight ON feed_message (carrier, flight_number, flight_date, id);
CREATE INDEX feed_message_hour ON feed_message (hour, source_id, status, errors, warnings);
CREATE INDEX feed_message_original ON feed_message (original_id) WHERE original_id IS NOT NULL;

CREATE TABLE feed_list (
    id UUID PRIMARY KEY,
    list_key TEXT NOT NULL,
    source_id UUID NOT NULL,
    lane TEXT NOT NULL,
    status TEXT NOT NULL,
    parts JSONB NOT NULL,
    last_part BIGINT,
    bytes BIGINT NOT NULL,
    head UUID NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX feed_list_key ON feed_list (list_key, status);
CREATE INDEX feed_list_due ON feed_list (due_at) WHERE status = 'open';
CREATE INDEX feed_list_lane ON feed_list (lane, said_at) WHERE status = 'open';
