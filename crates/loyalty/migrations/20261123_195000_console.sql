-- What the list of members sorts and filters by, and the words of proposals. Old rows: tiers of today
-- are worked out by the next `loyalty.tiers`, which runs when the program starts; proposals have no words.

CREATE INDEX loyalty_member_enrolled ON loyalty_member (enrolled_at, id);
CREATE INDEX loyalty_member_number ON loyalty_member (member_no, id);

-- The tier that counts today, worked out from `loyalty_tier`. `valid_to` is NULL for life; `look_on`
-- is the day on which it may be another.
CREATE TABLE loyalty_tier_now (
    member_id UUID PRIMARY KEY,
    tier TEXT NOT NULL,
    rank BIGINT NOT NULL,
    valid_to DATE,
    look_on DATE NOT NULL
);
CREATE INDEX loyalty_tier_now_tier ON loyalty_tier_now (tier, member_id);
CREATE INDEX loyalty_tier_now_end ON loyalty_tier_now (valid_to) WHERE valid_to IS NOT NULL;
CREATE INDEX loyalty_tier_now_look ON loyalty_tier_now (look_on, member_id);
INSERT INTO loyalty_tier_now (member_id, tier, rank, valid_to, look_on)
    SELECT member_id, '', 0, NULL, '1970-01-01' FROM loyalty_tier GROUP BY member_id;

ALTER TABLE loyalty_proposal ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE loyalty_proposal ADD COLUMN decided_note TEXT NOT NULL DEFAULT '';
