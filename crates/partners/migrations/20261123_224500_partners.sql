-- Claims of missing miles; partners with their rates and prices; their files with each row's
-- outcome; statements as invoices.
-- Old rows: none, these tables are new.
--
-- Names, tickets and locators of a claim are emptied when the person is erased. `segment` is what
-- accrual knows the flight by; a flight is given by one claim only. '' stands for "not told".

CREATE TABLE retro_claim (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    programme TEXT NOT NULL,
    channel TEXT NOT NULL,
    made_by UUID,
    claimed_at TIMESTAMPTZ NOT NULL,
    carrier TEXT NOT NULL,
    flight_no TEXT NOT NULL,
    flight_date DATE NOT NULL,
    origin TEXT NOT NULL,
    destination TEXT NOT NULL,
    booking_class TEXT NOT NULL,
    ticket TEXT NOT NULL,
    locator TEXT NOT NULL,
    seat TEXT NOT NULL,
    by_pass BOOLEAN NOT NULL,
    name_native TEXT NOT NULL,
    surname TEXT NOT NULL,
    given TEXT NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    detail JSONB NOT NULL,
    segment TEXT NOT NULL,
    miles BIGINT,
    judged_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX retro_claim_once ON retro_claim
    (member_id, carrier, flight_no, flight_date, origin)
    WHERE state IN ('waiting', 'review', 'accepted', 'credited');
CREATE UNIQUE INDEX retro_claim_segment ON retro_claim (segment)
    WHERE segment <> '' AND state IN ('accepted', 'credited');
CREATE INDEX retro_claim_member ON retro_claim (member_id, claimed_at);
CREATE INDEX retro_claim_due ON retro_claim (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX retro_claim_at ON retro_claim (claimed_at, id);
CREATE INDEX retro_claim_state ON retro_claim (state, claimed_at, id);

CREATE TABLE retro_claim_event (
    id UUID PRIMARY KEY,
    claim_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    detail JSONB NOT NULL
);
CREATE INDEX retro_claim_event_claim ON retro_claim_event (claim_id, at, id);

CREATE TABLE partner (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL,
    programme TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    kinds JSONB NOT NULL,
    currency TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    window_days BIGINT NOT NULL,
    shortfall TEXT NOT NULL,
    account_id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID NOT NULL
);
CREATE UNIQUE INDEX partner_code ON partner (code);

CREATE TABLE partner_rate (
    partner_id UUID NOT NULL,
    kind TEXT NOT NULL,
    valid_from DATE NOT NULL,
    per TEXT NOT NULL,
    milli BIGINT NOT NULL,
    most BIGINT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner_id, kind, valid_from)
);

CREATE TABLE partner_price (
    partner_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    sell_minor BIGINT NOT NULL,
    buy_minor BIGINT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner_id, valid_from)
);

CREATE TABLE partner_file (
    id UUID PRIMARY KEY,
    partner_id UUID NOT NULL,
    name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    status TEXT NOT NULL,
    batch TEXT NOT NULL,
    made_on DATE,
    rows_total BIGINT NOT NULL,
    base_total BIGINT NOT NULL,
    bonus_total BIGINT NOT NULL,
    fault JSONB NOT NULL,
    rows_done BIGINT NOT NULL DEFAULT 0,
    posted BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    waiting BIGINT NOT NULL DEFAULT 0,
    issued BIGINT NOT NULL DEFAULT 0,
    reversed BIGINT NOT NULL DEFAULT 0,
    redeemed BIGINT NOT NULL DEFAULT 0,
    at_byte BIGINT NOT NULL DEFAULT 0,
    received_at TIMESTAMPTZ NOT NULL,
    received_by UUID NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX partner_file_batch ON partner_file (partner_id, batch)
    WHERE status <> 'refused';
CREATE INDEX partner_file_at ON partner_file (partner_id, received_at, id);

-- One row per row of a file that was taken. `is_live`: its miles stand, its reference and flight
-- are used up. `month` is that of the ledger's own recording, where the books are kept.
CREATE TABLE partner_activity (
    id UUID PRIMARY KEY,
    partner_id UUID NOT NULL,
    file_id UUID NOT NULL,
    row_no BIGINT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    same_key TEXT NOT NULL,
    original TEXT NOT NULL,
    undoes TEXT NOT NULL,
    member_no TEXT NOT NULL,
    member_id UUID,
    happened_on DATE,
    miles BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    expected BIGINT,
    transfer_id UUID,
    month TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    is_live BOOLEAN NOT NULL,
    settled_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX partner_activity_row ON partner_activity (file_id, row_no);
CREATE UNIQUE INDEX partner_activity_same ON partner_activity (partner_id, same_key)
    WHERE is_live;
CREATE UNIQUE INDEX partner_activity_reference ON partner_activity (partner_id, reference)
    WHERE outcome = 'posted';
CREATE UNIQUE INDEX partner_activity_original ON partner_activity (partner_id, original)
    WHERE original <> '' AND outcome IN ('posted', 'waiting');
CREATE INDEX partner_activity_month ON partner_activity (partner_id, month, id)
    WHERE outcome = 'posted';
CREATE INDEX partner_activity_member ON partner_activity (member_id) WHERE member_id IS NOT NULL;

-- Numbers without gaps: the last one given in a year.
CREATE TABLE partner_invoice_series (
    year BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- Added to only.
CREATE TABLE partner_invoice (
    id UUID PRIMARY KEY,
    number TEXT NOT NULL,
    partner_id UUID NOT NULL,
    month TEXT NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    issued_by UUID NOT NULL,
    total_minor BIGINT NOT NULL,
    document JSONB NOT NULL,
    sha256 TEXT NOT NULL
);
CREATE UNIQUE INDEX partner_invoice_number ON partner_invoice (number);
CREATE UNIQUE INDEX partner_invoice_month ON partner_invoice (partner_id, month);
