-- What customers have before them: bookings that are no segments yet, quick for customers with very
-- many trips. Old rows: none are changed.

CREATE INDEX flight_passenger_open ON flight_passenger (customer_id, at, id)
    WHERE outcome NOT IN ('flown', 'go-show', 'no-record', 'no-show', 'refunded', 'changed', 'moved');
