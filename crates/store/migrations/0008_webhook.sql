-- Where other systems are told what happened.
CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    -- The key of the signature, 32 bytes.
    secret BYTES NOT NULL,
    -- JSON array of names of events; one that ends in * means every name that begins so.
    events TEXT NOT NULL,
    -- 1 while it is told.
    active INT64 NOT NULL,
    note TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    created_by TEXT NOT NULL
) STRICT;

-- One event for one webhook, written in the transaction of the event.
CREATE TABLE webhook_delivery (
    -- The same for every webhook and every attempt, so that a receiver can drop a second copy.
    event_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    event TEXT NOT NULL,
    -- JSON, byte for byte as it is sent and signed.
    body TEXT NOT NULL,
    -- queued | sending | sent | failed | cancelled
    state TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    due_at_ms INT64 NOT NULL,
    attempts INT64 NOT NULL,
    leased_until_ms INT64,
    sent_at_ms INT64,
    -- What the receiver answered, or why it could not be reached.
    last_result TEXT,
    PRIMARY KEY (event_id, webhook_id)
) STRICT;
CREATE INDEX webhook_delivery_due ON webhook_delivery (state, due_at_ms, event_id);
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, created_at_ms, event_id);
