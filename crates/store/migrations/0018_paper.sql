-- What a company answered for its papers: asked once, reused by every kind.
CREATE TABLE paper_answer (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- The question's id in the library of papers.
    question TEXT NOT NULL,
    -- JSON; null when it was emptied. Personal data.
    value TEXT,
    -- The save that changed it last; counts the saves of the case, from 1.
    sequence INT64 NOT NULL,
    -- staff:<id> | company | system
    changed_by TEXT NOT NULL,
    changed_at_ms INT64 NOT NULL,
    PRIMARY KEY (application_id, question)
) STRICT;

-- Every change of an answer, never changed itself.
CREATE TABLE paper_answer_change (
    application_id TEXT NOT NULL REFERENCES application (id),
    question TEXT NOT NULL,
    sequence INT64 NOT NULL,
    -- JSON after the change; null when it was emptied. Personal data.
    value TEXT,
    changed_by TEXT NOT NULL,
    changed_at_ms INT64 NOT NULL,
    PRIMARY KEY (application_id, question, sequence)
) STRICT;
CREATE INDEX paper_answer_change_order ON paper_answer_change (application_id, sequence);

-- Where each paper of a case stands. A paper without a row is a first draft.
CREATE TABLE paper (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- The kind's id in the library of papers.
    kind TEXT NOT NULL,
    -- draft | in_review | accepted
    state TEXT NOT NULL,
    -- The version that is drafted, reviewed or accepted, from 1.
    version INT64 NOT NULL,
    changed_at_ms INT64 NOT NULL,
    PRIMARY KEY (application_id, kind)
) STRICT;

-- What was sent for review. Only how its review ended is written later, once.
CREATE TABLE paper_version (
    application_id TEXT NOT NULL REFERENCES application (id),
    kind TEXT NOT NULL,
    version INT64 NOT NULL,
    made_at_ms INT64 NOT NULL,
    -- staff:<id>
    made_by TEXT NOT NULL,
    -- What was written to the company with it.
    note TEXT NOT NULL,
    -- The last save of the answers that is in it.
    sequence INT64 NOT NULL,
    -- JSON object of the answers. Personal data.
    answers TEXT NOT NULL,
    -- JSON of the composed document, from which every format is made. Personal data.
    document TEXT NOT NULL,
    -- The edition of the library's text.
    edition TEXT NOT NULL,
    -- Null when the program was built without PDF.
    pdf BYTES,
    -- SHA-256 in hex: of the document's JSON, and of the PDF.
    document_sha256 TEXT NOT NULL,
    pdf_sha256 TEXT,
    -- in_review | taken_back | returned | accepted
    state TEXT NOT NULL,
    ended_by TEXT,
    ended_at_ms INT64,
    -- What the company wants changed.
    reason TEXT,
    PRIMARY KEY (application_id, kind, version)
) STRICT;

CREATE TABLE paper_comment (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    kind TEXT NOT NULL,
    -- The block it is about; null for the whole paper.
    block TEXT,
    -- The version that was open when it was written.
    version INT64 NOT NULL,
    -- staff:<id> | company
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INT64 NOT NULL,
    resolved_by TEXT,
    resolved_at_ms INT64
) STRICT;
CREATE INDEX paper_comment_of ON paper_comment (application_id, kind, at_ms, id);

-- What was changed in the words of a paper, taken in from Word; part of every version from then on.
CREATE TABLE paper_own_text (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    kind TEXT NOT NULL,
    -- The block it is about; null for what stands before the first one.
    block TEXT,
    -- JSON of the change. May hold personal data.
    change TEXT NOT NULL,
    author TEXT NOT NULL,
    at_ms INT64 NOT NULL,
    -- The order in which they were taken in, from 1.
    position INT64 NOT NULL,
    -- Who took it out again.
    removed_by TEXT,
    removed_at_ms INT64
) STRICT;
CREATE UNIQUE INDEX paper_own_text_of ON paper_own_text (application_id, kind, position);

-- Files that belong to a paper, kept as they were uploaded and never opened for others.
CREATE TABLE paper_attachment (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INT64 NOT NULL,
    content BYTES NOT NULL,
    author TEXT NOT NULL,
    at_ms INT64 NOT NULL
) STRICT;
CREATE INDEX paper_attachment_of ON paper_attachment (application_id, kind, at_ms, id);
