-- People who work in the office.
CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    -- Normalised and in lower case: one address is one person.
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    -- core::access::StaffRole
    role TEXT NOT NULL,
    -- active | disabled
    state TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    -- The second factor: the shared secret of RFC 6238, none before it is enrolled.
    totp_secret BYTES,
    -- The last time step whose code was accepted: no code is taken twice.
    totp_last_step INT64 NOT NULL,
    -- Wrong codes in a row.
    failed_codes INT64 NOT NULL,
    locked_until_ms INT64,
    -- 1: single-key shortcuts of the office are on.
    single_keys INT64 NOT NULL
) STRICT;
CREATE UNIQUE INDEX staff_email ON staff (email);

-- One-time codes for the day the device of the second factor is lost. Random bits, kept as SHA-256 in hex.
CREATE TABLE recovery_code (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    code_hash TEXT NOT NULL,
    used_at_ms INT64,
    PRIMARY KEY (staff_id, code_hash)
) STRICT;

-- A one-time link. The id is the SHA-256 of its token in hex, so the database cannot open the link.
CREATE TABLE sign_in_link (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- mail: asked for on the page | command: printed by the command line
    kind TEXT NOT NULL,
    -- The page of the office that was asked for.
    goes_to TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    expires_at_ms INT64 NOT NULL,
    used_at_ms INT64
) STRICT;
CREATE INDEX sign_in_link_staff ON sign_in_link (staff_id, created_at_ms);
CREATE INDEX sign_in_link_expiry ON sign_in_link (expires_at_ms);

-- A browser that is signed in, or on its way. The id is the SHA-256 of the cookie in hex.
CREATE TABLE staff_session (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- link: the second factor is still missing | full
    stage TEXT NOT NULL,
    goes_to TEXT NOT NULL,
    -- What the browser calls itself, shortened, so that a person knows her own.
    browser TEXT NOT NULL,
    -- A secret of the second factor while it is being enrolled.
    enrolling BYTES,
    created_at_ms INT64 NOT NULL,
    seen_at_ms INT64 NOT NULL,
    expires_at_ms INT64 NOT NULL
) STRICT;
CREATE INDEX staff_session_staff ON staff_session (staff_id, created_at_ms);
CREATE INDEX staff_session_expiry ON staff_session (expires_at_ms);

-- What another system signs in with. The id is for people and the log; the token is kept as SHA-256 in hex.
CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Words of core::access::Action separated by spaces; empty for everything the role may do.
    scopes TEXT NOT NULL,
    -- Who made it: an id of staff, or command.
    created_by TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    expires_at_ms INT64 NOT NULL,
    last_used_at_ms INT64,
    revoked_at_ms INT64
) STRICT;
CREATE UNIQUE INDEX api_token_hash ON api_token (token_hash);
