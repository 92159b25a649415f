-- Gradings of what was made of simulated days, newest first in lists. `grade` is the whole result.
-- Old rows: none, this table is new.

CREATE TABLE grade_run (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    mentions BIGINT NOT NULL,
    f1 DOUBLE PRECISION NOT NULL,
    false_merges DOUBLE PRECISION NOT NULL,
    outcomes_right DOUBLE PRECISION NOT NULL,
    grade JSONB NOT NULL
);
CREATE INDEX grade_run_at ON grade_run (at, id);
