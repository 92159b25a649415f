-- Facts as they were handed in, for asking other rules about them, and what asking came to. Old rows:
-- facts that were derived before are not here; they come with their next revision.

-- The latest word about a segment somebody flew, in the compact form of `replay/pack.rs`, without its
-- ticket. `posted_on` is the day it first came to this member's account.
CREATE TABLE loyalty_fact (
    key TEXT PRIMARY KEY,
    member_id UUID NOT NULL,
    flight_date DATE NOT NULL,
    posted_on DATE NOT NULL,
    packed TEXT NOT NULL
);
-- Everything a replay reads, in the order it reads it: the table itself is not touched.
CREATE INDEX loyalty_fact_member ON loyalty_fact (member_id, flight_date, posted_on, packed);

-- A comparison of two versions over the whole base. `result` is empty until it is done.
CREATE TABLE loyalty_replay (
    id UUID PRIMARY KEY,
    programme TEXT NOT NULL,
    before_id UUID NOT NULL,
    before_version BIGINT NOT NULL,
    before_hash TEXT NOT NULL,
    after_id UUID NOT NULL,
    after_version BIGINT NOT NULL,
    after_hash TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    minor_per_thousand BIGINT NOT NULL,
    owner UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    result JSONB NOT NULL
);
CREATE INDEX loyalty_replay_programme ON loyalty_replay (programme, created_at);
