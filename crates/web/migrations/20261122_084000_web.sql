-- Saved views of lists, and which view each person opens first.
-- Old rows: none; these tables are new.

CREATE TABLE web_view (
    id         UUID PRIMARY KEY,
    list       TEXT NOT NULL,
    owner      UUID NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    shared     BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX web_view_list ON web_view (list, owner);

CREATE TABLE web_first_view (
    actor UUID NOT NULL,
    list  TEXT NOT NULL,
    view  TEXT NOT NULL,
    PRIMARY KEY (actor, list)
);
