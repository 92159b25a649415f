-- What a member of staff is told: their job ended, somebody gave them a task. New table; old rows: none.
CREATE TABLE access_notice (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES access_user (id) ON DELETE CASCADE,
    -- What it comes from. The same thing is told once, however often it is heard of.
    source UUID NOT NULL,
    kind TEXT NOT NULL,
    args JSONB NOT NULL,
    href TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX access_notice_source ON access_notice (user_id, source);
CREATE INDEX access_notice_newest ON access_notice (user_id, created_at, id);
CREATE INDEX access_notice_unread ON access_notice (user_id) WHERE read_at IS NULL;
