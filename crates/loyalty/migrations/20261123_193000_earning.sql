-- Customers whose segments are to be looked at: added to by whoever changes something, taken away
-- when looked at. Old rows: everybody who is a member, so that what was flown before is earned.

CREATE TABLE loyalty_due (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL,
    due_at TIMESTAMPTZ NOT NULL
);

INSERT INTO loyalty_due (id, customer_id, due_at)
    SELECT id, customer_id, enrolled_at FROM loyalty_member WHERE customer_id IS NOT NULL;
