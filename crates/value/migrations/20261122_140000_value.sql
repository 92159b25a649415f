-- Value: runs and weighted schemes. Members' results are Parquet files beside the database.
-- Old rows: none, these tables are new.

CREATE TABLE value_run (
    id UUID PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL,
    owner UUID,
    status TEXT NOT NULL,
    params JSONB NOT NULL,
    report JSONB,
    choose_k JSONB,
    published_at TIMESTAMPTZ
);
CREATE INDEX value_run_published ON value_run (published_at) WHERE status = 'published';

CREATE TABLE value_scheme (
    id UUID PRIMARY KEY,
    subject TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    standard BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX value_scheme_standard ON value_scheme (subject) WHERE standard;

CREATE TABLE value_scheme_version (
    scheme_id UUID NOT NULL REFERENCES value_scheme (id),
    version BIGINT NOT NULL,
    weights JSONB NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID,
    PRIMARY KEY (scheme_id, version)
);
