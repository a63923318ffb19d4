-- Answers to commands of other systems, by the key with which they were sent: the same command again gives the same answer.
CREATE TABLE api_answer (
    -- Of api_token.
    token_id TEXT NOT NULL,
    -- The header Idempotency-Key.
    once TEXT NOT NULL,
    -- SHA-256 in hex of where it was sent and what.
    request_hash TEXT NOT NULL,
    -- JSON as it was answered.
    answer TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    PRIMARY KEY (token_id, once)
) STRICT;
CREATE INDEX api_answer_created ON api_answer (created_at_ms);
