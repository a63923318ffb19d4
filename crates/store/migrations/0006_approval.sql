-- Cases that the secretariat puts before the sponsor together.
CREATE TABLE approval_list (
    id TEXT NOT NULL PRIMARY KEY,
    program_id TEXT NOT NULL,
    -- Counts the programme's lists, from 1.
    number INT64 NOT NULL,
    -- What the secretariat writes to the sponsor about the whole list.
    note TEXT NOT NULL,
    -- staff:<id>
    handed_over_by TEXT NOT NULL,
    handed_over_at_ms INT64 NOT NULL,
    log_index INT64 NOT NULL
) STRICT;
CREATE UNIQUE INDEX approval_list_number ON approval_list (program_id, number);
CREATE INDEX approval_list_time ON approval_list (handed_over_at_ms);

-- One proposal of one case and what became of it. Rows are never deleted while the case is kept.
CREATE TABLE approval (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- The case's version after it was proposed.
    version INT64 NOT NULL,
    program_id TEXT NOT NULL,
    -- Counts the proposals of the case, from 1.
    number INT64 NOT NULL,
    list_id TEXT REFERENCES approval_list (id),
    -- staff:<id>
    proposed_by TEXT NOT NULL,
    proposed_at_ms INT64 NOT NULL,
    -- What the secretariat writes about it; from the second proposal on the answer to the question.
    note TEXT NOT NULL,
    proposed_log_index INT64 NOT NULL,
    -- approved | sent_back; null before.
    decision TEXT,
    question TEXT,
    decided_by TEXT,
    decided_at_ms INT64,
    decided_log_index INT64,
    -- What was proposed changed afterwards: the event's word, such as corrected or withdrawn.
    invalidated_by TEXT,
    invalidated_at_ms INT64,
    invalidated_log_index INT64,
    PRIMARY KEY (application_id, version),
    -- Nobody decides what he proposed.
    CHECK (decided_by IS NULL OR decided_by <> proposed_by)
) STRICT;
CREATE INDEX approval_of_list ON approval (list_id);
CREATE INDEX approval_waiting ON approval (decision, invalidated_by, proposed_at_ms);
CREATE INDEX case_file_step ON case_file (program_id, status, step, sequence);
