-- Sources fetched from SFTP servers and mailboxes: what they sign in with, sealed, and how far a
-- mailbox has been read. Old rows: none of them is fetched. A title was never set by anybody.

ALTER TABLE feed_source ADD COLUMN secret BYTEA;
ALTER TABLE feed_source ADD COLUMN bookmark JSONB;
ALTER TABLE feed_source DROP COLUMN title;
