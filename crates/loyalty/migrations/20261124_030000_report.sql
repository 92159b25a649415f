-- What a programme owed on a day (`liability/kept.rs`): the sums of its books, read once a night.
-- Old rows: none; the first report is made by the next night, or when asked for.

CREATE TABLE loyalty_report (
    programme TEXT NOT NULL,
    day DATE NOT NULL,
    content JSONB NOT NULL,
    PRIMARY KEY (programme, day)
);
