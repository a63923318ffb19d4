-- The rows of a cluster on one server. `{engine:TABLE}` is MergeTree, or its replicated kind where a shard has replicas. Every row carries the attempt
-- that wrote it; which attempts count says the ledger. Every statement may run again.

CREATE TABLE IF NOT EXISTS origin (
    ledger_id String,
    shard UInt32
) ENGINE = {engine:origin} ORDER BY ledger_id;

-- What a batch brought, by kind: 0 mark (`lines` is how many rows of its attempt and month there are), 1 totals of a day, 2 detections of one kind,
-- 3 an address (`text`), 4 an hour in which a device was heard, 5 activities (`text`), 6 unknown lines (`why`), 7 a word that means nothing to us.
CREATE TABLE IF NOT EXISTS figure (
    company UInt32,
    month UInt32,
    attempt UInt64,
    kind UInt8,
    day Int64,
    hour Int64,
    device String,
    rule String,
    title String,
    category String,
    text String,
    text_hash UInt64,
    severity UInt8,
    action UInt8,
    why UInt8,
    sides UInt8,
    lines Int64,
    events Int64,
    first_us Int64,
    last_us Int64,
    packets Int64,
    drops Int64,
    detections Int64,
    activities Int64,
    unknown Int64,
    clock_doubtful Int64
) ENGINE = {engine:figure} PARTITION BY month ORDER BY (company, kind, day, attempt) SETTINGS index_granularity = 1024;

-- Blocks of up to 2,048 lines by columns, compressed, as in the other engines; few rows, so that one is read without its neighbours.
CREATE TABLE IF NOT EXISTS block (
    company UInt32,
    month UInt32,
    attempt UInt64,
    kind UInt8,
    day Int64,
    entries UInt32,
    first_us Int64,
    last_us Int64,
    first_number Int64,
    content String
) ENGINE = {engine:block} PARTITION BY month ORDER BY (company, kind, last_us, first_number) SETTINGS index_granularity = 8;

-- The raw lines of a block; they may be removed before the block.
CREATE TABLE IF NOT EXISTS line (
    company UInt32,
    month UInt32,
    attempt UInt64,
    day Int64,
    first_number Int64,
    content String
) ENGINE = {engine:line} PARTITION BY month ORDER BY (company, day, first_number) SETTINGS index_granularity = 8
