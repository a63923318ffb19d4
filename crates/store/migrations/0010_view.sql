-- 1 while a place is waited for or offered in some course.
ALTER TABLE case_file ADD COLUMN waiting INT64 NOT NULL DEFAULT 0;
-- due_at_ms, or the greatest number where nothing is due, so that lists have one order without nulls.
ALTER TABLE case_file ADD COLUMN due_order INT64 NOT NULL DEFAULT 9223372036854775807;
-- 1 once its words stand in case_word; until then search looks through search_text.
ALTER TABLE case_file ADD COLUMN worded INT64 NOT NULL DEFAULT 0;

-- Lists: equal columns first, then the order, then what tells equals apart, then what the list is narrowed by, so that a row is only
-- read when it is shown.
CREATE INDEX case_file_status_due ON case_file (status, due_order, receipt_number, program_id, warn_at_ms);
CREATE INDEX case_file_status_newest ON case_file (status, received_at_ms, receipt_number, program_id);
CREATE INDEX case_file_step_due ON case_file (status, step, due_order, receipt_number, program_id);
CREATE INDEX case_file_owner_due ON case_file (status, owner, due_order, receipt_number, program_id, warn_at_ms, assignee, expert);
CREATE INDEX case_file_outcome_due ON case_file (status, outcome, due_order, receipt_number, program_id);
CREATE INDEX case_file_due_order ON case_file (due_order, receipt_number, program_id);
CREATE INDEX case_file_newest ON case_file (received_at_ms, receipt_number);
CREATE INDEX case_file_program_newest ON case_file (program_id, received_at_ms, receipt_number);
CREATE INDEX case_file_updated ON case_file (updated_at_ms, receipt_number, program_id);
CREATE INDEX case_file_name_order ON case_file (name_key, receipt_number, program_id);
-- What only some cases are in; it costs the others nothing. Statements must say these conditions word for word, or SQLite does not see
-- that the index fits.
CREATE INDEX case_file_unassigned ON case_file (status, assignee, due_order, receipt_number, program_id) WHERE assignee IS NULL;
CREATE INDEX case_file_assignee_due ON case_file (assignee, status, due_order, receipt_number, program_id, owner, warn_at_ms, expert)
    WHERE assignee IS NOT NULL;
CREATE INDEX case_file_assignee_newest ON case_file (assignee, received_at_ms, receipt_number, program_id, status, expert)
    WHERE assignee IS NOT NULL;
CREATE INDEX case_file_expert_due ON case_file (expert, status, due_order, receipt_number, program_id, owner, warn_at_ms, assignee)
    WHERE expert IS NOT NULL;
CREATE INDEX case_file_expert_newest ON case_file (expert, received_at_ms, receipt_number, program_id, status, assignee)
    WHERE expert IS NOT NULL;
CREATE INDEX case_file_approval ON case_file (status, approval, due_order, receipt_number, program_id) WHERE approval <> '';
CREATE INDEX case_file_waiting ON case_file (waiting, due_order, receipt_number, program_id) WHERE waiting = 1;
CREATE INDEX case_file_unworded ON case_file (worded, receipt_number) WHERE worded = 0;
-- Those above serve in their place.
DROP INDEX case_file_due;
DROP INDEX case_file_received;
DROP INDEX case_file_assignee;
DROP INDEX case_file_expert;
DROP INDEX case_file_name;

-- The words under which a case is found while somebody types; see core::application::find. Bytes, because their order is the same on
-- every engine, so that the beginning of a word is a range.
CREATE TABLE case_word (
    word BYTES NOT NULL,
    receipt_number TEXT NOT NULL,
    PRIMARY KEY (word, receipt_number)
) STRICT, WITHOUT ROWID;

-- A list that somebody keeps: its name and its address without search words.
CREATE TABLE saved_view (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at_ms INT64 NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_view_name ON saved_view (staff_id, name);

-- One action on many cases. Its id is made with its preview, so that sending it twice is one action.
CREATE TABLE bulk_run (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- The event's word.
    event TEXT NOT NULL,
    at_ms INT64 NOT NULL
) STRICT;

-- What came of it for each case, written with the change.
CREATE TABLE bulk_item (
    run_id TEXT NOT NULL REFERENCES bulk_run (id),
    receipt_number TEXT NOT NULL,
    position INT64 NOT NULL,
    -- done | refused | conflict | unknown
    outcome TEXT NOT NULL,
    -- Why it was not done, as a sentence; empty when it was.
    sentence TEXT NOT NULL,
    PRIMARY KEY (run_id, receipt_number)
) STRICT;
