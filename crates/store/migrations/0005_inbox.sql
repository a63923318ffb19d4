-- When a mail was cancelled before it left, or came back undelivered. States of the outbox are from here on:
-- queued | sending | sent | failed | cancelled | bounced
ALTER TABLE outbox ADD COLUMN ended_at_ms INT64;

-- The first mail of which this one is a copy, sent again by hand.
ALTER TABLE outbox ADD COLUMN resend_of TEXT;
CREATE INDEX outbox_resend ON outbox (resend_of);
-- Who sent the copy, and why.
ALTER TABLE outbox ADD COLUMN resent_by TEXT;
ALTER TABLE outbox ADD COLUMN resend_reason TEXT;
-- Who cancelled it by hand; none when what caused it was undone.
ALTER TABLE outbox ADD COLUMN cancelled_by TEXT;
-- The list of all mails, the newest first.
CREATE INDEX outbox_created ON outbox (created_at_ms, id);

-- Mails that came in, read from the folder of the inbox.
CREATE TABLE inbox_message (
    id TEXT NOT NULL PRIMARY KEY,
    -- The case it belongs to; none while nobody knows.
    application_id TEXT REFERENCES application (id),
    -- reply | bounce | auto_reply | unmatched
    kind TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- What a person reads, cut off at a bound; HTML is turned into text.
    text TEXT NOT NULL,
    -- JSON array of {"name", "bytes"}: listed, never opened.
    attachments TEXT NOT NULL,
    -- RFC 5322 as it came, cut off at a bound.
    raw BYTES NOT NULL,
    -- 1 when `raw` is only the beginning.
    raw_is_cut INT64 NOT NULL,
    -- The mail of ours that it answers or returns.
    outbox_id TEXT REFERENCES outbox (id),
    -- Its own Message-ID; empty when it has none.
    message_id TEXT NOT NULL,
    -- SHA-256 of Message-ID and body in hex: what is read or delivered twice is stored once, and a stranger who repeats a Message-ID
    -- hides nothing.
    once TEXT NOT NULL,
    received_at_ms INT64 NOT NULL,
    -- open | assigned | set_aside
    state TEXT NOT NULL,
    -- Who decided about an unmatched mail, when, and why it was set aside.
    decided_by TEXT,
    decided_at_ms INT64,
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX inbox_message_once ON inbox_message (once);
CREATE INDEX inbox_message_application ON inbox_message (application_id, received_at_ms);
CREATE INDEX inbox_message_state ON inbox_message (state, received_at_ms, id);
CREATE INDEX inbox_message_received ON inbox_message (received_at_ms, id);
