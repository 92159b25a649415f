-- What people do on web pages and in apps, and which of their names of themselves are known.
-- Old rows: none, these tables are new.

CREATE TABLE web_event (
    id UUID PRIMARY KEY,
    source_id UUID NOT NULL REFERENCES feed_source (id),
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    anonymous_key BYTEA,
    user_key BYTEA,
    occurred_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    record_id UUID,
    customer_id UUID,
    sealed BYTEA NOT NULL,
    UNIQUE (source_id, message_id)
);
CREATE INDEX web_event_customer ON web_event (customer_id, occurred_at, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX web_event_record ON web_event (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX web_event_anonymous ON web_event (anonymous_key) WHERE customer_id IS NULL;
CREATE INDEX web_event_user ON web_event (user_key) WHERE customer_id IS NULL;

CREATE TABLE web_known (
    name_key BYTEA PRIMARY KEY,
    record_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    known_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX web_known_record ON web_known (record_id);
