-- One flight of one person may be told by a file (an import of history) and by messages. Both rows
-- stay, because both were said and an import may be undone; the file's row is the one that counts.
-- The day is compared in a way that leaves the index of days alone: a customer has few segments, a
-- day has many.
-- Old rows: none are changed; months in which both exist are written anew for the analysis.

CREATE VIEW counted_segment AS
SELECT s.* FROM flown_segment s
WHERE s.source <> 'flights' OR NOT EXISTS (
    SELECT 1 FROM flown_segment f
    WHERE f.customer_id = s.customer_id AND f.source <> 'flights'
        AND COALESCE(f.flight_date, s.flight_date) = s.flight_date
        AND f.origin = s.origin AND f.destination = s.destination
        AND COALESCE(f.flight_no, '') IN ('', s.flight_no, s.carrier || s.flight_no)
);

UPDATE lake_partition SET version = version + 1
WHERE table_name = 'segments' AND month IN (
    SELECT DISTINCT substr(CAST(s.flight_date AS TEXT), 1, 7) FROM flown_segment s
    WHERE s.source = 'flights' AND NOT EXISTS (
        SELECT 1 FROM counted_segment c WHERE c.id = s.id));
