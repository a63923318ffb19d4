-- Where the report of a company and month stands. No row: it is due.
CREATE TABLE monthly_report (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- 2026-06
    month TEXT NOT NULL,
    -- made | checked | approved | sent | read
    state TEXT NOT NULL,
    -- The revision that counts, from 1.
    revision INT64 NOT NULL,
    -- What the technician adds for the company.
    word TEXT NOT NULL,
    -- staff:<id>
    checked_by TEXT,
    checked_at_ms INT64,
    approved_by TEXT,
    approved_at_ms INT64,
    sent_at_ms INT64,
    -- When the company opened it first.
    read_at_ms INT64,
    -- The last time it was given back, and why.
    returned_by TEXT,
    returned_at_ms INT64,
    returned_why TEXT,
    PRIMARY KEY (month, application_id),
    -- Nobody approves what he checked.
    CHECK (approved_by IS NULL OR approved_by <> checked_by)
) STRICT;
CREATE INDEX monthly_report_company ON monthly_report (application_id, month);
CREATE INDEX monthly_report_to_send ON monthly_report (approved_at_ms, month, application_id) WHERE state = 'approved';

-- What a report was made from, frozen. A revision's figures never change; what is laid out from them changes once more when a word is added.
CREATE TABLE monthly_report_revision (
    application_id TEXT NOT NULL REFERENCES application (id),
    month TEXT NOT NULL,
    revision INT64 NOT NULL,
    -- staff:<id> | system
    made_by TEXT NOT NULL,
    made_at_ms INT64 NOT NULL,
    -- JSON, and its SHA-256 in hex. No names of people or companies.
    figures TEXT NOT NULL,
    figures_sha256 TEXT NOT NULL,
    -- The month in one sentence.
    headline TEXT NOT NULL,
    events INT64 NOT NULL,
    -- Those that were neither stopped nor dealt with.
    open_events INT64 NOT NULL,
    -- JSON of the document, from which every format is made.
    document TEXT NOT NULL,
    -- Null when the program was built without PDF.
    pdf BYTES,
    pdf_sha256 TEXT,
    PRIMARY KEY (application_id, month, revision)
) STRICT;

-- Which node makes what is due of a month.
CREATE TABLE monthly_report_round (
    month TEXT NOT NULL PRIMARY KEY,
    leased_until_ms INT64 NOT NULL
) STRICT;
