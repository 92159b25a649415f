-- Imports of files: what came, how it was read, how far it got, what was wrong with it; and the
-- mappings people saved.
-- Old rows: none, these tables are new.

CREATE TABLE feed_import (
    id UUID PRIMARY KEY,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    file_path TEXT,
    file_gone BOOLEAN NOT NULL,
    sha256 TEXT,
    shape JSONB,
    columns JSONB NOT NULL,
    rows_total BIGINT,
    rows_exact BOOLEAN NOT NULL,
    mapping_name TEXT NOT NULL,
    mapping JSONB,
    policy TEXT NOT NULL,
    owner UUID NOT NULL,
    owner_name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    reverted_at TIMESTAMPTZ,
    rows_done BIGINT NOT NULL,
    runner UUID,
    counts JSONB NOT NULL,
    reasons JSONB NOT NULL,
    speed JSONB NOT NULL,
    times JSONB NOT NULL,
    checked JSONB,
    failure JSONB,
    job_id UUID,
    undone BIGINT NOT NULL,
    undo_kept BIGINT NOT NULL
);
CREATE INDEX feed_import_recent ON feed_import (created_at, id);
CREATE INDEX feed_import_sha ON feed_import (sha256);

CREATE TABLE feed_import_issue (
    import_id UUID NOT NULL,
    phase TEXT NOT NULL,
    n BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    args JSONB NOT NULL,
    PRIMARY KEY (import_id, phase, n)
);

CREATE TABLE feed_mapping (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    header_key TEXT NOT NULL,
    mapping JSONB NOT NULL,
    version BIGINT NOT NULL,
    saved_by UUID NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX feed_mapping_header ON feed_mapping (header_key, saved_at);
