-- The order in which those who wait are offered a place; the position, or for a case taken up again the last position then.
ALTER TABLE place ADD COLUMN turn INT64 NOT NULL DEFAULT 0;
UPDATE place SET turn = position;
CREATE INDEX place_waiting ON place (program_id, course, state, turn, position);

-- 1 once the running out of this run of the clock was acted on, so that a job looks at it once.
ALTER TABLE application_clock ADD COLUMN acted INT64 NOT NULL DEFAULT 0;
CREATE INDEX application_clock_acts ON application_clock (phase, acted, due_at_ms);

-- One application on its way through the flow: what lists, filters and searches look at. Narrow, because lists read many.
CREATE TABLE case_file (
    application_id TEXT NOT NULL PRIMARY KEY REFERENCES application (id),
    program_id TEXT NOT NULL,
    -- The revision it is judged by now; the one it was made under stands in application.
    revision TEXT NOT NULL REFERENCES program_revision (revision),
    receipt_number TEXT NOT NULL,
    sequence INT64 NOT NULL,
    received_at_ms INT64 NOT NULL,
    -- Counts the events applied.
    version INT64 NOT NULL,
    -- open | confirmed | withdrawn | declined | excluded | lapsed
    status TEXT NOT NULL,
    -- The current step's id in the programme; empty when there is none.
    step TEXT NOT NULL,
    -- Who has to act: a role of the programme; empty when nobody has to.
    owner TEXT NOT NULL,
    -- Staff ids.
    assignee TEXT,
    expert TEXT,
    -- The first due of the running clocks, and from when it counts as nearly due.
    due_at_ms INT64,
    warn_at_ms INT64,
    -- 1 while the company is asked for a correction.
    correcting INT64 NOT NULL,
    -- proposed | sent_back | approved | invalid; empty before the first proposal.
    approval TEXT NOT NULL,
    -- eligible | needs_judgement | ineligible, with people's judgements.
    outcome TEXT NOT NULL,
    -- Course ids, each followed by a space.
    courses TEXT NOT NULL,
    name TEXT NOT NULL,
    corporate_number TEXT,
    -- See core::application::keys.
    name_key TEXT NOT NULL,
    phone_key TEXT NOT NULL,
    address_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    updated_at_ms INT64 NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_file_receipt ON case_file (receipt_number);
CREATE INDEX case_file_due ON case_file (status, due_at_ms, sequence);
CREATE INDEX case_file_received ON case_file (received_at_ms, sequence);
CREATE INDEX case_file_assignee ON case_file (assignee, status, due_at_ms);
CREATE INDEX case_file_expert ON case_file (expert, status, due_at_ms);
CREATE INDEX case_file_corporate_number ON case_file (corporate_number);
CREATE INDEX case_file_name ON case_file (name_key);
CREATE INDEX case_file_phone ON case_file (phone_key);

-- The wide part of a case.
CREATE TABLE case_record (
    application_id TEXT NOT NULL PRIMARY KEY REFERENCES application (id),
    -- JSON of the answers as they are now; those of the receipt stay in application.
    answers TEXT NOT NULL,
    -- JSON of the verdict on them, without people's judgements.
    verdict TEXT NOT NULL,
    -- JSON of core::flow::Case.
    state TEXT NOT NULL
) STRICT;

-- What happened to a case, in its order.
CREATE TABLE case_event (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- The case's version after it.
    version INT64 NOT NULL,
    at_ms INT64 NOT NULL,
    -- staff:<id> | company | system
    actor TEXT NOT NULL,
    -- The event's word, such as contacted.
    event TEXT NOT NULL,
    -- JSON of core::flow::Event. It may hold personal data and is deleted with the case; the audit log keeps only its hash.
    data TEXT NOT NULL,
    -- The audit entry written with it.
    log_index INT64 NOT NULL,
    -- JSON of what undo needs; null when it cannot be undone.
    undo TEXT,
    -- When it was undone.
    undone_at_ms INT64,
    PRIMARY KEY (application_id, version)
) STRICT;
CREATE INDEX case_event_time ON case_event (at_ms);
