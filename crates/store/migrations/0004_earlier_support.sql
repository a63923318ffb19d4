-- A list of earlier participants that somebody handed in: first tried out, then imported or forgotten.
CREATE TABLE earlier_import (
    id TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    -- SHA-256 of the file in hex.
    file_hash TEXT NOT NULL,
    -- draft | imported | taken_back
    state TEXT NOT NULL,
    -- JSON of core::earlier_support::list::Reading without its records.
    reading TEXT NOT NULL,
    error_count INT64 NOT NULL,
    record_count INT64 NOT NULL,
    -- JSON list of the kinds and years of which it names every participant.
    covers TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_ms INT64 NOT NULL,
    -- A draft is deleted then, with its records.
    expires_at_ms INT64,
    imported_by TEXT,
    imported_at_ms INT64,
    taken_back_by TEXT,
    taken_back_at_ms INT64,
    -- Why it was taken back.
    reason TEXT,
    -- Since when the open cases were evaluated with it, or again without it; none while that is to be done.
    rechecked_at_ms INT64,
    -- How many cases had another verdict then.
    rechecked INT64
) STRICT;
CREATE INDEX earlier_import_state ON earlier_import (state, created_at_ms);
CREATE INDEX earlier_import_file ON earlier_import (file_hash);

-- One company's support of one kind in one fiscal year: from a list, or of a participant of one of our own programmes.
CREATE TABLE earlier_support (
    id TEXT NOT NULL PRIMARY KEY,
    import_id TEXT REFERENCES earlier_import (id),
    -- As the spreadsheet shows it.
    row_number INT64,
    application_id TEXT REFERENCES application (id),
    program_id TEXT,
    name TEXT NOT NULL,
    name_kana TEXT,
    corporate_number TEXT,
    postcode TEXT,
    address TEXT,
    phone TEXT,
    -- Word of core::program::SupportKind.
    kind TEXT NOT NULL,
    fiscal_year INT64 NOT NULL,
    -- The keys by which names are compared; the second is empty without a reading.
    name_key TEXT NOT NULL,
    kana_key TEXT NOT NULL,
    -- Everything that search looks at, words separated by a line feed.
    search_text TEXT NOT NULL
) STRICT;
CREATE INDEX earlier_support_number ON earlier_support (corporate_number);
CREATE INDEX earlier_support_name ON earlier_support (name_key, fiscal_year, id);
CREATE INDEX earlier_support_kana ON earlier_support (kana_key);
CREATE INDEX earlier_support_phone ON earlier_support (phone);
CREATE INDEX earlier_support_import ON earlier_support (import_id, row_number);
CREATE INDEX earlier_support_application ON earlier_support (application_id);
