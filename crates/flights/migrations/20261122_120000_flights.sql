-- What was flown: segments, activity summed up per member, activity per member and month; what each
-- row was before an import changed it (kept for the undo); which Parquet partitions are stale.
-- Old rows: none, these tables are new.
--
-- Every fact has a key that is unique within its source, the import that made it (created_import),
-- the import that wrote it last (import_id) and a fingerprint of its values, by which a fact that
-- is sent again is known to be unchanged.

CREATE TABLE flown_segment (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_import UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint BIGINT NOT NULL,
    flight_date DATE NOT NULL,
    departs_minute BIGINT,
    at TIMESTAMPTZ NOT NULL,
    carrier TEXT,
    flight_no TEXT,
    origin TEXT,
    destination TEXT,
    booking_class TEXT,
    cabin TEXT,
    km BIGINT NOT NULL,
    fare_minor BIGINT,
    currency TEXT,
    discount DOUBLE PRECISION,
    booked_on DATE,
    channel TEXT,
    outcome TEXT NOT NULL,
    record_locator TEXT,
    ticket_coupon TEXT,
    seat TEXT,
    party_size BIGINT,
    extras_minor BIGINT
);
CREATE UNIQUE INDEX flown_segment_key ON flown_segment (source, source_key);
CREATE INDEX flown_segment_customer ON flown_segment (customer_id, at, id);
CREATE INDEX flown_segment_date ON flown_segment (flight_date);
CREATE INDEX flown_segment_import ON flown_segment (created_import);

CREATE TABLE flown_segment_before (
    replaced_by UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_import UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint BIGINT NOT NULL,
    flight_date DATE NOT NULL,
    departs_minute BIGINT,
    at TIMESTAMPTZ NOT NULL,
    carrier TEXT,
    flight_no TEXT,
    origin TEXT,
    destination TEXT,
    booking_class TEXT,
    cabin TEXT,
    km BIGINT NOT NULL,
    fare_minor BIGINT,
    currency TEXT,
    discount DOUBLE PRECISION,
    booked_on DATE,
    channel TEXT,
    outcome TEXT NOT NULL,
    record_locator TEXT,
    ticket_coupon TEXT,
    seat TEXT,
    party_size BIGINT,
    extras_minor BIGINT,
    PRIMARY KEY (replaced_by, id)
);

CREATE TABLE activity_summary (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_import UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint BIGINT NOT NULL,
    observed_on DATE NOT NULL,
    joined_on DATE,
    tenure_days BIGINT,
    first_flight_on DATE,
    last_flight_on DATE,
    last_flight_days BIGINT,
    flights BIGINT NOT NULL,
    km BIGINT NOT NULL,
    coefficient DOUBLE PRECISION,
    fare_year_1 BIGINT,
    fare_year_2 BIGINT,
    points BIGINT,
    exchanges BIGINT,
    kept_verdict BOOLEAN
);
CREATE UNIQUE INDEX activity_summary_key ON activity_summary (source, source_key);
CREATE INDEX activity_summary_customer ON activity_summary (customer_id, observed_on);
CREATE INDEX activity_summary_import ON activity_summary (created_import);

CREATE TABLE activity_summary_before (
    replaced_by UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_import UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint BIGINT NOT NULL,
    observed_on DATE NOT NULL,
    joined_on DATE,
    tenure_days BIGINT,
    first_flight_on DATE,
    last_flight_on DATE,
    last_flight_days BIGINT,
    flights BIGINT NOT NULL,
    km BIGINT NOT NULL,
    coefficient DOUBLE PRECISION,
    fare_year_1 BIGINT,
    fare_year_2 BIGINT,
    points BIGINT,
    exchanges BIGINT,
    kept_verdict BOOLEAN,
    PRIMARY KEY (replaced_by, id)
);

CREATE TABLE activity_month (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_import UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint BIGINT NOT NULL,
    month DATE NOT NULL,
    flights BIGINT NOT NULL,
    km BIGINT NOT NULL,
    points_earned DOUBLE PRECISION NOT NULL,
    points_redeemed DOUBLE PRECISION NOT NULL,
    redeemed_minor BIGINT
);
CREATE UNIQUE INDEX activity_month_key ON activity_month (source, source_key);
CREATE INDEX activity_month_customer ON activity_month (customer_id, month);
CREATE INDEX activity_month_import ON activity_month (created_import);

CREATE TABLE activity_month_before (
    replaced_by UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_import UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint BIGINT NOT NULL,
    month DATE NOT NULL,
    flights BIGINT NOT NULL,
    km BIGINT NOT NULL,
    points_earned DOUBLE PRECISION NOT NULL,
    points_redeemed DOUBLE PRECISION NOT NULL,
    redeemed_minor BIGINT,
    PRIMARY KEY (replaced_by, id)
);

CREATE TABLE lake_partition (
    table_name TEXT NOT NULL,
    month TEXT NOT NULL,
    version BIGINT NOT NULL,
    written_version BIGINT NOT NULL,
    PRIMARY KEY (table_name, month)
);
