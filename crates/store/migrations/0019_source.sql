-- Who may send lines of devices: one device of one company, for the period of its loan.
CREATE TABLE telemetry_source (
    -- UUID version 7; names the source in the log and in the detections.
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    -- utm or edr
    kind TEXT NOT NULL,
    -- What people call it: vendor and model.
    product TEXT NOT NULL,
    -- The device that is meant when a line names none.
    serial TEXT NOT NULL,
    -- The first instant at which lines are taken, and the first at which they are no longer.
    from_ms INT64 NOT NULL,
    until_ms INT64 NOT NULL,
    -- SHA-256 of the token in hex; the token itself is shown once.
    token_hash TEXT NOT NULL UNIQUE,
    -- An id of staff, or command.
    created_by TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    -- Ended before its period was over.
    ended_at_ms INT64
) STRICT;
CREATE INDEX telemetry_source_company ON telemetry_source (application_id, created_at_ms);
