-- Staff users, their sessions, API keys, the sign-in throttle and the audit trail.
-- Old rows: none, this is the first migration of this domain.

CREATE TABLE access_user (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles JSONB NOT NULL,
    preferences JSONB NOT NULL,
    password_hash TEXT NOT NULL,
    must_change BOOLEAN NOT NULL,
    totp_secret BYTEA,
    totp_pending BYTEA,
    totp_since TIMESTAMPTZ,
    totp_last_step BIGINT,
    disabled_at TIMESTAMPTZ,
    last_sign_in_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX access_user_name ON access_user (name, id);

CREATE TABLE access_recovery_code (
    user_id UUID NOT NULL REFERENCES access_user (id),
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE access_session (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES access_user (id),
    token_hash BYTEA NOT NULL UNIQUE,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX access_session_user ON access_session (user_id, created_at);
CREATE INDEX access_session_expiry ON access_session (expires_at);

-- Half a sign-in: the password was right, the second factor is still missing.
CREATE TABLE access_ticket (
    token_hash BYTEA PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES access_user (id),
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX access_ticket_expiry ON access_ticket (expires_at);

CREATE TABLE access_throttle (
    key BYTEA PRIMARY KEY,
    tries BIGINT NOT NULL,
    since TIMESTAMPTZ NOT NULL
);
CREATE INDEX access_throttle_since ON access_throttle (since);

CREATE TABLE access_api_key (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES access_user (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    secret_hash BYTEA NOT NULL,
    scopes JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX access_api_key_user ON access_api_key (user_id, created_at);

-- One chain: every row holds the hash of the row before it; the head says where the chain ends.
CREATE TABLE access_audit (
    seq BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID NOT NULL,
    actor_key UUID,
    actor_name TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    details JSONB NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX access_audit_actor ON access_audit (actor_id, seq);
CREATE INDEX access_audit_action ON access_audit (action, seq);
CREATE INDEX access_audit_target ON access_audit (target_kind, target_id, seq);
CREATE INDEX access_audit_at ON access_audit (at, seq);

CREATE TABLE access_audit_head (
    id BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

INSERT INTO access_audit_head (id, seq, hash) VALUES (1, 0, '');
