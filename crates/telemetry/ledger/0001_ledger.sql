-- The ledger of a cluster: what of the rows on its servers counts. ClickHouse holds the rows and has no transactions; these small tables have.

-- One row. `ledger_id` stands on every server too, so that a cluster is never asked by another office's ledger. An attempt is the writing of one
-- batch; the number says in which order attempts began. `epoch` grows when something is removed.
CREATE TABLE ledger (
    ledger_id TEXT NOT NULL PRIMARY KEY,
    next_attempt INT64 NOT NULL,
    next_company INT64 NOT NULL,
    epoch INT64 NOT NULL
) STRICT;

-- A company by the office's own id and the shard on which all its rows lie, beginning with 0. A number is never used again.
CREATE TABLE company (
    company INT64 NOT NULL PRIMARY KEY,
    office_id TEXT NOT NULL UNIQUE,
    shard INT64 NOT NULL,
    next_number INT64 NOT NULL
) STRICT;

-- What must be found on the shard: attempts, rows of figures and blocks that count.
CREATE TABLE part (
    company INT64 NOT NULL,
    month INT64 NOT NULL,
    attempts INT64 NOT NULL,
    figures INT64 NOT NULL,
    blocks INT64 NOT NULL,
    PRIMARY KEY (company, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_month ON part (month);

-- Attempts that began and did not end. What they wrote does not count; `kind` 0 is a batch, 1 a file with the place from which it was read.
CREATE TABLE attempt (
    attempt INT64 NOT NULL PRIMARY KEY,
    company INT64 NOT NULL,
    source TEXT NOT NULL,
    kind INT64 NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (source, kind, name)
) STRICT;

-- Attempts that will never count, whatever they still write.
CREATE TABLE given_up (
    attempt INT64 NOT NULL PRIMARY KEY,
    company INT64 NOT NULL
) STRICT;

-- What each source delivered since its beginning.
CREATE TABLE source (
    source TEXT NOT NULL PRIMARY KEY,
    company INT64 NOT NULL,
    lines INT64 NOT NULL,
    detections INT64 NOT NULL,
    activities INT64 NOT NULL,
    unknown INT64 NOT NULL,
    heard_us INT64 NOT NULL
) STRICT;
CREATE INDEX source_company ON source (company);

-- Batches that were answered: the same one again gets the same answer.
CREATE TABLE batch (
    source TEXT NOT NULL,
    batch_id TEXT NOT NULL,
    company INT64 NOT NULL,
    hash BYTES NOT NULL,
    received_us INT64 NOT NULL,
    lines INT64 NOT NULL,
    detections INT64 NOT NULL,
    activities INT64 NOT NULL,
    unknown INT64 NOT NULL,
    PRIMARY KEY (source, batch_id)
) STRICT;
CREATE INDEX batch_received ON batch (received_us);
CREATE INDEX batch_company ON batch (company);

-- How far each file was read.
CREATE TABLE file_position (
    source TEXT NOT NULL,
    file TEXT NOT NULL,
    company INT64 NOT NULL,
    read_to INT64 NOT NULL,
    received_us INT64 NOT NULL,
    PRIMARY KEY (source, file)
) STRICT;
CREATE INDEX file_position_company ON file_position (company);

-- Companies that were forgotten, and months whose removal began. Their rows do not count; whoever comes by removes what is still found of them.
CREATE TABLE forgotten (
    company INT64 NOT NULL PRIMARY KEY,
    shard INT64 NOT NULL
) STRICT;
CREATE TABLE removed_month (
    month INT64 NOT NULL PRIMARY KEY
) STRICT;
