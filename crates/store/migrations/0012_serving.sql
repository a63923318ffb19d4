-- Which published revision of a programme is served: new applications are made under it. A row for each change, never changed.
CREATE TABLE program_serving (
    program_id TEXT NOT NULL,
    -- Counts the changes of a programme, from 1.
    number INT64 NOT NULL,
    revision TEXT NOT NULL REFERENCES program_revision (revision),
    -- staff:<id>, or system for the folder the program was started with.
    served_by TEXT NOT NULL,
    served_at_ms INT64 NOT NULL,
    reason TEXT NOT NULL,
    log_index INT64 NOT NULL,
    PRIMARY KEY (program_id, number)
) STRICT;
