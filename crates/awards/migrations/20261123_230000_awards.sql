-- What miles buy: things with their stock, redemptions with their history, vouchers. Old rows: none.

-- A thing of the rules' shop as it is offered. `stocked` is all that was ever put in, NULL without
-- limit; what is neither reserved nor issued is left.
CREATE TABLE award_item (
    programme TEXT NOT NULL,
    sku TEXT NOT NULL,
    form TEXT NOT NULL,
    partner TEXT NOT NULL,
    scope TEXT NOT NULL,
    voucher_days BIGINT NOT NULL,
    is_transferable BOOLEAN NOT NULL,
    is_offered BOOLEAN NOT NULL,
    last_day DATE,
    stocked BIGINT,
    reserved BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (programme, sku),
    CHECK (reserved >= 0 AND issued >= 0 AND (stocked IS NULL OR stocked >= reserved + issued))
);

-- What was put into stock and taken out by hand. Only added to.
CREATE TABLE award_stock (
    id UUID PRIMARY KEY,
    programme TEXT NOT NULL,
    sku TEXT NOT NULL,
    change BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID NOT NULL
);
CREATE INDEX award_stock_item ON award_stock (programme, sku, at);

-- `hash` is of what was asked for: the same id with another content is told apart. `departs_at` is
-- the departure of the flight, from which the fee of taking back is counted.
CREATE TABLE award_redemption (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    programme TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    wish JSONB NOT NULL,
    nominee_id UUID,
    sku TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    miles BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    priced JSONB NOT NULL,
    hash BYTEA NOT NULL,
    departs_at TIMESTAMPTZ,
    made_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    review_id UUID,
    goes_on BOOLEAN NOT NULL,
    reference TEXT NOT NULL,
    payment TEXT NOT NULL,
    settled_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    fee_miles BIGINT NOT NULL,
    fee_minor BIGINT NOT NULL,
    fee_row TEXT NOT NULL
);
CREATE INDEX award_redemption_member ON award_redemption (member_id, made_at, id);
CREATE INDEX award_redemption_made ON award_redemption (made_at, id);
CREATE INDEX award_redemption_due ON award_redemption (due_at, id) WHERE state IN ('held', 'review');
CREATE INDEX award_redemption_item ON award_redemption (programme, sku) WHERE sku <> '';

-- Each account of the member that pays: the hold, what settled it, and what gave it back.
CREATE TABLE award_hold (
    redemption_id UUID NOT NULL REFERENCES award_redemption (id),
    place BIGINT NOT NULL,
    hold_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    settle_id UUID,
    back_id UUID,
    PRIMARY KEY (redemption_id, place)
);

-- What became of a redemption, by whom. Only added to.
CREATE TABLE award_step (
    redemption_id UUID NOT NULL REFERENCES award_redemption (id),
    seq BIGINT NOT NULL,
    step TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID NOT NULL,
    actor_kind TEXT NOT NULL,
    detail JSONB NOT NULL,
    PRIMARY KEY (redemption_id, seq)
);

-- A voucher is found by the keyed hash of its code; the code itself is sealed, and gone when the
-- person is erased. `use_id` is the caller's.
CREATE TABLE award_voucher (
    id UUID PRIMARY KEY,
    redemption_id UUID NOT NULL REFERENCES award_redemption (id),
    member_id UUID NOT NULL,
    programme TEXT NOT NULL,
    sku TEXT NOT NULL,
    scope TEXT NOT NULL,
    place BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    sealed BYTEA,
    state TEXT NOT NULL,
    is_transferable BOOLEAN NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    last_day DATE NOT NULL,
    use_id UUID,
    used_at TIMESTAMPTZ,
    used_by UUID,
    used_where TEXT NOT NULL
);
CREATE UNIQUE INDEX award_voucher_hash ON award_voucher (hash);
CREATE UNIQUE INDEX award_voucher_use ON award_voucher (use_id) WHERE use_id IS NOT NULL;
CREATE UNIQUE INDEX award_voucher_place ON award_voucher (redemption_id, place);
CREATE INDEX award_voucher_member ON award_voucher (member_id, issued_at, id);
