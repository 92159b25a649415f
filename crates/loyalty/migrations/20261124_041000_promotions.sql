-- Who registered for which promotion, and what a promotion was measured to have done. Old rows: none;
-- nobody could register before.

-- `kind` is that of whoever registered the member (`member`: in the portal), `actor_id` who it was.
-- Added to only: a registration is not withdrawn.
CREATE TABLE loyalty_registration (
    member_id UUID NOT NULL REFERENCES loyalty_member (id),
    promotion TEXT NOT NULL,
    programme TEXT NOT NULL,
    registered_at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    actor_id UUID NOT NULL,
    PRIMARY KEY (member_id, promotion)
);
CREATE INDEX loyalty_registration_promotion ON loyalty_registration (programme, promotion, member_id);

-- Worked out by the job `loyalty.promotions`; holds no member.
CREATE TABLE loyalty_promotion_effect (
    programme TEXT NOT NULL,
    promotion TEXT NOT NULL,
    worked_out_at TIMESTAMPTZ NOT NULL,
    result JSONB NOT NULL,
    PRIMARY KEY (programme, promotion)
);
