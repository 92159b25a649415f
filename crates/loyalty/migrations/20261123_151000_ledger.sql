-- The miles ledger: accounts, transfers between two of them, and what is cached beside the transfers.
-- `ledger_transfer` and `ledger_lot_use` are only ever added to. `ledger_account`, `ledger_hold` and
-- `ledger_lot` are kept up in the transaction that adds, and can be worked out anew from them.
-- Old rows: none, this is the first migration of the domain.

-- `owner_id` is the member; NULL for an account of the programme itself, whose `role` and `name` say
-- which. `next_expiry` is the earliest last day of a lot with miles left, 9999-12-31 without one.
CREATE TABLE ledger_account (
    id UUID PRIMARY KEY,
    owner_id UUID,
    programme TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    balance BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    next_expiry DATE NOT NULL
);
CREATE UNIQUE INDEX ledger_account_owner ON ledger_account (owner_id, programme, unit)
    WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_account_role ON ledger_account (programme, unit, role, name)
    WHERE owner_id IS NULL;
CREATE INDEX ledger_account_expiry ON ledger_account (next_expiry, id)
    WHERE next_expiry < '9999-12-31';

-- `*_seq` counts the transfers of a member's account, `*_after` is its balance afterwards; NULL for
-- accounts of the programme. `about_id` is the hold, the original or the expired lot; `target_id`
-- the account a hold is for.
CREATE TABLE ledger_transfer (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    debit_id UUID NOT NULL,
    credit_id UUID NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    effective_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    about_id UUID,
    target_id UUID,
    expires_on DATE,
    due_at TIMESTAMPTZ,
    at_due TEXT,
    reference TEXT NOT NULL,
    explanation JSONB NOT NULL,
    debit_seq BIGINT,
    debit_after BIGINT,
    credit_seq BIGINT,
    credit_after BIGINT
);
CREATE UNIQUE INDEX ledger_transfer_debit ON ledger_transfer (debit_id, debit_seq)
    WHERE debit_seq IS NOT NULL;
CREATE UNIQUE INDEX ledger_transfer_credit ON ledger_transfer (credit_id, credit_seq)
    WHERE credit_seq IS NOT NULL;
CREATE INDEX ledger_transfer_about ON ledger_transfer (about_id) WHERE about_id IS NOT NULL;
CREATE INDEX ledger_transfer_target ON ledger_transfer (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX ledger_transfer_reference ON ledger_transfer (reference) WHERE reference <> '';

-- What of a hold went on, what came back, and how much in all went back to the lots it was taken from.
CREATE TABLE ledger_hold (
    id UUID PRIMARY KEY,
    amount BIGINT NOT NULL,
    settled BIGINT NOT NULL,
    released BIGINT NOT NULL,
    restored BIGINT NOT NULL,
    due_at TIMESTAMPTZ,
    is_open BOOLEAN NOT NULL
);
CREATE INDEX ledger_hold_due ON ledger_hold (due_at, id) WHERE is_open AND due_at IS NOT NULL;

-- Named after the transfer that brought it. `expired` is what went to breakage.
CREATE TABLE ledger_lot (
    id UUID PRIMARY KEY,
    account_id UUID NOT NULL,
    expires_on DATE NOT NULL,
    effective_at TIMESTAMPTZ NOT NULL,
    amount BIGINT NOT NULL,
    remaining BIGINT NOT NULL CHECK (remaining >= 0),
    expired BIGINT NOT NULL
);
CREATE INDEX ledger_lot_open ON ledger_lot (account_id, expires_on) WHERE remaining > 0;

-- What a transfer took out of a lot; below zero where it put back.
CREATE TABLE ledger_lot_use (
    transfer_id UUID NOT NULL,
    lot_id UUID NOT NULL,
    account_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (transfer_id, lot_id)
);
