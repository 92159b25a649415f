-- Customers: what feeds say about a person (source records), who it is (customers, held to their
-- records by links), how to reach them (sealed), and what staff add (notes, tags, tasks).
-- Old rows: none, this is the first migration of the domain.
--
-- Columns that lists sort by are NOT NULL: '' and 0001-01-01 stand for "not known", so that both
-- engines put them at the same end and one index serves both directions.

CREATE TABLE customer (
    id UUID PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    trashed_at TIMESTAMPTZ,
    name_native TEXT NOT NULL,
    surname TEXT NOT NULL,
    given TEXT NOT NULL,
    native_key TEXT NOT NULL,
    surname_key TEXT NOT NULL,
    full_key TEXT NOT NULL,
    given_first_key TEXT NOT NULL,
    initials TEXT NOT NULL,
    gender TEXT NOT NULL,
    birth_date DATE,
    birthday BIGINT NOT NULL,
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    member_no TEXT NOT NULL,
    tier TEXT NOT NULL,
    joined_on DATE NOT NULL,
    cancelled_on DATE,
    last_flight_on DATE NOT NULL DEFAULT '0001-01-01',
    last_route TEXT NOT NULL DEFAULT '',
    flights BIGINT NOT NULL DEFAULT 0,
    km BIGINT NOT NULL DEFAULT 0,
    coefficient DOUBLE PRECISION NOT NULL DEFAULT 0,
    value_group TEXT NOT NULL DEFAULT '',
    value_score DOUBLE PRECISION NOT NULL DEFAULT 0,
    lifecycle TEXT NOT NULL DEFAULT '',
    observed_on DATE
);
CREATE UNIQUE INDEX customer_member_no_key ON customer (member_no) WHERE member_no <> '';
CREATE INDEX customer_owner ON customer (owner, id) WHERE owner <> '';
CREATE INDEX customer_trash ON customer (trashed_at, id) WHERE trashed_at IS NOT NULL;

-- Indexes that a big first import sets aside and builds again at its end: see `bulk_mode.rs`,
-- which must name every one of them.
CREATE INDEX customer_member_no ON customer (member_no, id);
CREATE INDEX customer_full_key ON customer (full_key, id);
CREATE INDEX customer_given_first_key ON customer (given_first_key);
CREATE INDEX customer_initials ON customer (initials);
CREATE INDEX customer_native_key ON customer (native_key);
CREATE INDEX customer_tier ON customer (tier, id);
CREATE INDEX customer_city ON customer (city, id);
CREATE INDEX customer_joined_on ON customer (joined_on, id);
CREATE INDEX customer_birthday ON customer (birthday, id);
CREATE INDEX customer_last_flight_on ON customer (last_flight_on, id);
CREATE INDEX customer_flights ON customer (flights, id);
CREATE INDEX customer_km ON customer (km, id);
CREATE INDEX customer_value_score ON customer (value_score, id);
CREATE INDEX customer_value_group ON customer (value_group, id);
CREATE INDEX customer_lifecycle ON customer (lifecycle, id);
CREATE INDEX customer_facets ON customer
    (value_group, tier, lifecycle, city, km, flights, last_flight_on, joined_on, trashed_at);

-- Other spellings a name is found by (ü, second readings of a surname); most names have none.
CREATE TABLE customer_also (
    key TEXT NOT NULL,
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    PRIMARY KEY (key, customer_id)
);
CREATE INDEX customer_also_customer ON customer_also (customer_id);

-- The dictionary behind typo tolerance: every surname and given name in use, once.
CREATE TABLE name_token (
    field TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (field, token)
);

CREATE TABLE customer_contact (
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    hash BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    masked TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (customer_id, kind, hash)
);
CREATE INDEX customer_contact_hash ON customer_contact (hash);

CREATE TABLE customer_document (
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    hash BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    masked TEXT NOT NULL,
    source TEXT NOT NULL,
    expires_on DATE,
    PRIMARY KEY (customer_id, kind, hash)
);
CREATE INDEX customer_document_hash ON customer_document (hash);

-- Immutable. `data` holds nothing that identifies a contact or a document: those are in `sealed`.
CREATE TABLE source_record (
    id UUID PRIMARY KEY,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    version BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    kind TEXT NOT NULL,
    import_id UUID,
    data JSONB NOT NULL,
    sealed BYTEA,
    recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX source_record_key ON source_record (source, source_key, version);
CREATE INDEX source_record_import ON source_record (import_id, id) WHERE import_id IS NOT NULL;

CREATE TABLE customer_link (
    source_record_id UUID NOT NULL REFERENCES source_record (id) ON DELETE CASCADE,
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    evidence TEXT NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL,
    unlinked_at TIMESTAMPTZ,
    PRIMARY KEY (source_record_id, customer_id)
);
CREATE INDEX customer_link_customer ON customer_link (customer_id, source_record_id);

-- Every change to a profile: who, which fields, what was there before (contacts stay sealed).
-- `batch_id` is the import or the bulk action it belongs to, for undo.
CREATE TABLE customer_change (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    batch_id UUID,
    fields JSONB NOT NULL,
    before JSONB NOT NULL
);
CREATE INDEX customer_change_customer ON customer_change (customer_id, at, id);
CREATE INDEX customer_change_batch ON customer_change (batch_id, id) WHERE batch_id IS NOT NULL;

CREATE TABLE customer_note (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    author_id UUID NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX customer_note_customer ON customer_note (customer_id, created_at, id);

CREATE TABLE customer_tag (
    tag TEXT NOT NULL,
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    added_by UUID NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    batch_id UUID,
    PRIMARY KEY (tag, customer_id)
);
CREATE INDEX customer_tag_customer ON customer_tag (customer_id);
CREATE INDEX customer_tag_batch ON customer_tag (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE customer_task (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    due_on DATE,
    assignee_id UUID,
    created_by UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ,
    done_by UUID,
    version BIGINT NOT NULL
);
CREATE INDEX customer_task_customer ON customer_task (customer_id, created_at, id);
CREATE INDEX customer_task_open ON customer_task (assignee_id, due_on) WHERE done_at IS NULL;

-- A bulk action over a selection or a whole filter: what was asked, how far it got, whether undone.
CREATE TABLE customer_bulk (
    id UUID PRIMARY KEY,
    action TEXT NOT NULL,
    args JSONB NOT NULL,
    selection JSONB NOT NULL,
    counted BIGINT NOT NULL,
    touched BIGINT NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    undone_at TIMESTAMPTZ
);
