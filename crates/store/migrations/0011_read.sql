-- Who opened a case: one row for a person, a case and an hour. The audit log holds an entry for each row.
CREATE TABLE case_read (
    application_id TEXT NOT NULL REFERENCES application (id),
    staff_id TEXT NOT NULL,
    -- Hours since 1970-01-01T00:00Z.
    hour INT64 NOT NULL,
    first_at_ms INT64 NOT NULL,
    -- The last time within the hour, to within a minute; tells others who is in the case now.
    seen_at_ms INT64 NOT NULL,
    -- The audit entry written with the first.
    log_index INT64 NOT NULL,
    PRIMARY KEY (application_id, staff_id, hour)
) STRICT;
CREATE INDEX case_read_seen ON case_read (application_id, seen_at_ms);
