-- Uses of benefits, what was chosen at milestones, and goodwill. Old rows: none.
--
-- All three are added to only. What is taken back is another row that names the first (`about`); the
-- id of every row is the caller's.

-- `change` is how many were used; below zero in a row that takes a use back, which has the first's
-- benefit, day, flight and grant. `is_counted`: it had an allowance when it was used. `flight` is
-- `JB831/2026-12-01/PVG`, or '' for a use without one. `basis` is tier, chosen or goodwill.
CREATE TABLE benefit_use (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    benefit TEXT NOT NULL,
    version BIGINT NOT NULL,
    change BIGINT NOT NULL,
    companions BIGINT NOT NULL,
    is_counted BOOLEAN NOT NULL,
    basis TEXT NOT NULL,
    grant_id UUID,
    used_on DATE NOT NULL,
    flight TEXT NOT NULL,
    place TEXT NOT NULL,
    note TEXT NOT NULL,
    about UUID,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_as TEXT NOT NULL
);
CREATE UNIQUE INDEX benefit_use_about ON benefit_use (about) WHERE about IS NOT NULL;
CREATE INDEX benefit_use_member ON benefit_use (member_id, recorded_at, id);
CREATE INDEX benefit_use_counted ON benefit_use (member_id, used_on) WHERE is_counted;
CREATE INDEX benefit_use_grant ON benefit_use (grant_id) WHERE grant_id IS NOT NULL;

-- What was chosen at a milestone reached in the period that began on `period_from`.
CREATE TABLE benefit_choice (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    milestone TEXT NOT NULL,
    period_from DATE NOT NULL,
    benefit TEXT NOT NULL,
    version BIGINT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    about UUID,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_as TEXT NOT NULL
);
CREATE UNIQUE INDEX benefit_choice_about ON benefit_choice (about) WHERE about IS NOT NULL;
CREATE INDEX benefit_choice_member ON benefit_choice (member_id, valid_to);

-- Goodwill: so many uses more, or uses of what the tier does not have, until a day.
CREATE TABLE benefit_grant (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    benefit TEXT NOT NULL,
    count BIGINT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    about UUID,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL
);
CREATE UNIQUE INDEX benefit_grant_about ON benefit_grant (about) WHERE about IS NOT NULL;
CREATE INDEX benefit_grant_member ON benefit_grant (member_id, valid_to);

-- Written by whoever adds a row about a member: two who would use the last one wait for each other.
CREATE TABLE benefit_member (
    member_id UUID PRIMARY KEY,
    steps BIGINT NOT NULL
);
