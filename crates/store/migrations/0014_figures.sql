-- How many cases have a mark, kept in the transaction that changes a case, so that figures do not read a hundred thousand cases.
-- `sonae verify` proves that they equal the cases. See core::figures::mark.
CREATE TABLE case_count (
    program_id TEXT NOT NULL,
    -- Word of core::figures::mark::What.
    what TEXT NOT NULL,
    -- The word of a status or milestone, or the id of a step or course; empty for a receipt.
    item TEXT NOT NULL,
    -- Days in Tokyo; empty where there is none.
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    cases INT64 NOT NULL,
    PRIMARY KEY (program_id, what, item, from_day, until_day)
) STRICT;

-- 1 once a place changed hands after the receipt; what moved last is read by its own index.
ALTER TABLE place ADD COLUMN moved INT64 NOT NULL DEFAULT 0;
UPDATE place SET moved = 1 WHERE state IN ('offered', 'returned')
    OR changed_at_ms > (SELECT a.received_at_ms FROM application a WHERE a.id = place.application_id);
CREATE INDEX place_moved ON place (program_id, course, changed_at_ms, position) WHERE moved = 1;

-- The list by course: cases have few different sets of courses, each of which is read in the order and merged.
CREATE INDEX case_file_courses_due ON case_file (courses, status, due_order, receipt_number, program_id, warn_at_ms);
CREATE INDEX case_file_courses_newest ON case_file (courses, received_at_ms, receipt_number, program_id, status);
