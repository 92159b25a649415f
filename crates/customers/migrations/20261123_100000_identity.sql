-- Who is who: keys by which records find each other, counts of what is shared, pairs that people
-- look at, and the log of merges and splits from which every link can be worked out anew.
-- Old rows: records linked so far have no keys; the job `identity.key` makes them at the first start.
--
-- A customer merged into another stays as a row, out of every list like one in the trash
-- (`trashed_at` is set), and `merged_into` names who it is now, however long the chain.

ALTER TABLE customer ADD COLUMN merged_into UUID;
CREATE INDEX customer_merged_into ON customer (merged_into) WHERE merged_into IS NOT NULL;
DROP INDEX customer_member_no_key;
CREATE UNIQUE INDEX customer_member_no_key ON customer (member_no)
    WHERE member_no <> '' AND merged_into IS NULL;
CREATE INDEX customer_merged_no ON customer (member_no) WHERE merged_into IS NOT NULL;

ALTER TABLE source_record ADD COLUMN message_id UUID;
ALTER TABLE source_record ADD COLUMN said_at TIMESTAMPTZ;
CREATE INDEX source_record_message ON source_record (message_id) WHERE message_id IS NOT NULL;

-- `home` is where the record was placed, before any merge or split; NULL where that is where it is.
-- `with_record` and `detail` say what it was linked by: codes and weights, no values.
ALTER TABLE customer_link ADD COLUMN home UUID;
ALTER TABLE customer_link ADD COLUMN with_record UUID;
ALTER TABLE customer_link ADD COLUMN detail JSONB;
CREATE INDEX customer_link_home ON customer_link (home) WHERE home IS NOT NULL;

-- Whose it was before a merge; NULL where nothing was merged.
ALTER TABLE customer_note ADD COLUMN home UUID;
ALTER TABLE customer_tag ADD COLUMN home UUID;
ALTER TABLE customer_task ADD COLUMN home UUID;

-- Keyed hashes a record can be found by. No foreign key: a key whose record is gone finds nothing,
-- and whoever deletes records deletes their keys.
CREATE TABLE identity_key (
    key BIGINT NOT NULL,
    record_id UUID NOT NULL,
    PRIMARY KEY (key, record_id)
);

-- Different names on a contact, different birth dates under a name: each pair once, hashes both.
CREATE TABLE identity_tally (
    key BIGINT NOT NULL,
    part BIGINT NOT NULL,
    PRIMARY KEY (key, part)
);

-- Imports whose records have no keys yet.
CREATE TABLE identity_pending (
    import_id UUID PRIMARY KEY
);
INSERT INTO identity_pending (import_id)
    SELECT DISTINCT import_id FROM source_record WHERE import_id IS NOT NULL;

-- Two customers who may be one, by their heaviest pair of records.
CREATE TABLE identity_review (
    id UUID PRIMARY KEY,
    one_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    other_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    one_record UUID NOT NULL,
    other_record UUID NOT NULL,
    band TEXT NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    detail JSONB NOT NULL,
    status TEXT NOT NULL,
    found_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by UUID,
    event_id UUID
);
CREATE UNIQUE INDEX identity_review_pair ON identity_review (one_id, other_id);
CREATE INDEX identity_review_other ON identity_review (other_id);
CREATE INDEX identity_review_open ON identity_review (status, weight, id);
CREATE INDEX identity_review_found ON identity_review (status, found_at, id);

-- Customers whom people have told apart: never joined by the machine.
CREATE TABLE identity_apart (
    one_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    other_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (one_id, other_id)
);
CREATE INDEX identity_apart_other ON identity_apart (other_id);

-- Merges and splits in their order. What is not undone, applied to the homes of records, gives the
-- links: undoing is leaving one out.
CREATE TABLE identity_event (
    id UUID PRIMARY KEY,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    to_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    moved BIGINT NOT NULL,
    undone_at TIMESTAMPTZ,
    undone_by UUID
);
CREATE INDEX identity_event_seq ON identity_event (seq);
CREATE INDEX identity_event_from ON identity_event (from_id, at, id);
CREATE INDEX identity_event_to ON identity_event (to_id, at, id);

-- The records of a split, and those that follow them.
CREATE TABLE identity_split (
    record_id UUID NOT NULL REFERENCES source_record (id) ON DELETE CASCADE,
    event_id UUID NOT NULL REFERENCES identity_event (id) ON DELETE CASCADE,
    PRIMARY KEY (record_id, event_id)
);
CREATE INDEX identity_split_event ON identity_split (event_id);
