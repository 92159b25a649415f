-- Whose a source record is now, for the domains whose facts hang on records. Old rows: none are changed.

CREATE VIEW record_owner AS
SELECT source_record_id AS record_id, customer_id, linked_at
FROM customer_link WHERE unlinked_at IS NULL;
