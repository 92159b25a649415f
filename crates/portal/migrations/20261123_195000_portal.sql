-- Members' way into their own pages: passwords, one-time activation codes, sessions. Old rows: none.
-- Members are no staff: nothing here opens a page of the console, and no session of the console
-- opens a page of the portal.

CREATE TABLE portal_login (
    member_id UUID PRIMARY KEY,
    password_hash TEXT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    last_sign_in_at TIMESTAMPTZ
);

-- One a member: a new code takes the place of the one before. `code_hash` is keyed.
CREATE TABLE portal_invitation (
    member_id UUID PRIMARY KEY,
    code_hash BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    made_by UUID NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE portal_session (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX portal_session_token ON portal_session (token_hash);
CREATE INDEX portal_session_member ON portal_session (member_id, last_seen_at);
CREATE INDEX portal_session_end ON portal_session (expires_at);
