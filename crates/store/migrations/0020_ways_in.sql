-- The port at which one device's syslog is listened to. A port belongs to one device until long after it ended.
CREATE TABLE telemetry_port (
    port INT64 NOT NULL PRIMARY KEY,
    source_id TEXT NOT NULL UNIQUE REFERENCES telemetry_source (id),
    -- The only address or range (CIDR) that is believed; empty when anybody is.
    peer TEXT NOT NULL
) STRICT;

-- When a device was last heard, and after how many quiet hours somebody is told. No row: never, and as the rule says.
CREATE TABLE telemetry_watch (
    source_id TEXT NOT NULL PRIMARY KEY REFERENCES telemetry_source (id),
    heard_at_ms INT64,
    silent_after_h INT64
) STRICT;

-- What was sent and not taken, by day of Tokyo (days since 1970) and reason. Lines themselves are not kept.
CREATE TABLE telemetry_refused (
    source_id TEXT NOT NULL REFERENCES telemetry_source (id),
    day INT64 NOT NULL,
    why TEXT NOT NULL,
    lines INT64 NOT NULL,
    last_at_ms INT64 NOT NULL,
    -- The address that sent the last of them; empty when it is not known.
    last_peer TEXT NOT NULL,
    PRIMARY KEY (source_id, day, why)
) STRICT;

-- Times in which a device should have been heard and was not.
CREATE TABLE telemetry_silence (
    source_id TEXT NOT NULL REFERENCES telemetry_source (id),
    -- Its last line, or the beginning of its period.
    since_ms INT64 NOT NULL,
    raised_at_ms INT64 NOT NULL,
    -- When it spoke again or was no longer watched.
    ended_at_ms INT64,
    -- heard or over
    how TEXT,
    PRIMARY KEY (source_id, since_ms)
) STRICT;
CREATE INDEX telemetry_silence_open ON telemetry_silence (raised_at_ms, source_id) WHERE ended_at_ms IS NULL;
