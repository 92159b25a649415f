-- When a member's tier is next looked at, unless something is counted before: the nightly run takes
-- up those whose day has come. Old rows: NULL, so everybody is looked at once.
ALTER TABLE loyalty_evaluation ADD COLUMN next_on DATE;
