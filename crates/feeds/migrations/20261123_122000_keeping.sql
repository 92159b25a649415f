-- What of a message is cut off, which messages are being tried, how long texts are kept, and what
-- an erased person leaves.
-- Old rows: none is known to be cut off, and all texts are still there.

-- A part without its end: its whole copy takes its place.
ALTER TABLE feed_message ADD COLUMN is_cut BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE feed_list ADD COLUMN cut JSONB NOT NULL DEFAULT '[]';

-- The text was removed after the time for which it is kept.
ALTER TABLE feed_message ADD COLUMN text_gone BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX feed_message_text ON feed_message (settled_at)
    WHERE text_gone = FALSE AND settled_at IS NOT NULL;

-- Messages of pages under way. A page that ends takes its rows along: those left behind were under
-- way when a process died. `times` counts how often one was tried alone after that.
CREATE TABLE feed_trying (
    message_id UUID PRIMARY KEY,
    times BIGINT NOT NULL
);

CREATE INDEX web_known_customer ON web_known (customer_id);
