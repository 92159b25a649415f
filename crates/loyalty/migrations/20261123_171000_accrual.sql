-- Versions of the rules, what flights earned by them, and the tiers that follow. Old rows: members
-- enrolled before have no account of lifetime distance; it is opened with what they earn next.

-- What is approved is never written again. `version` is that of the document.
CREATE TABLE loyalty_programme (
    id UUID PRIMARY KEY,
    programme TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    valid_from DATE NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    note TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ,
    proposed_by UUID,
    decided_at TIMESTAMPTZ,
    decided_by UUID,
    decided_note TEXT NOT NULL
);
CREATE UNIQUE INDEX loyalty_programme_version ON loyalty_programme (programme, version);
CREATE INDEX loyalty_programme_day ON loyalty_programme (programme, valid_from)
    WHERE state = 'approved';

-- What was derived last from a segment. `postings` are the transfers that stand for it, with what is
-- left of each; `accrued` is the arithmetic, or the reason for nothing. `since` is the day its first
-- posting came into the account.
CREATE TABLE loyalty_accrual (
    key TEXT PRIMARY KEY,
    revision BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    member_id UUID,
    programme TEXT NOT NULL,
    version BIGINT,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    flight_date DATE,
    since DATE,
    is_first BOOLEAN NOT NULL,
    postings JSONB NOT NULL,
    accrued JSONB NOT NULL,
    derived_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX loyalty_accrual_member ON loyalty_accrual (member_id, flight_date)
    WHERE member_id IS NOT NULL;
CREATE INDEX loyalty_accrual_first ON loyalty_accrual (member_id) WHERE is_first;

-- What counts towards tiers: added to only; corrections are rows of the day they came.
CREATE TABLE loyalty_activity (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    key TEXT NOT NULL,
    flown_on DATE NOT NULL,
    posted_on DATE NOT NULL,
    distance BIGINT NOT NULL,
    segments BIGINT NOT NULL,
    spend BIGINT NOT NULL,
    lifetime BIGINT NOT NULL
);
CREATE INDEX loyalty_activity_member ON loyalty_activity (member_id, flown_on);

-- What promotions gave: to each member, and under the nil id to everybody.
CREATE TABLE loyalty_promotion_use (
    programme TEXT NOT NULL,
    promotion TEXT NOT NULL,
    member_id UUID NOT NULL,
    miles BIGINT NOT NULL,
    PRIMARY KEY (programme, promotion, member_id)
);
CREATE INDEX loyalty_promotion_use_member ON loyalty_promotion_use (member_id);

-- Miles that a correction did not take back because the member had spent them: written off, or to be
-- invoiced at `minor` minor units of the programme's currency.
CREATE TABLE loyalty_clawback (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    policy TEXT NOT NULL,
    miles BIGINT NOT NULL,
    minor BIGINT,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX loyalty_clawback_member ON loyalty_clawback (member_id, at);

-- Tiers are decided up to and with this day.
CREATE TABLE loyalty_evaluation (
    member_id UUID PRIMARY KEY,
    evaluated_to DATE NOT NULL
);
