-- Members of the programmes and what hangs on them. Old rows: none.
--
-- A member hangs on a source record, made when it was enrolled; `customer_id` is whose record that is
-- now and follows `customers.links.moved.v1`. Miles hang on accounts of the ledger, whose owner is the
-- member for ever: merging two members moves no posting.

CREATE TABLE loyalty_number (
    programme TEXT PRIMARY KEY,
    next_serial BIGINT NOT NULL
);

-- `merged_into` is set while a merge stands. `adult_on` is the twelfth birthday of a child.
CREATE TABLE loyalty_member (
    id UUID PRIMARY KEY,
    programme TEXT NOT NULL,
    member_no TEXT NOT NULL,
    record_id UUID,
    customer_id UUID,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    guardian_id UUID,
    adult_on DATE,
    enrolled_at TIMESTAMPTZ NOT NULL,
    merged_into UUID,
    forgotten_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX loyalty_member_no ON loyalty_member (programme, member_no);
CREATE INDEX loyalty_member_customer ON loyalty_member (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX loyalty_member_record ON loyalty_member (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX loyalty_member_guardian ON loyalty_member (guardian_id) WHERE guardian_id IS NOT NULL;
CREATE INDEX loyalty_member_adult ON loyalty_member (adult_on) WHERE kind = 'child';
CREATE INDEX loyalty_member_merged ON loyalty_member (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE loyalty_card (
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    seq BIGINT NOT NULL,
    medium TEXT NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    blocked_at TIMESTAMPTZ,
    blocked_for TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (member_id, seq)
);

-- `sealed` holds name, birth date and document; gone when the nominee is removed.
CREATE TABLE loyalty_nominee (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    hash BYTEA,
    sealed BYTEA,
    guardian_consent BOOLEAN NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    effective_on DATE NOT NULL,
    removed_at TIMESTAMPTZ
);
CREATE INDEX loyalty_nominee_member ON loyalty_nominee (member_id, added_at);
CREATE UNIQUE INDEX loyalty_nominee_once ON loyalty_nominee (member_id, hash)
    WHERE removed_at IS NULL AND hash IS NOT NULL;

-- Membership of a family pool; the head is a row as well, with percent 0.
CREATE TABLE loyalty_pool (
    id UUID PRIMARY KEY,
    pool_id UUID NOT NULL,
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    is_head BOOLEAN NOT NULL,
    percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 100),
    joined_at TIMESTAMPTZ NOT NULL,
    left_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX loyalty_pool_one ON loyalty_pool (member_id) WHERE left_at IS NULL;
CREATE INDEX loyalty_pool_members ON loyalty_pool (pool_id);
CREATE INDEX loyalty_pool_past ON loyalty_pool (member_id, left_at);

CREATE TABLE loyalty_merge (
    id UUID PRIMARY KEY,
    from_id UUID NOT NULL REFERENCES loyalty_member (id),
    into_id UUID NOT NULL REFERENCES loyalty_member (id),
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID NOT NULL,
    undone_at TIMESTAMPTZ,
    undone_by UUID
);
CREATE INDEX loyalty_merge_from ON loyalty_merge (from_id);
CREATE INDEX loyalty_merge_into ON loyalty_merge (into_id);

-- Added to only. Of rows by rule the latest recorded that covers a day counts, of those by hand the
-- highest; of both the higher. A row by hand ends early by a later one about it.
CREATE TABLE loyalty_tier (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    tier TEXT NOT NULL,
    rank BIGINT NOT NULL,
    is_by_hand BOOLEAN NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    reason TEXT NOT NULL,
    detail JSONB NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    proposed_by UUID,
    approved_by UUID
);
CREATE INDEX loyalty_tier_member ON loyalty_tier (member_id, recorded_at);

-- What one person proposes and another decides.
CREATE TABLE loyalty_proposal (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    kind TEXT NOT NULL,
    data JSONB NOT NULL,
    state TEXT NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    proposed_by UUID NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by UUID
);
CREATE INDEX loyalty_proposal_state ON loyalty_proposal (state, id);
CREATE INDEX loyalty_proposal_member ON loyalty_proposal (member_id, id);

-- Limits as data: at most `most_count` and `most_amount` within `hours`, or, for the two kinds of
-- waiting, nothing within `hours` of a new nominee or device. `action` says what goes beyond does.
CREATE TABLE loyalty_limit (
    id UUID PRIMARY KEY,
    programme TEXT NOT NULL,
    what TEXT NOT NULL,
    hours BIGINT NOT NULL,
    most_count BIGINT,
    most_amount BIGINT,
    action TEXT NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ,
    made_by UUID NOT NULL
);
CREATE INDEX loyalty_limit_what ON loyalty_limit (programme, what);

CREATE TABLE loyalty_deed (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    what TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    amount BIGINT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX loyalty_deed_member ON loyalty_deed (member_id, what, at);

-- A device by its keyed hash.
CREATE TABLE loyalty_device (
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    hash BYTEA NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (member_id, hash)
);

CREATE TABLE loyalty_review (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    limit_id UUID NOT NULL,
    what TEXT NOT NULL,
    amount BIGINT NOT NULL,
    reference TEXT NOT NULL,
    raised_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by UUID
);
CREATE INDEX loyalty_review_state ON loyalty_review (state, raised_at, id);
CREATE INDEX loyalty_review_member ON loyalty_review (member_id, raised_at);
