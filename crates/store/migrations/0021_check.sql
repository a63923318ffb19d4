-- The daily check of detections. Days are civil days in Tokyo, written 2026-03-09. Groups of detections are named by the key of
-- core::detection_check::group, beside their parts.

-- What is said of a company's day now; a day without a row is not checked.
CREATE TABLE check_day (
    application_id TEXT NOT NULL REFERENCES application (id),
    day TEXT NOT NULL,
    -- quiet | review | handling
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    -- Counts what was said of it, from 1.
    version INT64 NOT NULL,
    -- staff:<id>
    checked_by TEXT NOT NULL,
    checked_at_ms INT64 NOT NULL,
    -- The figures that were seen then: lines of detections, groups, and the hash of the groups with their counts.
    lines INT64 NOT NULL,
    group_count INT64 NOT NULL,
    figures_sha256 TEXT NOT NULL,
    -- Lines when they were last compared; more than lines means that some came late.
    lines_now INT64 NOT NULL,
    signed_by TEXT,
    signed_at_ms INT64,
    PRIMARY KEY (application_id, day)
) STRICT;
CREATE INDEX check_day_day ON check_day (day, application_id);

-- Everything that was said, never changed.
CREATE TABLE check_entry (
    application_id TEXT NOT NULL REFERENCES application (id),
    day TEXT NOT NULL,
    version INT64 NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    by TEXT NOT NULL,
    at_ms INT64 NOT NULL,
    lines INT64 NOT NULL,
    group_count INT64 NOT NULL,
    figures_sha256 TEXT NOT NULL,
    -- 1: the day was signed before, and this corrects it.
    corrects INT64 NOT NULL,
    log_index INT64 NOT NULL,
    PRIMARY KEY (application_id, day, version)
) STRICT;

-- What a group of a company's day was judged to be; the highest version counts.
CREATE TABLE finding_judgement (
    application_id TEXT NOT NULL REFERENCES application (id),
    day TEXT NOT NULL,
    group_key TEXT NOT NULL,
    version INT64 NOT NULL,
    device TEXT NOT NULL,
    rule TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    severity INT64 NOT NULL,
    action INT64 NOT NULL,
    -- core::detection_check::verdict
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at_ms INT64 NOT NULL,
    log_index INT64 NOT NULL,
    PRIMARY KEY (application_id, day, group_key, version)
) STRICT;
CREATE INDEX finding_judgement_rule ON finding_judgement (application_id, rule, at_ms);

-- A rule that need not be looked at for a while.
CREATE TABLE suppression (
    id TEXT NOT NULL PRIMARY KEY,
    -- Null for every company.
    application_id TEXT REFERENCES application (id),
    -- Null for every device.
    device TEXT,
    rule TEXT NOT NULL,
    -- As it read when it was suppressed; only the rule's id decides.
    title TEXT NOT NULL,
    severity INT64 NOT NULL,
    action INT64 NOT NULL,
    reason TEXT NOT NULL,
    -- staff:<id>: who answers for it.
    owner TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    from_day TEXT NOT NULL,
    -- The last day.
    until_day TEXT NOT NULL,
    ended_by TEXT,
    ended_at_ms INT64,
    -- The first day on which it no longer holds.
    ended_day TEXT
) STRICT;
CREATE INDEX suppression_until ON suppression (until_day, id);

-- What a suppression hid on a company's day, as it was when the day was last checked.
CREATE TABLE suppression_hit (
    suppression_id TEXT NOT NULL REFERENCES suppression (id),
    application_id TEXT NOT NULL REFERENCES application (id),
    day TEXT NOT NULL,
    events INT64 NOT NULL,
    PRIMARY KEY (suppression_id, application_id, day)
) STRICT;

-- A finding that a technician hands to the desk.
CREATE TABLE desk_finding (
    -- From 1 without gaps.
    number INT64 NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    day TEXT NOT NULL,
    group_key TEXT NOT NULL,
    title TEXT NOT NULL,
    severity INT64 NOT NULL,
    action INT64 NOT NULL,
    verdict TEXT NOT NULL,
    -- What the technician writes to the desk.
    words TEXT NOT NULL,
    -- JSON: the group, its counts and some lines as they came. May hold personal data.
    evidence TEXT NOT NULL,
    evidence_sha256 TEXT NOT NULL,
    -- open | taken | closed
    state TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at_ms INT64 NOT NULL,
    log_index INT64 NOT NULL,
    taken_by TEXT,
    taken_at_ms INT64,
    closed_by TEXT,
    closed_at_ms INT64,
    -- How it was closed.
    closing TEXT
) STRICT;
CREATE UNIQUE INDEX desk_finding_once ON desk_finding (application_id, day, group_key);
CREATE INDEX desk_finding_state ON desk_finding (state, number);

-- Days about which somebody was reminded.
CREATE TABLE check_reminder (
    day TEXT NOT NULL,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    told_at_ms INT64 NOT NULL,
    PRIMARY KEY (day, staff_id)
) STRICT;
