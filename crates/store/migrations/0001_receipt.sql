-- What a programme said when it was published. An application is judged by the revision it was made under.
CREATE TABLE program_revision (
    revision TEXT NOT NULL PRIMARY KEY,
    program_id TEXT NOT NULL,
    -- JSON array of {"name", "text"}: the folder's files.
    files TEXT NOT NULL,
    published_at_ms INT64 NOT NULL
) STRICT;
CREATE INDEX program_revision_program ON program_revision (program_id, published_at_ms);

CREATE TABLE application (
    id TEXT NOT NULL PRIMARY KEY,
    program_id TEXT NOT NULL,
    revision TEXT NOT NULL REFERENCES program_revision (revision),
    -- Order of receipt within the programme, from 1 without gaps.
    sequence INT64 NOT NULL,
    receipt_number TEXT NOT NULL,
    received_at_ms INT64 NOT NULL,
    -- received | withdrawn
    state TEXT NOT NULL,
    -- JSON of the normalised answers; with the salt it gives the commitment in the audit log.
    answers TEXT NOT NULL,
    salt BYTES NOT NULL,
    -- JSON of the verdict with the facts as they were.
    verdict TEXT NOT NULL,
    -- eligible | needs_judgement | ineligible
    outcome TEXT NOT NULL,
    log_index INT64 NOT NULL,
    withdrawn_at_ms INT64
) STRICT;
CREATE UNIQUE INDEX application_sequence ON application (program_id, sequence);
CREATE UNIQUE INDEX application_receipt ON application (receipt_number);
CREATE UNIQUE INDEX application_log ON application (log_index);

-- A position in a course. Positions are handed out once; a place given back keeps its row.
CREATE TABLE place (
    program_id TEXT NOT NULL,
    course TEXT NOT NULL,
    position INT64 NOT NULL,
    application_id TEXT NOT NULL REFERENCES application (id),
    -- held | waiting | returned
    state TEXT NOT NULL,
    changed_at_ms INT64 NOT NULL,
    PRIMARY KEY (program_id, course, position)
) STRICT;
CREATE INDEX place_application ON place (application_id);

-- What a course has handed out, kept with the places in the same transaction so that an arrival does not count a million rows.
-- `sonae verify` proves that it equals the places.
CREATE TABLE course_tally (
    program_id TEXT NOT NULL,
    course TEXT NOT NULL,
    last_position INT64 NOT NULL,
    held INT64 NOT NULL,
    waiting INT64 NOT NULL,
    PRIMARY KEY (program_id, course)
) STRICT;

-- What makes sending twice give one application: the API's Idempotency-Key, or the draft's one-time token.
CREATE TABLE submission_key (
    program_id TEXT NOT NULL,
    submission_key TEXT NOT NULL,
    body_hash BYTES NOT NULL,
    application_id TEXT NOT NULL REFERENCES application (id),
    -- The key first: it tells apart, and a planner without statistics must not read a whole programme.
    PRIMARY KEY (submission_key, program_id)
) STRICT;

-- A deadline of an application.
CREATE TABLE application_clock (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- Its id in the programme.
    clock TEXT NOT NULL,
    owner TEXT NOT NULL,
    -- running | paused | stopped
    phase TEXT NOT NULL,
    due_at_ms INT64 NOT NULL,
    -- JSON of core::clock::Clock; the columns above repeat what is searched for.
    state TEXT NOT NULL,
    PRIMARY KEY (application_id, clock)
) STRICT;
CREATE INDEX application_clock_due ON application_clock (phase, due_at_ms);

-- Append-only, hash-chained; see core::audit.
CREATE TABLE audit_entry (
    log_index INT64 NOT NULL PRIMARY KEY,
    line TEXT NOT NULL,
    hash BYTES NOT NULL
) STRICT;

-- Mails, written in the transaction of the change that causes them and kept word for word.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT REFERENCES application (id),
    -- Name of the mail in the programme, such as received.
    mail TEXT NOT NULL,
    recipient TEXT NOT NULL,
    message_id TEXT NOT NULL,
    -- RFC 5322, exactly as sent.
    content BYTES NOT NULL,
    -- queued | sending | sent | failed
    state TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    -- When it may be tried (again).
    due_at_ms INT64 NOT NULL,
    attempts INT64 NOT NULL,
    -- A node that sends holds the row until then; afterwards another may take it.
    leased_until_ms INT64,
    sent_at_ms INT64,
    last_error TEXT
) STRICT;
CREATE UNIQUE INDEX outbox_message ON outbox (message_id);
CREATE INDEX outbox_due ON outbox (state, due_at_ms, id);
CREATE INDEX outbox_application ON outbox (application_id);

-- An unfinished application form. The id is the SHA-256 of the private link's token, so the database cannot open the link.
CREATE TABLE draft (
    id TEXT NOT NULL PRIMARY KEY,
    program_id TEXT NOT NULL,
    revision TEXT NOT NULL REFERENCES program_revision (revision),
    -- JSON object of what was typed, as it was typed.
    typed TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    updated_at_ms INT64 NOT NULL,
    expires_at_ms INT64 NOT NULL,
    -- Counts saves, so that a save made from an old page is noticed.
    version INT64 NOT NULL,
    application_id TEXT REFERENCES application (id)
) STRICT;
CREATE INDEX draft_expiry ON draft (expires_at_ms);

-- Secrets and settings of the installation.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTES NOT NULL
) STRICT;
